//! Contacts and appointments: vCard (RFC 6350) and iCalendar (RFC 5545).

use super::{File, plain};

/// Values, one on each line: the folding of long lines undone, escapes resolved, pictures left out.
pub(super) fn text(file: &File<'_>) -> String {
    let source = plain::text(file.bytes, file.charset);
    let mut text = String::with_capacity(source.len());
    for line in logical_lines(&source) {
        let Some((name, value)) = name_and_value(&line) else { continue };
        if is_binary(name) {
            continue;
        }
        let value =
            if name.to_ascii_uppercase().contains("QUOTED-PRINTABLE") { unquoted(value) } else { value.to_owned() };
        if let Some(person) = common_name(name) {
            text.push_str(person);
            text.push('\n');
        }
        push_unescaped(&mut text, &value);
        text.push('\n');
    }
    text
}

/// RFC 6350 3.2, RFC 5545 3.1: a line that begins with white space goes on the one before. vCard 2.1 ends a line of
/// quoted-printable with `=` instead.
fn logical_lines(source: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for line in source.lines() {
        match (lines.last_mut(), line.strip_prefix([' ', '\t'])) {
            (Some(last), Some(more)) => last.push_str(more),
            (Some(last), None) if last.ends_with('=') && last.to_ascii_uppercase().contains("QUOTED-PRINTABLE") => {
                last.pop();
                last.push_str(line);
            }
            _ => lines.push(line.to_owned()),
        }
    }
    lines
}

/// Splits at the first colon outside of quotes.
fn name_and_value(line: &str) -> Option<(&str, &str)> {
    let mut quoted = false;
    let colon = line.char_indices().find(|(_, character)| {
        quoted ^= *character == '"';
        *character == ':' && !quoted
    })?;
    Some((line.get(..colon.0)?, line.get(colon.0 + 1..)?))
}

/// The name of the person that a value is the address of (RFC 5545 3.2.2).
fn common_name(name: &str) -> Option<&str> {
    let mut parameters = name.char_indices().filter(|(_, character)| *character == ';').map(|(at, _)| at + 1);
    let is_name = |at: &usize| name.get(*at..at + 3).is_some_and(|start| start.eq_ignore_ascii_case("CN="));
    let value = name.get(parameters.find(is_name)? + 3..)?;
    match value.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next(),
        None => value.split(';').next(),
    }
}

fn is_binary(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    name.contains("ENCODING=B") || name.contains(";BASE64")
}

fn unquoted(value: &str) -> String {
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let hex =
            after.get(..2).and_then(|hex| str::from_utf8(hex).ok()).and_then(|hex| u8::from_str_radix(hex, 16).ok());
        if let (b'=', Some(decoded)) = (byte, hex) {
            bytes.push(decoded);
            rest = after.get(2..).unwrap_or_default();
        } else {
            bytes.push(byte);
            rest = after;
        }
    }
    plain::text(&bytes, None).into_owned()
}

/// RFC 6350 3.4, RFC 5545 3.3.11: `\n`, `\,` and `\;`; semicolons set the parts of a value apart.
fn push_unescaped(text: &mut String, value: &str) {
    let mut characters = value.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => match characters.next() {
                Some('n' | 'N') => text.push('\n'),
                Some(escaped) => text.push(escaped),
                None => {}
            },
            ';' => text.push(' '),
            _ => text.push(character),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_of_appointments_have_their_names() {
        for (name, person) in [
            ("ATTENDEE;CN=Ann Lee;RSVP=TRUE", Some("Ann Lee")),
            ("ATTENDEE;ROLE=CHAIR;cn=\"Lee; Ann\"", Some("Lee; Ann")),
            ("ATTENDEE;X-CN=Ann", None),
            ("ATTENDEE;CN=", Some("")),
            ("SUMMARY", None),
        ] {
            assert_eq!(common_name(name), person, "{name}");
        }
    }
}
