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

/// The other writing of an address whose domain has letters beyond ASCII (RFC 5890 2.3.2.5, UTS #46): with U-labels where `address`
/// has A-labels (`xn--mller-kva.example`), and the other way round. `None` if there is none, or the domain is not valid.
pub fn other_writing(address: &str) -> Option<String> {
    let (local, domain) = address.trim().rsplit_once('@')?;
    let other = other_domain(domain)?;
    Some(format!("{local}@{other}"))
}

fn other_domain(domain: &str) -> Option<String> {
    let written = domain.to_lowercase();
    let other = if !written.is_ascii() {
        idna::domain_to_ascii(&written).ok()?
    } else if written.split('.').any(|label| label.starts_with("xn--")) {
        let (unicode, outcome) = idna::domain_to_unicode(&written);
        outcome.ok().map(|()| unicode)?
    } else {
        return None;
    };
    (other != written).then_some(other)
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

    #[test]
    fn addresses_of_domains_beyond_ascii_have_two_writings() {
        for (unicode, ascii) in [
            ("ann@m\u{fc}ller.example", "ann@xn--mller-kva.example"),
            ("ann@\u{4f8b}\u{3048}.m\u{fc}ller.example", "ann@xn--r8jz45g.xn--mller-kva.example"),
        ] {
            assert_eq!(other_writing(unicode).as_deref(), Some(ascii));
            assert_eq!(other_writing(ascii).as_deref(), Some(unicode));
        }
        assert_eq!(other_writing("Ann@M\u{DC}LLER.example").as_deref(), Some("Ann@xn--mller-kva.example"));
        for text in ["ann@firm.example", "ann", "", "ann@xn--", "ann@xn--\u{fc}.example", "ann@\u{fffd}.example"] {
            assert_eq!(other_writing(text), None, "{text}");
        }
    }
}
