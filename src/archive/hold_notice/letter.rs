//! The texts of letters, and what is filled in.

use crate::model::LetterText;
use crate::{Error, Result};

/// Most bytes of a text that is given for a letter.
const LONGEST: usize = 256 << 10;

/// The fields that can be filled in, without their braces.
const FIELDS: [&str; 6] = ["custodian", "address", "case", "officer", "officer_address", "date"];

/// What is filled in for a custodian.
pub(super) struct Filling<'a> {
    /// The custodian's name, else address.
    pub(super) custodian: &'a str,
    /// The custodian's address.
    pub(super) address: &'a str,
    /// The name of the case.
    pub(super) case: &'a str,
    /// The officer's name, else address.
    pub(super) officer: &'a str,
    /// The officer's address.
    pub(super) officer_address: &'a str,
    /// The day, such as `2026-01-15`.
    pub(super) date: &'a str,
}

impl Filling<'_> {
    /// `text` with its fields filled in; what is filled in is not looked through for fields.
    pub(super) fn fill(&self, text: &str) -> String {
        let mut filled = String::with_capacity(text.len() + 64);
        for piece in pieces(text) {
            filled.push_str(match piece {
                Piece::Text(text) => text,
                Piece::Field("custodian") => self.custodian,
                Piece::Field("address") => self.address,
                Piece::Field("case") => self.case,
                Piece::Field("officer") => self.officer,
                Piece::Field("officer_address") => self.officer_address,
                Piece::Field("date") => self.date,
                Piece::Field(_) => "",
            });
        }
        filled
    }
}

enum Piece<'t> {
    Text(&'t str),
    Field(&'t str),
}

fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    text.split("{{").enumerate().flat_map(|(place, part)| {
        let (field, rest) = match part.split_once("}}") {
            Some((field, rest)) if place > 0 => (Some(Piece::Field(field.trim())), rest),
            _ => (None, part),
        };
        field.into_iter().chain([Piece::Text(rest)])
    })
}

/// Refuses a text that nobody could be sent. `what` is its name in the message.
///
/// # Errors
/// It is empty, very long, or has a field that is not known or not closed.
pub(super) fn check_text(what: &str, text: &str) -> Result<()> {
    let refused = |why: &str| Err(Error::InvalidInput(format!("cannot take the text of the {what}: {why}")));
    if text.trim().is_empty() {
        return refused("it is empty");
    }
    if text.len() > LONGEST {
        return refused(&format!("it is longer than {LONGEST} bytes"));
    }
    for part in text.split("{{").skip(1) {
        let field = part.split_once("}}").map(|(field, _)| field.trim());
        if !field.is_some_and(|field| FIELDS.contains(&field)) {
            let shown: String = part.chars().take(20).collect();
            let known = FIELDS.map(|field| format!("{{{{{field}}}}}")).join(", ");
            return refused(&format!("`{{{{{shown}` is no field; there are {known}"));
        }
    }
    Ok(())
}

/// Refuses a letter that nobody could be sent.
///
/// # Errors
/// As for [`check_text`], of its subject or the rest; or its subject has several lines.
pub(super) fn check_letter(what: &str, letter: &LetterText) -> Result<()> {
    check_text(&format!("{what}'s subject"), &letter.subject)?;
    if letter.subject.lines().count() > 1 {
        return Err(Error::InvalidInput(format!("the {what}'s subject has several lines")));
    }
    check_text(what, &letter.body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_filled_in_once() {
        let filling = Filling {
            custodian: "{{case}} Ann",
            address: "ann@firm.example",
            case: "Smith v. Firm",
            officer: "Lena",
            officer_address: "lena@firm.example",
            date: "2026-01-15",
        };
        for (text, filled) in [
            ("Dear {{custodian}},", "Dear {{case}} Ann,"),
            ("{{ case }}{{case}}", "Smith v. FirmSmith v. Firm"),
            (
                "{{date}}: {{officer}} <{{officer_address}}> to <{{address}}>",
                "2026-01-15: Lena <lena@firm.example> to <ann@firm.example>",
            ),
            ("no field }} here", "no field }} here"),
            ("{ {case} }", "{ {case} }"),
        ] {
            assert!(check_text("text", text).is_ok(), "{text}");
            assert_eq!(filling.fill(text), filled);
        }
    }

    #[test]
    fn texts_that_nobody_could_be_sent_are_refused() {
        for (text, why) in [
            (" \n", "it is empty"),
            ("Dear {{name}}", "`{{name}}` is no field; there are {{custodian}}"),
            ("Dear {{custodian", "is no field"),
            ("{{custodian}} {{", "is no field"),
        ] {
            let error = check_text("issuance", text).unwrap_err().to_string();
            assert!(error.contains("the text of the issuance: ") && error.contains(why), "{error}");
        }
        let two_lines = LetterText { subject: "a\nb".to_owned(), body: "text".to_owned() };
        assert!(check_letter("release", &two_lines).is_err());
    }
}
