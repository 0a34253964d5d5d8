//! Words of commands that people are to type.

/// Characters beside letters and digits that no shell reads in another way.
const BARE: &str = "-_./:=+@%,";

/// A word as it is typed in a shell.
pub fn shell_word(word: &str) -> String {
    if !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric() || BARE.contains(c)) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::shell_word;

    #[test]
    fn words_are_quoted_where_a_shell_would_read_them_otherwise() {
        for (word, typed) in [
            ("--limit", "--limit"),
            ("ann@firm.example", "ann@firm.example"),
            ("sent>=2020", "'sent>=2020'"),
            ("it's", r"'it'\''s'"),
            ("$(reboot)", "'$(reboot)'"),
            ("", "''"),
        ] {
            assert_eq!(shell_word(word), typed);
        }
    }
}
