//! Files of JSON records: one a line, one after the other, in an array, or in a list of an object.

use std::io::{self, Cursor};
use std::sync::Arc;

use super::scanner::{Piece, Scanner};
use super::split::{is_whole_object, member};
use crate::connector::converter::line_reader::{Line, LineReader};
use crate::connector::input::{SourceReader, reader};
use crate::message::RawSource;

/// Bytes of the longest record, and of the longest object with a list of records (64 MiB): it is held in memory.
pub(in crate::connector) const MAX_RECORD: u64 = 64 << 20;
/// Lists within each other that are gone into.
const MAX_DEPTH: usize = 3;

/// What comes next in a file of records.
#[derive(Debug)]
pub(in crate::connector) enum Next {
    /// A record, as it stands.
    Record(Vec<u8>),
    /// One that cannot be had, by its number of bytes, and why.
    Rejected(u64, String),
    /// There is none.
    End,
}

/// The records of a file, each read into memory by itself.
pub(in crate::connector) struct RecordFile {
    layout: Layout,
    /// The first value, if it is an object that was read already.
    ahead: Option<Piece>,
    /// Lists that are being read, the innermost last.
    lists: Vec<List>,
    /// Names of members that are lists of records.
    list_names: &'static [&'static str],
    /// Records so far in the file, or in the line at hand.
    count: u64,
}

/// How the values of a file are laid out.
enum Layout {
    /// One a line: a damaged line harms no other.
    Lines(LineReader),
    /// One after the other, however they are spread over lines; in so many arrays.
    Values { scanner: Scanner<SourceReader>, arrays: usize },
}

/// A list of a value that is held in memory.
struct List {
    scanner: Scanner<Cursor<Vec<u8>>>,
    /// Bytes from the beginning of the list to its end.
    len: u64,
}

impl RecordFile {
    /// Begins to read, and finds out how the records are laid out.
    ///
    /// # Errors
    /// The file cannot be read.
    pub(in crate::connector) fn open(
        source: Arc<dyn RawSource>,
        list_names: &'static [&'static str],
    ) -> io::Result<Self> {
        let mut ahead = None;
        let layout = if is_lines(&source)? {
            Layout::Lines(LineReader::new(reader(source)))
        } else {
            let mut scanner = Scanner::new(reader(source));
            if scanner.peek()? == Some(b'{') {
                ahead = scanner.value(MAX_RECORD)?;
            }
            Layout::Values { scanner, arrays: 0 }
        };
        Ok(Self { layout, ahead, lists: Vec::new(), list_names, count: 0 })
    }

    /// The value of a member of the object that a file begins with, if it does not have a record a line. Only known
    /// before the first record was taken.
    pub(in crate::connector) fn document_member(&self, name: &str) -> Option<&[u8]> {
        let document = self.ahead.as_ref()?.bytes();
        document.get(member(document, &[name])?)
    }

    /// Where the record given last is: its line, or its number in a document, from 1.
    pub(in crate::connector) fn place(&self) -> String {
        match &self.layout {
            Layout::Lines(lines) if self.count > 0 => format!("{}.{}", lines.line_no, self.count),
            Layout::Lines(lines) => lines.line_no.to_string(),
            Layout::Values { .. } => self.count.to_string(),
        }
    }

    /// Bytes of the file that are done with.
    pub(in crate::connector) fn bytes_done(&self) -> u64 {
        let read = match &self.layout {
            Layout::Lines(lines) => lines.bytes_done,
            Layout::Values { scanner, .. } => scanner.position(),
        };
        read.saturating_sub(self.lists.first().map_or(0, List::left))
    }

    /// The next record.
    ///
    /// # Errors
    /// The file cannot be read any further.
    pub(in crate::connector) fn next(&mut self) -> io::Result<Next> {
        loop {
            let listed = self.lists.last_mut().map_or(Ok(None), List::next)?;
            let piece = match listed {
                Some(piece) => piece,
                None if self.lists.pop().is_some() => continue,
                None => match self.value()? {
                    Some(piece) => piece,
                    None => return Ok(Next::End),
                },
            };
            match self.list_in(piece) {
                Ok(list) => self.lists.push(list),
                Err(record) => {
                    let is_line = self.lists.is_empty() && matches!(self.layout, Layout::Lines(_));
                    self.count += u64::from(!is_line);
                    return Ok(Next::of(record));
                }
            }
        }
    }

    /// The next line that is not blank, or the next value.
    fn value(&mut self) -> io::Result<Option<Piece>> {
        if let Some(ahead) = self.ahead.take() {
            return Ok(Some(ahead));
        }
        match &mut self.layout {
            Layout::Lines(lines) => {
                self.count = 0;
                next_line(lines)
            }
            Layout::Values { scanner, arrays } => loop {
                if *arrays < MAX_DEPTH && scanner.take(b'[')? {
                    *arrays += 1;
                } else if *arrays > 0 && scanner.take(b']')? {
                    *arrays -= 1;
                } else if !scanner.take(b',')? {
                    return scanner.value(MAX_RECORD);
                }
            },
        }
    }

    /// The list of records that a value is or has; else the value.
    fn list_in(&self, piece: Piece) -> Result<List, Piece> {
        let arrays = if let Layout::Values { arrays, .. } = self.layout { arrays } else { 0 };
        let depth = arrays + self.lists.len();
        match list_range(piece.bytes(), self.list_names).filter(|_| depth < MAX_DEPTH) {
            Some((start, end)) => Ok(List::new(piece.into_bytes(), start, end)),
            None => Err(piece),
        }
    }
}

impl Next {
    fn of(piece: Piece) -> Self {
        match piece {
            Piece::Whole(bytes) => Self::Record(bytes),
            Piece::Long(len) => {
                Self::Rejected(len, format!("longer than {MAX_RECORD} bytes; write its records one a line (`jq -c`)"))
            }
            Piece::Cut { len, .. } => {
                Self::Rejected(len, "it has no end: the file is cut; get it again whole".to_owned())
            }
        }
    }
}

impl List {
    /// The list in `bytes` whose values begin at `start`; nothing from `end` on belongs to it.
    fn new(mut bytes: Vec<u8>, start: usize, end: usize) -> Self {
        bytes.truncate(end);
        bytes.drain(..start.min(end));
        Self { len: bytes.len() as u64, scanner: Scanner::new(Cursor::new(bytes)) }
    }

    /// The next value.
    fn next(&mut self) -> io::Result<Option<Piece>> {
        while self.scanner.take(b',')? {}
        if self.scanner.peek()? == Some(b']') { Ok(None) } else { self.scanner.value(MAX_RECORD) }
    }

    /// Bytes that are not done with.
    fn left(&self) -> u64 {
        self.len.saturating_sub(self.scanner.position())
    }
}

/// Where the list of records that a value is or has begins, behind its bracket, and ends. An empty one beside an error
/// code is none: the code says why.
fn list_range(value: &[u8], names: &[&str]) -> Option<(usize, usize)> {
    if value.starts_with(b"[") {
        return Some((1, value.len()));
    }
    if names.is_empty() {
        return None;
    }
    let range = member(value, names)?;
    let inner = value.get(range.clone())?.strip_prefix(b"[")?;
    let failed = || member(value, &["errcode"]).and_then(|code| value.get(code)).is_some_and(|code| code != b"0");
    let is_empty = matches!(inner.trim_ascii_start().first(), None | Some(b']'));
    (!is_empty || !failed()).then_some((range.start + 1, range.end))
}

/// Whether the file is a value a line. One of its first two lines may be damaged.
fn is_lines(source: &Arc<dyn RawSource>) -> io::Result<bool> {
    let mut lines = LineReader::new(reader(Arc::clone(source)));
    let Some(Piece::Whole(first)) = next_line(&mut lines)? else { return Ok(false) };
    if first.starts_with(b"[") {
        return Ok(false);
    }
    let second = next_line(&mut lines)?;
    let goes_on = first.last().is_some_and(|last| b"[,:".contains(last));
    Ok(second.is_some_and(|second| is_whole_object(&first) || (is_whole_object(second.bytes()) && !goes_on)))
}

/// The next line that is not blank, without the white space around it.
fn next_line(lines: &mut LineReader) -> io::Result<Option<Piece>> {
    loop {
        match lines.next_line(MAX_RECORD)? {
            Line::Whole(line) if line.trim_ascii().is_empty() => {}
            Line::Whole(line) => return Ok(Some(Piece::Whole(line.trim_ascii().to_vec()))),
            Line::Long(bytes) => return Ok(Some(Piece::Long(bytes))),
            Line::End => return Ok(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        let mut file = RecordFile::open(Arc::new(text.as_bytes().to_vec()), &["list"]).unwrap();
        let mut found = Vec::new();
        loop {
            match file.next().unwrap() {
                Next::Record(record) => {
                    found.push(format!("{}: {}", file.place(), String::from_utf8(record).unwrap()));
                }
                Next::Rejected(bytes, _) => found.push(format!("{}: {bytes} bytes not taken", file.place())),
                Next::End => {
                    assert_eq!(file.bytes_done(), text.len() as u64);
                    return found;
                }
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
            ("{\"a\":[{\n{\"a\":2}\n", &["1: {\"a\":[{", "2: {\"a\":2}"]),
            ("{\"a\":1}\n{\"a\":[\n{\"a\":3}\n", &["1: {\"a\":1}", "2: {\"a\":[", "3: {\"a\":3}"]),
            ("[{\"a\":1},\n{\"a\":2}]", &["1: {\"a\":1}", "2: {\"a\":2}"]),
            ("[{\"a\":1}]\n[2] {\"list\":[3]}", &["1: {\"a\":1}", "2: 2", "3: 3"]),
            ("{\"a\":1}] {\"a\":2}", &["1: {\"a\":1}", "2: ]", "3: {\"a\":2}"]),
            ("{\"x\":1,\"list\":[{\"a\":1},2],\"y\":3}", &["1: {\"a\":1}", "2: 2"]),
            ("{\"list\":[{\"a\":1}},\"y\":3}", &["1: {\"a\":1}", "2: }"]),
            ("{\"list\":[1]}\n{\"list\":[2,3]}\n{}", &["1.1: 1", "2.1: 2", "2.2: 3", "3: {}"]),
            ("{\"list\":[{\"a\":1},{\"a\":", &["1: {\"a\":1}", "2: 5 bytes not taken"]),
            ("[[1]]", &["1: 1"]),
            ("{\"list\":[],\"errcode\":0}", &[]),
            ("{\"list\":[],\"errcode\":7}", &["1: {\"list\":[],\"errcode\":7}"]),
        ] {
            assert_eq!(found(text), expected, "{text}");
        }
    }

    #[test]
    fn what_stands_beside_a_list_is_known() {
        let text = b"{\"list\":[1],\"meta\":{\"a\":2}}\n".to_vec();
        let file = RecordFile::open(Arc::new(text), &["list"]).unwrap();
        assert_eq!(file.document_member("meta"), Some(b"{\"a\":2}".as_slice()));
        assert_eq!(file.document_member("none"), None);
    }

    #[test]
    fn what_is_too_long_is_refused_alone() {
        let long = format!("{{\"a\":1}}\n{{\"a\":\"{}\"}}\n{{\"a\":2}}\n", "x".repeat(MAX_RECORD as usize));
        let lines = found(&long);
        assert!(lines.len() == 3 && lines[1].ends_with("not taken") && lines[2].starts_with("3: {"), "{}", lines.len());
        let list = found(&format!("[{}]", long.trim_end().replace('\n', ",")));
        assert!(list.len() == 3 && list[1].ends_with("not taken") && list[2].starts_with("3: {"), "{}", list.len());
    }
}
