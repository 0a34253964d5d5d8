//! Objects with a name and an id, found by either.

use std::fmt::Display;

use crate::{Error, Result};

/// The object whose name is `wanted`, else the only one whose id begins so.
///
/// # Errors
/// There is none, or several ids begin so. `what` is the sort of object in the message.
pub(super) fn find_named<T, I: Display>(
    what: &'static str,
    all: Vec<T>,
    wanted: &str,
    name_and_id: impl Fn(&T) -> (&str, I),
) -> Result<T> {
    let named = all.iter().position(|object| name_and_id(object).0 == wanted);
    let begins = |object: &T| !wanted.is_empty() && name_and_id(object).1.to_string().starts_with(wanted);
    let mut found = all.into_iter().enumerate().filter(|(place, object)| match named {
        Some(named) => *place == named,
        None => begins(object),
    });
    match (found.next(), found.next()) {
        (Some((_, object)), None) => Ok(object),
        (Some(_), Some(_)) => {
            Err(Error::InvalidInput(format!("the id of more than one {what} begins with `{wanted}`: write more of it")))
        }
        _ => Err(Error::NotFound { what, id: wanted.to_owned() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_comes_before_the_beginning_of_an_id() {
        let all = || vec![("ab", "12"), ("12", "ab3"), ("c", "ab4")];
        let find = |wanted: &str| find_named("hold", all(), wanted, |(name, id)| (*name, *id)).map(|found| found.1);
        assert_eq!(find("ab").ok(), Some("12"));
        assert_eq!(find("12").ok(), Some("ab3"));
        assert_eq!(find("ab4").ok(), Some("ab4"));
        assert!(matches!(find("a"), Err(Error::InvalidInput(_))));
        assert!(matches!(find("x"), Err(Error::NotFound { .. })));
        assert!(matches!(find(""), Err(Error::NotFound { .. })));
    }
}
