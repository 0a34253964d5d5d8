//! Windows code pages.

use super::decode_text;

/// The code page of Western Windows, assumed where nothing is said.
pub const WESTERN: i64 = 1252;

/// The name of a code page as a character set (IANA), if it is known.
pub fn label(code_page: i64) -> Option<&'static str> {
    const ISO: [&str; 15] = [
        "iso-8859-1",
        "iso-8859-2",
        "iso-8859-3",
        "iso-8859-4",
        "iso-8859-5",
        "iso-8859-6",
        "iso-8859-7",
        "iso-8859-8",
        "iso-8859-9",
        "iso-8859-10",
        "iso-8859-11",
        "iso-8859-12",
        "iso-8859-13",
        "iso-8859-14",
        "iso-8859-15",
    ];
    const WINDOWS: [&str; 9] = [
        "windows-1250",
        "windows-1251",
        "windows-1252",
        "windows-1253",
        "windows-1254",
        "windows-1255",
        "windows-1256",
        "windows-1257",
        "windows-1258",
    ];
    let in_row = |row: &[&'static str], first: i64| {
        usize::try_from(code_page - first).ok().and_then(|index| row.get(index).copied())
    };
    match code_page {
        850 => Some("ibm850"),
        866 => Some("ibm866"),
        874 => Some("windows-874"),
        932 => Some("shift_jis"),
        936 => Some("gbk"),
        949 | 51_949 => Some("euc-kr"),
        950 => Some("big5"),
        1200 => Some("utf-16le"),
        1201 => Some("utf-16be"),
        1250..=1258 => in_row(&WINDOWS, 1250),
        10_000 => Some("macintosh"),
        10_007 => Some("x-mac-cyrillic"),
        20_127 => Some("us-ascii"),
        20_866 => Some("koi8-r"),
        21_866 => Some("koi8-u"),
        20_932 | 51_932 => Some("euc-jp"),
        28_591..=28_605 => in_row(&ISO, 28_591),
        38_598 => Some("iso-8859-8-i"),
        50_220..=50_222 => Some("iso-2022-jp"),
        54_936 => Some("gb18030"),
        65_000 => Some("utf-7"),
        65_001 => Some("utf-8"),
        _ => None,
    }
}

/// The text of bytes in a code page, up to the first NUL. An unknown code page is guessed.
pub fn decode(bytes: &[u8], code_page: i64) -> String {
    let wide = matches!(code_page, 1200 | 1201);
    let end = if wide { None } else { memchr::memchr(0, bytes) };
    decode_text(bytes.get(..end.unwrap_or(bytes.len())).unwrap_or_default(), label(code_page)).into_owned()
}
