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

/// An address as the header of a mail has it (RFC 5322 3.4.1): what is special in the local part in quotation marks, letters of the
/// domain beyond ASCII as A-labels (RFC 5890 2.3.2.1). A local part beyond ASCII stays as it is (RFC 6532 3.2) and is delivered only by
/// servers that take such names (RFC 6531). `None` if there is no such domain.
pub fn header_form(address: &str) -> Option<String> {
    let (local, domain) = address.rsplit_once('@')?;
    let ascii = idna::domain_to_ascii(domain).ok()?;
    let is_literal = domain.starts_with('[') && domain.ends_with(']') && domain.matches(['[', ']', '\\']).count() == 2;
    let domain = if is_literal { domain } else { Some(ascii.as_str()).filter(|domain| is_dot_atom(domain))? };
    if is_dot_atom(local) || is_quoted(local) {
        return Some(format!("{local}@{domain}"));
    }
    Some(format!("\"{}\"@{domain}", local.replace('\\', "\\\\").replace('"', "\\\"")))
}

/// RFC 5322 3.2.3, with what RFC 6532 3.2 adds.
fn is_dot_atom(text: &str) -> bool {
    let is_atom = |c: char| c.is_ascii_alphanumeric() || !c.is_ascii() || "!#$%&'*+-/=?^_`{|}~".contains(c);
    text.split('.').all(|atom| !atom.is_empty() && atom.chars().all(is_atom))
}

/// RFC 5322 3.2.4.
fn is_quoted(text: &str) -> bool {
    let Some(inner) = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) else { return false };
    let mut rest = inner.chars();
    while let Some(c) = rest.next() {
        if c == '"' || c == '\\' && rest.next().is_none() {
            return false;
        }
    }
    true
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
    fn a_header_says_what_the_address_is() {
        for (address, written) in [
            ("ann.lee+x@firm.example", "ann.lee+x@firm.example"),
            ("ann@m\u{fc}ller.example", "ann@xn--mller-kva.example"),
            ("m\u{fc}ller@firm.example", "m\u{fc}ller@firm.example"),
            ("a(b)@firm.example", r#""a(b)"@firm.example"#),
            ("a..b@firm.example", r#""a..b"@firm.example"#),
            (r"a\@firm.example", r#""a\\"@firm.example"#),
            (r#""a(b)"@firm.example"#, r#""a(b)"@firm.example"#),
            (r#""a"b"@firm.example"#, r#""\"a\"b\""@firm.example"#),
            (r#"""@firm.example"#, r#"""@firm.example"#),
            (r#"""#, ""),
            ("a@b@firm.example", r#""a@b"@firm.example"#),
            ("ann@[192.0.2.1]", "ann@[192.0.2.1]"),
            ("ann@firm(x).example", ""),
            ("ann@firm..example", ""),
            ("ann@[a]b]", ""),
            ("ann", ""),
        ] {
            assert_eq!(header_form(address).unwrap_or_default(), written, "{address}");
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
