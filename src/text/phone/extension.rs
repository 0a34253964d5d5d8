//! The extension behind a telephone number: `x12`, `ext. 12`, `;ext=12` (RFC 3966 3), `#12`.

use super::super::digit::decimal;
use super::super::ignorable::is_ignorable;
use super::groups::is_joined;

/// Most digits of an extension.
const DIGITS: usize = 7;
/// Most bytes between a number and the digits of its extension.
const MARK: usize = 16;

/// The digits of the extension behind the byte `end`, and the byte after it.
pub(super) fn extension(text: &str, end: usize) -> Option<(String, usize)> {
    let rest = text.get(end..)?;
    let mut seen = rest.char_indices().filter(|(_, c)| !is_ignorable(*c)).peekable();
    let mut mark = String::new();
    while let Some((_, c)) = seen.next_if(|(_, c)| decimal(*c).is_none()) {
        mark.extend(c.to_lowercase());
        if mark.len() > MARK {
            return None;
        }
    }
    if !is_mark(&mark) {
        return None;
    }
    let (mut digits, mut length) = (String::new(), 0);
    while digits.len() <= DIGITS
        && let Some((at, c)) = seen.next_if(|(_, c)| decimal(*c).is_some())
    {
        digits.extend(decimal(c));
        length = at + c.len_utf8();
    }
    let ends = seen.next().is_none_or(|(_, c)| !is_joined(c));
    (ends && (1..=DIGITS).contains(&digits.len())).then_some((digits, end + length))
}

/// Whether what stands between a number and further digits says that these are an extension.
fn is_mark(signs: &str) -> bool {
    if signs.contains(['\n', '\r']) {
        return false;
    }
    let signs = signs.trim();
    let word = signs.trim_start_matches([',', ';']).trim_start().trim_end_matches(['.', ':', '=']).trim_end();
    match word {
        "x" | "#" => word == signs,
        "ext" | "extn" | "extension" => true,
        _ => false,
    }
}
