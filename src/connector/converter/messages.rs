//! Converted messages: a file of JSON lines, and the attachments beside it.

use std::io::{self, BufRead, Read};
use std::sync::Arc;

use super::conversion::Conversion;
use crate::connector::attached::Attached;
use crate::connector::input::{Beside, Reader, SourceReader, reader};
use crate::connector::{Raw, Rejection, SourceEvent, SourceRecord};
use crate::message::RawSource;
use crate::message::converted::{AttachmentSource, Record};

/// Bytes of the longest line that is read into memory (64 MiB).
const MAX_LINE: u64 = 64 << 20;

/// The messages of a file, one record a line. Blank lines are passed over; a line that is no record, or whose attachments
/// cannot all be had, is rejected with a reason, and nothing of it is taken.
pub(in crate::connector) struct Messages {
    origin: String,
    beside: Beside,
    reader: SourceReader,
    line_no: u64,
    conversion: Conversion,
    ended: bool,
}

/// A line, or why there is none.
enum Line {
    Whole(Vec<u8>),
    /// Longer than [`MAX_LINE`]; its bytes were passed over.
    Long(u64),
    End,
}

impl Messages {
    /// Starts to read.
    pub(in crate::connector) fn open(origin: String, source: Arc<dyn RawSource>, beside: Beside) -> Self {
        let reader = reader(source);
        let conversion = Conversion::new(beside.faults());
        Self { origin, beside, reader, line_no: 0, conversion, ended: false }
    }

    /// Reads the next line with its end.
    fn line(&mut self) -> io::Result<Line> {
        let mut line = Vec::new();
        self.line_no += 1;
        if self.reader.by_ref().take(MAX_LINE + 1).read_until(b'\n', &mut line)? == 0 {
            return Ok(Line::End);
        }
        if line.len() as u64 <= MAX_LINE {
            return Ok(Line::Whole(line));
        }
        let ended = line.ends_with(b"\n");
        drop(line);
        let skipped = if ended { 0 } else { skip_line(&mut self.reader)? };
        Ok(Line::Long(MAX_LINE + 1 + skipped))
    }

    /// The mail of a record.
    fn convert(&mut self, line: &[u8]) -> Result<SourceRecord, String> {
        let record = Record::parse(line)?;
        let mut files = Vec::with_capacity(record.attachments.len());
        for (index, attachment) in record.attachments.iter().enumerate() {
            let measured = match &attachment.source {
                AttachmentSource::Inline(bytes) => {
                    Attached::measure(Raw::Memory(bytes.clone())).map_err(|error| error.to_string())
                }
                AttachmentSource::Path(path) => self.beside.take(path),
            };
            files.push(measured.map_err(|reason| format!("field `attachments[{index}]`: {reason}"))?);
        }
        self.conversion.convert(self.origin(), &record, &mut files)
    }

    fn origin(&self) -> String {
        format!("{}#{}", self.origin, self.line_no)
    }

    fn stop(&mut self, error: &io::Error) -> SourceEvent {
        self.ended = true;
        let reason = format!("cannot read on from line {}: {error}; import the file again", self.line_no);
        rejected(self.origin.clone(), reason, 0)
    }
}

impl Reader for Messages {}

impl Iterator for Messages {
    type Item = SourceEvent;

    fn next(&mut self) -> Option<SourceEvent> {
        while !self.ended {
            let line = match self.line() {
                Ok(Line::Whole(line)) => line,
                Ok(Line::Long(bytes)) => {
                    let reason = format!(
                        "line {}: longer than {MAX_LINE} bytes; put attachments into files and name them by `path`",
                        self.line_no
                    );
                    return Some(rejected(self.origin(), reason, bytes));
                }
                Ok(Line::End) => break,
                Err(error) => return Some(self.stop(&error)),
            };
            let text = if self.line_no == 1 { line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&line) } else { &line };
            if text.trim_ascii().is_empty() {
                continue;
            }
            return Some(match self.convert(text) {
                Ok(record) => SourceEvent::Record(record),
                Err(reason) => rejected(self.origin(), format!("line {}: {reason}", self.line_no), line.len() as u64),
            });
        }
        self.ended = true;
        None
    }
}

/// Passes over the rest of a line, and gives its length.
fn skip_line(reader: &mut impl BufRead) -> io::Result<u64> {
    let mut skipped = 0;
    loop {
        let bytes = reader.fill_buf()?;
        let newline = memchr::memchr(b'\n', bytes);
        let count = newline.map_or(bytes.len(), |at| at + 1);
        reader.consume(count);
        skipped += count as u64;
        if newline.is_some() || count == 0 {
            return Ok(skipped);
        }
    }
}

fn rejected(origin: String, reason: String, bytes: u64) -> SourceEvent {
    SourceEvent::Rejected(Rejection { origin, reason, bytes })
}

#[cfg(test)]
mod tests {
    use std::fs::{self, File};
    use std::io::Write;
    use std::os::unix::fs::symlink;
    use std::path::Path;

    use super::*;
    use crate::connector::FileRange;
    use crate::connector::input::Attachments;

    fn line(text: &str, more: &str) -> String {
        format!(
            r#"{{"platform":"whatsapp","sent":"2026-03-27T21:41:00Z","sender":{{"number":"1"}},"text":"{text}"{more}}}"#
        )
    }

    fn attached(path: &str) -> String {
        line("see", &format!(r#","attachments":[{{"path":"{path}"}}]"#))
    }

    fn read(folder: &Path, content: &[u8]) -> Vec<SourceEvent> {
        let path = folder.join("chat.jsonl");
        fs::write(&path, content).unwrap();
        records(&path).collect()
    }

    fn records(path: &Path) -> Messages {
        let file = File::open(path).unwrap();
        let len = file.metadata().unwrap().len();
        let beside = Beside::file(path, &Attachments::default()).unwrap();
        Messages::open(path.display().to_string(), Arc::new(FileRange::new(Arc::new(file), 0, len)), beside)
    }

    fn raw(event: &SourceEvent) -> Vec<u8> {
        let SourceEvent::Record(record) = event else { panic!("{event:?}") };
        let mut bytes = vec![0; record.raw.source().len() as usize];
        record.raw.source().read_exact_at(0, &mut bytes).unwrap();
        bytes
    }

    fn reason(event: &SourceEvent) -> &str {
        let SourceEvent::Rejected(rejection) = event else { panic!("{event:?}") };
        &rejection.reason
    }

    #[test]
    fn every_line_is_a_message_a_rejection_or_blank() {
        let folder = tempfile::tempdir().unwrap();
        let content = format!("\u{feff}{}\r\n\n  \n{{\"x\"}}\n{}", line("one", ""), line("two", ""));
        let events = read(folder.path(), content.as_bytes());
        assert_eq!(events.len(), 3);
        let SourceEvent::Record(first) = &events[0] else { panic!("{:?}", events[0]) };
        assert!(first.origin.ends_with("chat.jsonl#1"), "{}", first.origin);
        assert_eq!(first.folder.as_deref(), Some("WhatsApp Archiver"));
        let SourceEvent::Rejected(rejection) = &events[1] else { panic!("{:?}", events[1]) };
        assert!(rejection.origin.ends_with("#4") && rejection.reason.starts_with("line 4: not valid JSON"));
        assert_eq!(rejection.bytes, 6);
        assert!(raw(&events[2]).ends_with(b"\r\n\r\ntwo"));
    }

    #[test]
    fn equal_records_are_different_messages_and_the_same_ones_next_time() {
        let folder = tempfile::tempdir().unwrap();
        let one = format!("{}\n", line("ok", ""));
        let twice: Vec<_> = read(folder.path(), one.repeat(2).as_bytes()).iter().map(raw).collect();
        assert_ne!(twice[0], twice[1]);
        let longer: Vec<_> = read(folder.path(), one.repeat(3).as_bytes()).iter().map(raw).collect();
        assert_eq!(longer[..2], twice[..]);
        let native = format!("{}\n", line("ok", r#","id":"m1""#));
        let twice: Vec<_> = read(folder.path(), native.repeat(2).as_bytes()).iter().map(raw).collect();
        assert_eq!(twice[0], twice[1]);
    }

    #[test]
    fn attachments_come_from_inside_the_folder_only() {
        let outside = tempfile::tempdir().unwrap();
        fs::write(outside.path().join("secret"), "secret").unwrap();
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("media")).unwrap();
        fs::write(folder.path().join("media/a.txt"), "hello").unwrap();
        symlink("media/a.txt", folder.path().join("inside")).unwrap();
        symlink(outside.path(), folder.path().join("outside")).unwrap();
        for (path, expected) in [
            ("media/a.txt", ""),
            ("inside", ""),
            ("none", "cannot read `none`"),
            ("media", "is not a file"),
            ("outside/secret", "is not a file inside"),
            ("../x", "write a path relative"),
            ("/etc/passwd", "write a path relative"),
        ] {
            let events = read(folder.path(), attached(path).as_bytes());
            assert_eq!(events.len(), 1);
            if expected.is_empty() {
                assert!(memchr::memmem::find(&raw(&events[0]), b"\r\naGVsbG8=\r\n").is_some());
            } else {
                assert!(
                    reason(&events[0]).contains(expected) && reason(&events[0]).contains("attachments[0]"),
                    "{events:?}"
                );
                assert!(reason(&events[0]).contains(path));
            }
        }
    }

    #[test]
    fn a_large_mail_stays_on_disk() {
        let folder = tempfile::tempdir().unwrap();
        let content = vec![7_u8; 13 << 20];
        fs::write(folder.path().join("video"), &content).unwrap();
        let events = read(folder.path(), attached("video").as_bytes());
        let SourceEvent::Record(SourceRecord { raw: Raw::Stored(_), .. }) = &events[0] else {
            panic!("{:?}", events[0])
        };
        let record = Record::parse(attached("video").as_bytes()).unwrap();
        let content = crate::message::converted::AttachmentContent(&content);
        assert!(raw(&events[0]) == crate::message::converted::to_mail(&record, &[content], 0).unwrap());
    }

    #[test]
    fn an_overlong_line_is_passed_over() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("chat.jsonl");
        let mut file = File::create(&path).unwrap();
        let blank = vec![b' '; 1 << 20];
        (0..=(MAX_LINE >> 20)).for_each(|_| file.write_all(&blank).unwrap());
        write!(file, "\n{}", line("next", "")).unwrap();
        let events: Vec<_> = records(&path).collect();
        let SourceEvent::Rejected(rejection) = &events[0] else { panic!("{:?}", events[0]) };
        assert_eq!(rejection.bytes, MAX_LINE + (1 << 20) + 1);
        assert!(raw(&events[1]).ends_with(b"next"));
    }
}
