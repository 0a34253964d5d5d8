//! JSON (RFC 8259): its text as it reads, without the escapes of its strings.

/// `source` with every escape replaced by what it stands for (section 7); what is none stays as it is.
pub(super) fn unescaped(source: &str) -> String {
    let mut text = String::with_capacity(source.len());
    let mut rest = source;
    while let Some((before, after)) = rest.split_once('\\') {
        text.push_str(before);
        let (character, behind) = escape(after).unwrap_or(('\\', after));
        text.push(character);
        rest = behind;
    }
    text.push_str(rest);
    text
}

/// The character that an escape stands for, without its backslash, and what follows it.
fn escape(after: &str) -> Option<(char, &str)> {
    let mut characters = after.chars();
    let character = match characters.next()? {
        'u' => return unicode(characters.as_str()),
        'n' | 'r' => '\n',
        't' | 'b' | 'f' => '\t',
        same @ ('"' | '\\' | '/') => same,
        _ => return None,
    };
    Some((character, characters.as_str()))
}

/// Four hexadecimal digits, or twice four for what takes two units of UTF-16.
fn unicode(digits: &str) -> Option<(char, &str)> {
    let (first, behind) = unit(digits)?;
    if let Some(character) = char::from_u32(first.into()) {
        return Some((character, behind));
    }
    let (second, behind) = unit(behind.strip_prefix("\\u")?)?;
    let character = char::decode_utf16([first, second]).next()?.ok()?;
    Some((character, behind))
}

fn unit(digits: &str) -> Option<(u16, &str)> {
    let (digits, behind) = digits.split_at_checked(4)?;
    let is_hexadecimal = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    let unit = u16::from_str_radix(digits, 16).ok().filter(|_| is_hexadecimal)?;
    Some((unit, behind))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn escapes_read_as_what_they_stand_for() {
        for (source, expected) in [
            (r#"{"a": "gr\u00fcn"}"#, "{\"a\": \"gr\u{fc}n\"}"),
            (r"\ud83d\ude00!", "\u{1f600}!"),
            (r#"a\nb\tc\"d\\e\/f"#, "a\nb\tc\"d\\e/f"),
            (r"\\u00fc", r"\u00fc"),
            (r"\ud83d \ude00 \ud83dx \ud83d\u0041", r"\ud83d \ude00 \ud83dx \ud83dA"),
            (r"\u00 \u+0fc \u00fg \x", r"\u00 \u+0fc \u00fg \x"),
            ("\\u00\u{fc}fc \\", "\\u00\u{fc}fc \\"),
            ("plain", "plain"),
        ] {
            assert_eq!(unescaped(source), expected, "{source}");
        }
    }

    proptest! {
        #[test]
        fn any_string_is_read_as_it_was_written(text in "[ -~\u{a1}-\u{1f600}]{0,60}") {
            let written = serde_json::to_string(&text).unwrap();
            let units: Vec<String> = text.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect();
            prop_assert_eq!(unescaped(&written), format!("\"{text}\""));
            prop_assert_eq!(unescaped(&units.concat()), text);
        }
    }
}
