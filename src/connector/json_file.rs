//! Files of JSON records: one a line, one after the other, in an array, or in a list of an object.

use std::io::{self, Read};
use std::sync::Arc;

use super::input::reader;
use super::json_split::{Next, is_whole_object, member, next_value};
use super::line_reader::{Line, LineReader};
use crate::message::RawSource;

/// Bytes of the longest record and line (16 MiB).
pub(super) const MAX_RECORD: u64 = 16 << 20;
/// Bytes of the largest file that is one array or object (64 MiB): it is held in memory.
const MAX_DOCUMENT: u64 = 64 << 20;

/// What comes next in a file of records.
pub(super) enum Piece {
    /// A record, as it stands.
    Record(Vec<u8>),
    /// One that cannot be had, by its number of bytes, and why.
    Rejected(u64, String),
    /// There is none.
    End,
}

/// The records of a file.
pub(super) struct JsonFile {
    /// The lines that are still to be read; `None` if the file is one document.
    lines: Option<LineReader>,
    /// The document, or the line at hand if it holds a list.
    buffer: Vec<u8>,
    /// Lists that are being read, the innermost last: the byte to go on from, and the byte after the list.
    lists: Vec<(usize, usize)>,
    /// Names of members that are lists of records.
    list_names: &'static [&'static str],
    /// Records so far in the document, or in the line at hand.
    count: u64,
    /// Bytes done with in a document.
    done: usize,
}

impl JsonFile {
    /// Begins to read. A file with an object a line is read line by line, whatever its size; any other is held as a whole.
    ///
    /// # Errors
    /// It cannot be read, or is too large for that: a text for people.
    pub(super) fn open(source: Arc<dyn RawSource>, list_names: &'static [&'static str]) -> Result<Self, String> {
        let cannot = |error: io::Error| format!("cannot read it: {error}");
        let mut file = Self { lines: None, buffer: Vec::new(), lists: Vec::new(), list_names, count: 0, done: 0 };
        if has_lines(&source).map_err(cannot)? {
            file.lines = Some(LineReader::new(reader(source)));
            return Ok(file);
        }
        if source.len() > MAX_DOCUMENT {
            return Err(format!(
                "one JSON array or object of {} bytes, more than {MAX_DOCUMENT}; write its records one a line \
                 (`jq -c '.[]'` for an array) or export shorter periods",
                source.len()
            ));
        }
        reader(source).read_to_end(&mut file.buffer).map_err(cannot)?;
        if file.buffer.starts_with(b"\xef\xbb\xbf") {
            file.buffer.drain(..3);
        }
        file.lists.push((0, file.buffer.len()));
        Ok(file)
    }

    /// The value of a member of a document that is one object.
    pub(super) fn document_member(&self, name: &str) -> Option<&[u8]> {
        self.buffer.get(member(&self.buffer, &[name])?)
    }

    /// Where the record given last is: its line, or its number in a document, from 1.
    pub(super) fn place(&self) -> String {
        match &self.lines {
            Some(lines) if self.count > 0 => format!("{}.{}", lines.line_no, self.count),
            Some(lines) => lines.line_no.to_string(),
            None => self.count.to_string(),
        }
    }

    /// Bytes of the file that are done with.
    pub(super) fn bytes_done(&self) -> u64 {
        self.lines.as_ref().map_or(self.done as u64, |lines| lines.bytes_done)
    }

    /// The next record.
    ///
    /// # Errors
    /// The file cannot be read any further.
    pub(super) fn next_piece(&mut self) -> io::Result<Piece> {
        loop {
            if let Some(piece) = self.next_listed() {
                return Ok(piece);
            }
            let Some(lines) = &mut self.lines else { return Ok(Piece::End) };
            self.count = 0;
            let line = match lines.next_line(MAX_RECORD)? {
                Line::End => return Ok(Piece::End),
                Line::Long(bytes) => {
                    let reason = format!("longer than {MAX_RECORD} bytes; write its records one a line (`jq -c`)");
                    return Ok(Piece::Rejected(bytes, reason));
                }
                Line::Whole(line) => line,
            };
            let text = line.trim_ascii();
            if text.is_empty() {
                continue;
            }
            if let Some(list) = self.list_in(text) {
                self.buffer = text.to_vec();
                self.lists.push(list);
            } else {
                return Ok(Piece::Record(text.to_vec()));
            }
        }
    }

    /// The next record of the lists at hand.
    fn next_listed(&mut self) -> Option<Piece> {
        loop {
            let (at, end) = self.lists.last_mut()?;
            let next = next_value(self.buffer.get(..*end).unwrap_or_default(), *at);
            let range = match &next {
                Next::Value(range) | Next::Unfinished(range) => range.clone(),
                Next::End => {
                    self.lists.pop();
                    continue;
                }
            };
            *at = range.end;
            self.done = range.end;
            let value = self.buffer.get(range.clone()).unwrap_or_default();
            if self.lists.len() < 3
                && let Some((start, end)) = self.list_in(value)
            {
                self.lists.push((range.start + start, range.start + end));
                continue;
            }
            self.count += 1;
            return Some(match next {
                Next::Value(_) if value.len() as u64 <= MAX_RECORD => Piece::Record(value.to_vec()),
                Next::Value(_) => Piece::Rejected(value.len() as u64, format!("longer than {MAX_RECORD} bytes")),
                _ => Piece::Rejected(value.len() as u64, CUT.to_owned()),
            });
        }
    }

    /// The list of records that a value is or has. An empty one beside an error code is none: the code says why.
    fn list_in(&self, value: &[u8]) -> Option<(usize, usize)> {
        if value.starts_with(b"[") {
            return Some((1, value.len()));
        }
        let range = member(value, self.list_names)?;
        let list = value.get(range.clone())?;
        let failed = || member(value, &["errcode"]).and_then(|code| value.get(code)).is_some_and(|code| code != b"0");
        (list.starts_with(b"[") && !(next_value(list, 1) == Next::End && failed()))
            .then_some((range.start + 1, range.end))
    }
}

const CUT: &str = "it has no end: the file is cut; get it again";

/// Whether the file is an object a line. One of its first two lines may be damaged.
fn has_lines(source: &Arc<dyn RawSource>) -> io::Result<bool> {
    let mut head = vec![0; source.len().min(1 << 12) as usize];
    source.read_exact_at(0, &mut head)?;
    if head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&head).trim_ascii_start().starts_with(b"[") {
        return Ok(false);
    }
    let mut lines = LineReader::new(reader(Arc::clone(source)));
    let Some(first) = next_text(&mut lines)? else { return Ok(source.len() > MAX_DOCUMENT) };
    if !first.starts_with(b"{") && !first.starts_with(b"#") {
        return Ok(false);
    }
    let second = next_text(&mut lines)?;
    Ok(match second {
        None => source.len() > MAX_DOCUMENT,
        Some(second) if second.is_empty() => false,
        Some(second) => {
            let first = first.trim_ascii_end();
            let open = first.last().is_none_or(|last| b"{[,:".contains(last));
            is_whole_object(first) || (is_whole_object(&second) && !open)
        }
    })
}

/// The next line that is not blank; an empty one at the end, `None` if it is too long.
fn next_text(lines: &mut LineReader) -> io::Result<Option<Vec<u8>>> {
    loop {
        match lines.next_line(MAX_RECORD)? {
            Line::Whole(line) if line.trim_ascii().is_empty() => {}
            Line::Whole(line) => return Ok(Some(line)),
            Line::Long(_) => return Ok(None),
            Line::End => return Ok(Some(Vec::new())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(text: &str) -> Vec<String> {
        let mut file = JsonFile::open(Arc::new(text.as_bytes().to_vec()), &["list"]).unwrap();
        let mut found = Vec::new();
        loop {
            match file.next_piece().unwrap() {
                Piece::Record(record) => {
                    found.push(format!("{}: {}", file.place(), String::from_utf8(record).unwrap()));
                }
                Piece::Rejected(bytes, _) => found.push(format!("{}: {bytes} bytes not taken", file.place())),
                Piece::End => return found,
            }
        }
    }

    #[test]
    fn every_shape_gives_its_records() {
        for (text, expected) in [
            ("", [].as_slice()),
            ("\u{feff}{\"a\":1}", &["1: {\"a\":1}"]),
            ("{\n \"a\":1\n}\n{\n \"a\":2}", &["1: {\n \"a\":1\n}", "2: {\n \"a\":2}"]),
            ("{\"a\":1}\r\n\r\n{\"a\":2}\n", &["1: {\"a\":1}", "3: {\"a\":2}"]),
            ("{\"a\":\n{\"a\":2}\n}", &["1: {\"a\":\n{\"a\":2}\n}"]),
            ("{\"a\"\n{\"a\":2}\n", &["1: {\"a\"", "2: {\"a\":2}"]),
            ("{\"a\":1}\n{\"a\":[\n{\"a\":3}\n", &["1: {\"a\":1}", "2: {\"a\":[", "3: {\"a\":3}"]),
            ("[{\"a\":1},\n{\"a\":2}]", &["1: {\"a\":1}", "2: {\"a\":2}"]),
            ("{\"x\":1,\"list\":[{\"a\":1},2],\"y\":3}", &["1: {\"a\":1}", "2: 2"]),
            ("{\"list\":[1]}\n{\"list\":[2,3]}\n{}", &["1.1: 1", "2.1: 2", "2.2: 3", "3: {}"]),
            ("{\"list\":[{\"a\":1},{\"a\":", &["1: {\"a\":1}", "2: 5 bytes not taken"]),
            ("[[1]]", &["1: 1"]),
            ("{\"list\":[],\"errcode\":0}", &[]),
            ("{\"list\":[],\"errcode\":7}", &["1: {\"list\":[],\"errcode\":7}"]),
        ] {
            assert_eq!(pieces(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_too_long_is_refused() {
        let long = format!("{{\"a\":1}}\n{{\"a\":\"{}\"}}\n{{\"a\":2}}\n", "x".repeat(MAX_RECORD as usize));
        let found = pieces(&long);
        assert!(found.len() == 3 && found[1].ends_with("not taken") && found[2].starts_with("3: {"), "{}", found.len());
        let document = vec![b' '; MAX_DOCUMENT as usize + 1];
        let document = [b"[".as_slice(), &document].concat();
        assert!(JsonFile::open(Arc::new(document), &[]).err().unwrap().contains("one a line"));
    }
}
