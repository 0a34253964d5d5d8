//! HTML or text inside of RTF (MS-OXRTFEX).

use std::collections::BTreeMap;

use super::code_page::{self, WESTERN};

/// What an RTF text carries.
#[derive(Debug, PartialEq, Eq)]
pub enum RtfContent {
    /// The HTML that it was made of.
    Html(String),
    /// Its text.
    Text(String),
}

/// Groups that hold no text of the document.
const HIDDEN: [&str; 8] = ["fonttbl", "colortbl", "stylesheet", "pict", "object", "listtable", "filetbl", "mhtmltag"];

/// Groups whose text stands beside that of the document, some of them inside of groups that hold none. HTML that was made into
/// RTF has them elsewhere.
const ASIDES: [&str; 16] = [
    "info",
    "header",
    "headerl",
    "headerr",
    "headerf",
    "footer",
    "footerl",
    "footerr",
    "footerf",
    "footnote",
    "annotation",
    "atnauthor",
    "shptxt",
    "dptxbxtext",
    "result",
    FIELD,
];

/// What a field is computed from; that of a link begins with [`LINK`].
const FIELD: &str = "fldinst";
const LINK: &str = "HYPERLINK";

/// What a group inherits from the one around it.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "they are the independent states of the format")]
struct Group {
    hidden: bool,
    /// Begins an aside.
    aside: bool,
    /// Inside of what the document says of itself, each value in a group.
    info: bool,
    /// Inside of what a field is computed from.
    field: bool,
    /// Inside of the table of fonts.
    fonts: bool,
    /// Inside of a fragment of HTML.
    tag: bool,
    /// Between `\htmlrtf` and `\htmlrtf0`: there for readers of RTF only.
    rtf_only: bool,
    /// Characters after `\u` that stand for it.
    replaced: usize,
    font: i64,
}

struct Reader {
    out: String,
    /// What asides interrupt.
    interrupted: Vec<String>,
    asides: String,
    groups: Vec<Group>,
    group: Group,
    html: bool,
    /// The next control word names a destination that may be unknown.
    starred: bool,
    code_page: i64,
    code_pages: BTreeMap<i64, i64>,
    /// Bytes of characters that may go on.
    bytes: Vec<u8>,
    units: Vec<u16>,
    /// Characters to pass over after `\u`.
    pass: usize,
}

/// Reads an RTF text; every input gives something.
pub fn content(rtf: &[u8]) -> RtfContent {
    let group = Group {
        hidden: false,
        aside: false,
        info: false,
        field: false,
        fonts: false,
        tag: false,
        rtf_only: false,
        replaced: 1,
        font: -1,
    };
    let mut reader = Reader {
        out: String::new(),
        interrupted: Vec::new(),
        asides: String::new(),
        groups: Vec::new(),
        group,
        html: false,
        starred: false,
        code_page: WESTERN,
        code_pages: BTreeMap::new(),
        bytes: Vec::new(),
        units: Vec::new(),
        pass: 0,
    };
    reader.read(rtf);
    reader.finish();
    if reader.html { RtfContent::Html(reader.out) } else { RtfContent::Text(reader.out) }
}

impl Reader {
    fn read(&mut self, rtf: &[u8]) {
        let mut rest = rtf;
        while let Some((&byte, after)) = rest.split_first() {
            rest = after;
            match byte {
                b'{' => {
                    self.flush();
                    self.groups.push(self.group);
                    self.group.aside = false;
                }
                b'}' => {
                    self.flush();
                    self.starred = false;
                    self.leave();
                }
                b'\\' => rest = self.control(after),
                b'\r' | b'\n' | 0 => {}
                _ => self.byte(byte),
            }
        }
        self.flush();
    }

    fn leave(&mut self) {
        let left = self.group;
        self.group = self.groups.pop().unwrap_or(left);
        if left.info {
            self.out.push_str("\r\n");
        }
        if left.aside {
            self.end_aside(left.field);
        }
    }

    fn begin_aside(&mut self, word: &str) {
        if !self.group.aside {
            self.interrupted.push(std::mem::take(&mut self.out));
        }
        self.group.aside = true;
        self.group.hidden = false;
        self.group.info |= word == "info";
        self.group.field |= word == FIELD;
    }

    fn end_aside(&mut self, is_field: bool) {
        let aside = std::mem::replace(&mut self.out, self.interrupted.pop().unwrap_or_default());
        if !is_field || aside.trim_start().starts_with(LINK) {
            self.asides.push_str("\r\n");
            self.asides.push_str(aside.trim_start().trim_start_matches(LINK));
        }
    }

    fn finish(&mut self) {
        while !self.interrupted.is_empty() {
            self.end_aside(self.group.field);
        }
        self.out.push_str(&std::mem::take(&mut self.asides));
    }

    /// A control word or symbol; gives what follows it.
    fn control<'a>(&mut self, text: &'a [u8]) -> &'a [u8] {
        let letters = text.iter().take_while(|byte| byte.is_ascii_alphabetic()).count().min(40);
        if letters == 0 {
            return self.symbol(text);
        }
        let (word, rest) = text.split_at_checked(letters).unwrap_or((text, &[]));
        let sign = usize::from(rest.first() == Some(&b'-'));
        let digits = rest.iter().skip(sign).take_while(|byte| byte.is_ascii_digit()).count().min(10);
        let len = if digits == 0 { 0 } else { sign + digits };
        let (number, rest) = rest.split_at_checked(len).unwrap_or((&[], rest));
        let number = str::from_utf8(number).ok().and_then(|number| number.parse::<i64>().ok());
        self.word(str::from_utf8(word).unwrap_or_default(), number);
        rest.strip_prefix(b" ").unwrap_or(rest)
    }

    fn symbol<'a>(&mut self, text: &'a [u8]) -> &'a [u8] {
        let Some((&symbol, rest)) = text.split_first() else { return text };
        match symbol {
            b'\'' => {
                let digits = rest.get(..2).and_then(|hex| str::from_utf8(hex).ok());
                let Some(byte) = digits.and_then(|hex| u8::from_str_radix(hex, 16).ok()) else { return rest };
                self.byte(byte);
                return rest.get(2..).unwrap_or_default();
            }
            b'*' => self.starred = true,
            b'\\' | b'{' | b'}' => self.byte(symbol),
            b'~' => self.text(if self.html { "&nbsp;" } else { "\u{a0}" }),
            b'_' => self.text("-"),
            b'\r' | b'\n' => self.text("\r\n"),
            _ => {}
        }
        rest
    }

    fn word(&mut self, word: &str, number: Option<i64>) {
        if word != "u" {
            self.flush();
        }
        let starred = std::mem::take(&mut self.starred);
        match word {
            "htmltag" => self.group.tag = true,
            _ if HIDDEN.contains(&word) => {
                self.group.hidden = true;
                self.group.fonts |= word == "fonttbl";
            }
            _ if ASIDES.contains(&word) && !self.html => self.begin_aside(word),
            _ if ASIDES.contains(&word) || starred => self.group.hidden = true,
            "fromhtml" => self.html = true,
            "htmlrtf" => self.group.rtf_only = number != Some(0),
            "ansicpg" => self.code_page = number.unwrap_or(WESTERN),
            "f" => self.group.font = number.unwrap_or(-1),
            "fcharset" if self.group.fonts => {
                self.code_pages.insert(self.group.font, charset(number.unwrap_or(0), self.code_page));
            }
            "uc" => self.group.replaced = number.and_then(|count| usize::try_from(count).ok()).unwrap_or(1).min(16),
            "u" => self.unit(number.unwrap_or(0)),
            "par" | "line" | "row" | "sect" | "page" => self.text("\r\n"),
            "tab" | "cell" => self.text("\t"),
            _ => self.text(named_character(word)),
        }
    }

    fn visible(&self) -> bool {
        !self.group.hidden && (self.group.tag || !(self.html && self.group.rtf_only))
    }

    fn byte(&mut self, byte: u8) {
        if self.pass > 0 {
            self.pass -= 1;
        } else if self.visible() {
            self.flush_units();
            self.bytes.push(byte);
        }
    }

    fn text(&mut self, text: &str) {
        self.flush();
        if self.visible() {
            self.out.push_str(text);
        }
    }

    /// A UTF-16 unit, written as a signed number.
    fn unit(&mut self, number: i64) {
        self.flush_bytes();
        if self.visible() {
            self.units.push((number & 0xFFFF) as u16);
        }
        self.pass = self.group.replaced;
    }

    fn flush(&mut self) {
        self.pass = 0;
        self.flush_bytes();
        self.flush_units();
    }

    fn flush_bytes(&mut self) {
        if !self.bytes.is_empty() {
            let font = self.code_pages.get(&self.group.font).filter(|_| !self.group.tag);
            let code_page = font.copied().unwrap_or(self.code_page);
            let bytes = std::mem::take(&mut self.bytes);
            self.out.push_str(&code_page::decode(&bytes, code_page));
        }
    }

    fn flush_units(&mut self) {
        if !self.units.is_empty() {
            self.out.push_str(&String::from_utf16_lossy(&std::mem::take(&mut self.units)));
        }
    }
}

fn named_character(word: &str) -> &'static str {
    match word {
        "lquote" => "\u{2018}",
        "rquote" => "\u{2019}",
        "ldblquote" => "\u{201c}",
        "rdblquote" => "\u{201d}",
        "bullet" => "\u{2022}",
        "endash" => "\u{2013}",
        "emdash" => "\u{2014}",
        _ => "",
    }
}

/// The code page of a font's character set.
fn charset(charset: i64, otherwise: i64) -> i64 {
    match charset {
        0 => WESTERN,
        77 => 10_000,
        128 => 932,
        129 => 949,
        134 => 936,
        136 => 950,
        161 => 1253,
        162 => 1254,
        163 => 1258,
        177 => 1255,
        178 => 1256,
        186 => 1257,
        204 => 1251,
        222 => 874,
        238 => 1250,
        _ => otherwise,
    }
}

/// The header of RTF that is not compressed says this (MS-OXRTFCP 2.1.3.1).
const UNCOMPRESSED: u32 = 0x414C_454D;

/// Decompresses RTF (MS-OXRTFCP 2.1.3.1). What its header declares is checked before memory is taken for it.
///
/// # Errors
/// It is damaged: a text for people.
pub fn decompress(bytes: &[u8]) -> Result<Vec<u8>, String> {
    let word = |at: usize| bytes.get(at..at + 4).and_then(|word| word.try_into().ok()).map(u32::from_le_bytes);
    let (Some(_), Some(raw), Some(kind), Some(_)) = (word(0), word(4), word(8), word(12)) else {
        return Err("it is shorter than its header".to_owned());
    };
    // Eight references of two bytes give at most 17 bytes each, after one byte of control.
    let most = bytes.len().saturating_mul(if kind == UNCOMPRESSED { 1 } else { 9 });
    if raw as usize > most {
        return Err("it declares more bytes than it can hold".to_owned());
    }
    if kind == UNCOMPRESSED {
        return bytes.get(16..).map(<[u8]>::to_vec).ok_or_else(|| "it ends early".to_owned());
    }
    let text = compressed_rtf::decompress_rtf(bytes).map_err(|error| error.to_string())?;
    Ok(text.chars().filter_map(|char| u8::try_from(char).ok()).collect())
}
