//! Names of IMAP folders.

use data_encoding::BASE64_NOPAD;

/// Decodes modified UTF-7 (RFC 3501 5.1.3). `None` if it is not valid, or encodes what must not be encoded:
/// printable ASCII, which could smuggle in a path separator, and control characters.
pub(super) fn decode_modified_utf7(name: &str) -> Option<String> {
    let mut decoded = String::with_capacity(name.len());
    let mut rest = name;
    while let Some((plain, shifted)) = rest.split_once('&') {
        let (encoded, after) = shifted.split_once('-')?;
        decoded.push_str(plain);
        if encoded.is_empty() {
            decoded.push('&');
        } else {
            decoded.push_str(&decode_shifted(encoded)?);
        }
        rest = after;
    }
    decoded.push_str(rest);
    Some(decoded)
}

/// Encodes a name as modified UTF-7.
#[cfg(feature = "remote")]
pub(super) fn encode_modified_utf7(name: &str) -> String {
    let mut encoded = String::with_capacity(name.len());
    let mut units: Vec<u8> = Vec::new();
    let flush = |units: &mut Vec<u8>, encoded: &mut String| {
        if !units.is_empty() {
            encoded.push('&');
            encoded.push_str(&BASE64_NOPAD.encode(units).replace('/', ","));
            encoded.push('-');
            units.clear();
        }
    };
    for c in name.chars() {
        if matches!(c, ' '..='~') {
            flush(&mut units, &mut encoded);
            encoded.push(c);
            if c == '&' {
                encoded.push('-');
            }
        } else {
            units.extend(c.encode_utf16(&mut [0; 2]).iter().flat_map(|unit| unit.to_be_bytes()));
        }
    }
    flush(&mut units, &mut encoded);
    encoded
}

fn decode_shifted(encoded: &str) -> Option<String> {
    if encoded.contains('/') {
        return None;
    }
    let bytes = BASE64_NOPAD.decode(encoded.replace(',', "/").as_bytes()).ok()?;
    let (pairs, []) = bytes.as_chunks::<2>() else { return None };
    let units = pairs.iter().map(|&pair| u16::from_be_bytes(pair));
    let text: String = char::decode_utf16(units).collect::<Result<_, _>>().ok()?;
    text.chars().all(|c| !c.is_ascii() && !c.is_control()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_decoded() {
        for (name, decoded) in [
            ("Sent", "Sent"),
            ("", ""),
            ("R&-D", "R&D"),
            ("Entw&APw-rfe", "Entw\u{fc}rfe"),
            ("&U,BTFw-", "\u{53f0}\u{5317}"),
            ("&2D3eAA-", "\u{1f600}"),
        ] {
            assert_eq!(decode_modified_utf7(name).as_deref(), Some(decoded), "{name}");
            #[cfg(feature = "remote")]
            assert_eq!(encode_modified_utf7(decoded), name);
        }
    }

    #[test]
    fn invalid_names_are_left_to_the_caller() {
        for name in ["&", "&APw", "&AP-", "&AP8-&", "&2D0-", "&AC8-", "&AAA-", "&U/BTFw-", "&APx-"] {
            assert_eq!(decode_modified_utf7(name), None, "{name}");
        }
    }
}
