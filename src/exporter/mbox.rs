//! A file for each folder, as RFC 4155 has it, with the quoting of mboxrd.

use std::io::{self, Write};

use super::directory::ExportFile;
use super::{Content, ExportDirectory, ExportedItem, Exporter};
use crate::model::{Participant, Role, UtcTime};
use crate::{Error, Result};

/// Writes `MAILBOX/FOLDER.mbox`. Each line of a message that `From ` begins, whatever `>` stand before it, gets a `>` more, so
/// that a reader of mboxrd takes one away and has the bytes that arrived, but for a line end that a message may lack.
#[derive(Default)]
pub(super) struct Mbox {
    open: Option<ExportFile>,
}

impl Exporter for Mbox {
    fn item(
        &mut self,
        item: &ExportedItem<'_>,
        content: &mut dyn Content,
        directory: &mut ExportDirectory,
    ) -> Result<String> {
        let path = format!("{}.mbox", item.place);
        let mut file = match self.open.take() {
            Some(open) if open.path() == path => open,
            other => {
                other.map(|done| directory.add(done)).transpose()?;
                directory.file(&path)?
            }
        };
        let failed = Error::io("write", &path);
        let mut quoted = Quoted { out: &mut file, matched: Some(0), ended: true };
        let separator = separator(item);
        let written = quoted.out.write_all(separator.as_bytes());
        content.write_raw(&mut quoted)?;
        written.and_then(|()| quoted.end()).map_err(failed)?;
        self.open = Some(file);
        Ok(path)
    }

    fn finish(&mut self, directory: &mut ExportDirectory) -> Result<()> {
        self.open.take().map_or(Ok(()), |file| directory.add(file).map(drop))
    }
}

/// The line before a message: who sent it, and when, in UTC (RFC 4155 appendix A).
fn separator(item: &ExportedItem<'_>) -> String {
    let author = item.facts.participants.iter().find(|participant| participant.role == Role::From);
    let address = author.map(|Participant { address, .. }| address.as_str()).unwrap_or_default();
    let is_word = !address.is_empty() && address.chars().all(|c| !c.is_whitespace() && !c.is_control());
    let sender = if is_word { address } else { "MAILER-DAEMON" };
    let time = item.facts.sent_at.or(item.facts.received_at).unwrap_or(item.captured_at);
    format!("From {sender} {}\n", asctime(time))
}

/// As C's `asctime` writes a time.
fn asctime(time: UtcTime) -> String {
    time.to_chrono().format("%a %b %e %H:%M:%S %Y").to_string()
}

/// Writes a message with its `From ` lines quoted.
struct Quoted<'o> {
    out: &'o mut ExportFile,
    /// At the beginning of a line, behind `>` at most: how much of `From ` stands there. `None` where the rest of the line is
    /// as it is.
    matched: Option<usize>,
    /// Whether the last byte was a line feed.
    ended: bool,
}

const FROM: &[u8] = b"From ";

impl Quoted<'_> {
    /// Ends the message with a blank line.
    fn end(mut self) -> io::Result<()> {
        self.pass()?;
        self.out.write_all(if self.ended { b"\n" } else { b"\n\n" })
    }

    /// Writes what looked like `From ` so far, and takes the rest of the line as it is.
    fn pass(&mut self) -> io::Result<()> {
        let matched = self.matched.take().and_then(|matched| FROM.get(..matched));
        self.out.write_all(matched.unwrap_or_default())
    }

    /// Takes a byte of a line's beginning; whether it is dealt with.
    fn quote(&mut self, matched: usize, byte: u8) -> io::Result<bool> {
        if matched == 0 && byte == b'>' {
            self.out.write_all(b">")?;
        } else if FROM.get(matched) != Some(&byte) {
            self.pass()?;
            return Ok(false);
        } else if matched + 1 < FROM.len() {
            self.matched = Some(matched + 1);
        } else {
            self.matched = None;
            self.out.write_all(b">From ")?;
        }
        Ok(true)
    }
}

impl Write for Quoted<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut rest = bytes;
        while let Some((first, others)) = rest.split_first() {
            if let Some(matched) = self.matched
                && self.quote(matched, *first)?
            {
                rest = others;
                continue;
            }
            let line = memchr::memchr(b'\n', rest).map_or(rest.len(), |at| at + 1);
            let (line, others) = rest.split_at(line);
            self.out.write_all(line)?;
            self.matched = line.ends_with(b"\n").then_some(0);
            rest = others;
        }
        self.ended = bytes.last().map_or(self.ended, |byte| *byte == b'\n');
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What stands in a file behind `chunks` of one message.
    fn written(chunks: &[&[u8]]) -> Vec<u8> {
        let directory = tempfile::tempdir().unwrap();
        let export = ExportDirectory::begin(directory.path()).unwrap();
        let mut file = export.file("a.mbox").unwrap();
        let mut quoted = Quoted { out: &mut file, matched: Some(0), ended: true };
        for chunk in chunks {
            quoted.write_all(chunk).unwrap();
        }
        quoted.end().unwrap();
        file.flush().unwrap();
        std::fs::read(directory.path().join("a.mbox")).unwrap()
    }

    #[test]
    fn lines_that_would_begin_a_message_are_quoted() {
        for (message, quoted) in [
            ("A: b\n\nFrom here\n", "A: b\n\n>From here\n\n"),
            ("From \n>From x\n>>From \n> From\nfrom \nFrom\n", ">From \n>>From x\n>>>From \n> From\nfrom \nFrom\n\n"),
            ("a\r\nFrom b", "a\r\n>From b\n\n"),
            ("a\n>>", "a\n>>\n\n"),
            ("", "\n"),
        ] {
            assert_eq!(String::from_utf8(written(&[message.as_bytes()])).unwrap(), quoted, "{message:?}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn how_a_message_is_cut_does_not_matter(text in "(>{0,3}(From |Fro|From:|x)[ \r]?[a-z]{0,2}\n?){0,6}", cut in 0_usize..60) {
            let bytes = text.as_bytes();
            let (a, b) = bytes.split_at(cut.min(bytes.len()));
            let whole = written(&[bytes]);
            prop_assert_eq!(&written(&[a, b]), &whole);
            let single: Vec<&[u8]> = bytes.chunks(1).collect();
            prop_assert_eq!(&written(&single), &whole);
            // What a reader of mboxrd makes of it.
            let lines: String = String::from_utf8(whole).unwrap().split_inclusive('\n').map(|line| {
                let is_quoted = line.starts_with('>') && line.trim_start_matches('>').starts_with("From ");
                if is_quoted { line.strip_prefix('>').unwrap() } else { line }
            }).collect();
            prop_assert!(lines.strip_prefix(text.as_str()).is_some_and(|end| end == "\n" || end == "\n\n"));
        }
    }
}
