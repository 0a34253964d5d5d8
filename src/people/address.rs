//! Comparison of mail addresses.

/// The form in which addresses are compared and kept: trimmed, without angle brackets, in lower case. The local part
/// too: RFC 5321 2.4 leaves its case to the receiver, and no receiver in use tells them apart.
///
/// # Errors
/// `text` is not an address: it needs one `@` with something on both sides and no blank.
pub fn normalize_address(text: &str) -> Result<String, String> {
    let inner = text.trim().trim_start_matches('<').trim_end_matches('>');
    let refuse = || format!("`{text}` is not an address: write it as name@domain.example");
    let (local, domain) = inner.rsplit_once('@').ok_or_else(refuse)?;
    let forbidden = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | ',' | ';');
    if local.is_empty() || domain.is_empty() || inner.contains(forbidden) {
        return Err(refuse());
    }
    Ok(inner.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_compare_without_case_and_brackets() {
        assert_eq!(normalize_address(" <Ann.Lee@Firm.Example> ").as_deref(), Ok("ann.lee@firm.example"));
        for text in ["", "ann", "@firm.example", "ann@", "a b@firm.example", "a@b, c@d", "a\u{0}@b"] {
            assert!(normalize_address(text).is_err(), "{text}");
        }
    }
}
