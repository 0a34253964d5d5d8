//! Who may log in.

use std::collections::BTreeMap;
use std::fmt;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use crate::{Error, Result};

/// Users and their passwords, of which only digests are kept in memory.
#[derive(Clone, Default)]
pub struct Users(BTreeMap<String, blake3::Hash>);

impl fmt::Debug for Users {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Users({})", self.0.len())
    }
}

impl Users {
    /// Reads a file of lines `user:password`; lines that begin with `#` are comments.
    ///
    /// # Errors
    /// The file cannot be read, others than its owner may read it, or a line has no colon.
    pub fn read(path: &Path) -> Result<Self> {
        let mode = std::fs::metadata(path).map_err(Error::io("read", path))?.permissions().mode();
        if mode & 0o077 != 0 {
            return Err(Error::InvalidInput(format!(
                "`{0}` holds passwords and may be read by others: run `chmod 600 {0}`",
                path.display()
            )));
        }
        let text = std::fs::read_to_string(path).map_err(Error::io("read", path))?;
        let users = Self::parse(&text);
        let users = users.map_err(|line| {
            Error::InvalidInput(format!("line {line} of `{}` is not of the form user:password", path.display()))
        })?;
        if users.0.is_empty() {
            return Err(Error::InvalidInput(format!("`{}` names no user", path.display())));
        }
        Ok(users)
    }

    fn parse(text: &str) -> Result<Self, usize> {
        let mut users = BTreeMap::new();
        for (n, line) in text.lines().enumerate() {
            if line.trim().is_empty() || line.starts_with('#') {
                continue;
            }
            match line.split_once(':') {
                Some((user, password)) if !user.is_empty() && !password.is_empty() => {
                    users.insert(user.to_owned(), blake3::hash(password.as_bytes()));
                }
                _ => return Err(n + 1),
            }
        }
        Ok(Self(users))
    }

    /// Whether the password is this user's. Takes as long for users that there are not.
    pub(super) fn know(&self, user: &str, password: &str) -> bool {
        let nobody = blake3::hash(&[]);
        // Comparison of these hashes takes the same time whatever they are.
        *self.0.get(user).unwrap_or(&nobody) == blake3::hash(password.as_bytes()) && self.0.contains_key(user)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_right_password_is_taken() {
        let users = Users::parse("# journal of the mail server\njournal:s3cret:x\n\nother:y\n").unwrap();
        assert!(users.know("journal", "s3cret:x") && users.know("other", "y"));
        for (user, password) in [("journal", "y"), ("journal", ""), ("nobody", ""), ("", ""), ("# journal", "x")] {
            assert!(!users.know(user, password), "{user}");
        }
        assert_eq!(Users::parse("a:b\nnonsense\n").unwrap_err(), 2);
        assert_eq!(format!("{users:?}"), "Users(2)");
    }

    #[test]
    fn a_file_that_others_may_read_is_refused() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(&file, "a:b\n").unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o640)).unwrap();
        assert!(Users::read(file.path()).unwrap_err().to_string().contains("chmod 600"));
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
        assert!(Users::read(file.path()).unwrap().know("a", "b"));
    }
}
