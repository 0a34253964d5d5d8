//! The messages of a chat, in the order of its file.

use std::collections::VecDeque;
use std::io;

use chrono::NaiveDate;

use super::calendar::{day_in, named_day, readings};
use super::clock::LocalClock;
use super::header::Header;
use super::line_record::{ChatFacts, LineRecord};
use super::lines::Lines;
use super::minutes::Minutes;
use super::package::{Media, Package};
use super::renditions::Renditions;
use super::roster::Roster;
use super::stamp::WrittenDate;
use super::survey::Survey;
use super::title::Title;
use crate::connector::converter::conversion::Conversion;
use crate::connector::input::Reader;
use crate::connector::{FileAccount, Occurrence, Rejection, SourceEvent, SourceRecord};
use crate::model::{DateOrder, TimeZone};

/// Bytes of the longest text of a message that is taken (16 MiB).
const MAX_TEXT: usize = 16 << 20;

/// The messages of a chat.
pub(super) struct Chat {
    origin: String,
    lines: Lines,
    line: Vec<u8>,
    /// The message whose lines are being read.
    message: Option<Message>,
    /// Bytes before the first message.
    before: u64,
    events: VecDeque<SourceEvent>,
    ended: bool,
    facts: ChatFacts,
    order: Option<DateOrder>,
    year: Option<i32>,
    clock: LocalClock,
    minutes: Minutes,
    media: Media,
    conversion: Conversion,
    renditions: Renditions,
    roster: Roster,
    account: FileAccount,
    waiting: u64,
    private: bool,
    attached: bool,
    /// Headers so far.
    headers: u64,
}

/// A message with all its lines.
struct Message {
    header: Header,
    line_no: u64,
    /// Its number among the file's headers, from 1.
    header_no: u64,
    /// Its lines as they are, joined by LF.
    raw: Vec<u8>,
    bytes: u64,
    /// Bytes of the text that were too many.
    cut: u64,
}

impl Chat {
    /// Starts to read a chat that was surveyed.
    pub(super) fn new(
        package: Package,
        mut survey: Survey,
        title: Title,
        zone: TimeZone,
        order: Option<DateOrder>,
    ) -> Self {
        let (year, written) = (survey.year, std::mem::take(&mut survey.minutes));
        let minutes = Minutes::new(written, zone.clone(), |date| day(date, order, year).map(|(day, _)| day));
        let roster = Roster::new(&survey, &title);
        let account = FileAccount { date_order: order, conversation: title.id(), ..FileAccount::default() };
        Self {
            origin: package.origin,
            lines: Lines::new(package.text),
            line: Vec::new(),
            message: None,
            before: 0,
            events: VecDeque::new(),
            ended: false,
            order,
            year,
            clock: LocalClock::new(zone.clone()),
            minutes,
            conversion: Conversion::new(package.media.faults()),
            renditions: Renditions::new(&title, &survey),
            media: package.media,
            roster,
            account,
            waiting: 0,
            private: false,
            attached: false,
            headers: 0,
            facts: ChatFacts { title, zone, survey },
        }
    }

    /// Reads until there is an event or the end.
    fn advance(&mut self) -> io::Result<()> {
        while self.events.is_empty() && !self.ended {
            let mut line = std::mem::take(&mut self.line);
            let piece = self.lines.next(&mut line)?;
            self.line = line;
            let Some(piece) = piece else {
                self.end();
                return Ok(());
            };
            let header = if piece.begins { Header::parse(&self.line) } else { None };
            if let Some(header) = header {
                self.finish();
                self.headers += 1;
                let (line_no, header_no, raw) = (self.lines.line_no, self.headers, self.line.clone());
                self.message = Some(Message { header, line_no, header_no, raw, bytes: piece.bytes, cut: 0 });
            } else if let Some(message) = &mut self.message {
                message.add(&self.line, piece.begins, piece.bytes);
            } else if self.line.iter().any(|byte| !byte.is_ascii_whitespace()) && self.line != b"\xef\xbb\xbf" {
                self.before += piece.bytes;
            }
        }
        Ok(())
    }

    /// Gives the message whose lines were read.
    fn finish(&mut self) {
        if self.before > 0 {
            let reason = "text before the first message, as when the file was cut inside of one; export the chat again";
            let bytes = std::mem::take(&mut self.before);
            self.reject(self.origin.clone(), reason.to_owned(), bytes);
        }
        let Some(message) = self.message.take() else { return };
        let origin = format!("{}#{}", self.origin, message.line_no);
        if message.cut > 0 {
            let reason = format!("the end of a message of more than {MAX_TEXT} bytes, which are taken; split the file");
            self.reject(origin.clone(), reason, message.cut);
        }
        match self.convert(&origin, &message) {
            Ok(record) => self.events.push_back(SourceEvent::Record(record)),
            Err(reason) => self.reject(origin, format!("line {}: {reason}", message.line_no), message.bytes),
        }
    }

    fn reject(&mut self, origin: String, reason: String, bytes: u64) {
        self.events.push_back(SourceEvent::Rejected(Rejection { origin, reason, bytes }));
    }

    fn convert(&mut self, origin: &str, message: &Message) -> Result<SourceRecord, String> {
        let stamp = &message.header.stamp;
        let read = day(&stamp.date, self.order, self.year);
        let (day, misread) = read.ok_or("its date does not exist; correct the line")?;
        let time = &stamp.time;
        let local = day.and_hms_opt(time.hour.into(), time.minute.into(), time.second.unwrap_or(0).into());
        let local = local.ok_or("its time does not exist")?;
        let sent = self.clock.instant(local).ok_or("its time does not exist")?;
        let mut line = LineRecord::read(&message.header, &message.raw, sent, &self.facts);
        if let Some(order) = misread {
            line.record.fact("/date_order", &order.as_str().into());
        }
        let mut files = Vec::new();
        if let Some(name) = line.attachment.take() {
            match self.media.find(&name).map(|path| self.media.take(&path)) {
                Some(Ok(file)) => {
                    line.attach(&name);
                    files.push(file);
                }
                Some(Err(reason)) => {
                    self.reject(format!("{}/{name}", self.origin), reason, 0);
                    line.absent.push(name);
                }
                None => line.absent.push(name),
            }
        }
        self.attached |= !files.is_empty();
        self.waiting += u64::from(line.waiting);
        self.private |= line.private;
        self.account.absent_attachments += line.absent.len() as u64;
        let came = files.first().map(|file| file.digest);
        let second = time.second.and_then(|second| u8::try_from(second).ok());
        let rendition = self.renditions.of(&line.record, (sent.timestamp(), second), &line.substance, came);
        let (at, until) = (message.header_no, self.minutes.until(local, message.header_no));
        let mut record = self.conversion.convert(origin.to_owned(), &line.finish()?, &mut files)?;
        record.others = self.roster.until(message.header_no);
        record.occurrence = rendition.map(|rendition| Occurrence { rendition, at, until });
        Ok(record)
    }

    fn end(&mut self) {
        self.finish();
        self.ended = true;
        let unnamed = self.media.unnamed();
        self.events.extend(unnamed);
        let mut account = std::mem::take(&mut self.account);
        account.notes = self.notes();
        self.events.push_back(SourceEvent::Closed(account));
    }

    /// What somebody who relies on the file should know.
    fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        let survey = &self.facts.survey;
        if self.headers == 40_000 || (self.headers == 10_000 && self.attached) {
            notes.push(format!(
                "it has exactly {} messages, the most that the app exports; older ones are missing probably",
                self.headers
            ));
        }
        if survey.bracketed > 0 && !survey.marked {
            notes.push(
                "it has none of the marks by which iOS tells its own texts from typed ones; they are told by wording"
                    .to_owned(),
            );
        }
        if let Some(order) = self.order
            && let impossible @ 1.. = survey.order.impossible_in(order)
        {
            notes.push(format!("{impossible} dates do not exist in the order {order} and were read in another"));
        }
        if let Some(year) = self.year.filter(|_| survey.yearless) {
            notes.push(format!("dates without year are taken to be of {year}"));
        }
        if !self.facts.title.is_stated() {
            notes.push(
                "neither the name of the file nor its text tells the chat's title; under the name that the app gives \
                 the file, its messages would be other ones"
                    .to_owned(),
            );
        }
        if let own @ 1.. = self.media.own_sources {
            notes.push(format!(
                "{own} files that its messages name are chats or mails by themselves; they are not attached, import them"
            ));
        }
        if self.waiting > 0 {
            notes.push(format!("{} messages had not arrived on the phone when it was exported", self.waiting));
        }
        if self.private {
            notes.push("advanced chat privacy was turned on, which stops exports of the chat from then on".to_owned());
        }
        if survey.more_authors {
            notes.push(format!("it has more authors than the {} that are told apart", survey.authors.len()));
        }
        notes
    }
}

/// The day of a date in a file of this order and year; with the order in which it was read if that is not the file's.
fn day(date: &WrittenDate, order: Option<DateOrder>, year: Option<i32>) -> Option<(NaiveDate, Option<DateOrder>)> {
    if let WrittenDate::Named { .. } = date {
        return named_day(date, year.unwrap_or_default()).map(|day| (day, None));
    }
    if let Some(day) = day_in(date, order?) {
        return Some((day, None));
    }
    let shows_year = matches!(date, WrittenDate::Numbers { year_at: Some(0), .. });
    readings(date).next().map(|(order, day)| (day, Some(order).filter(|_| !shows_year)))
}

impl Message {
    fn add(&mut self, line: &[u8], begins: bool, bytes: u64) {
        self.bytes += bytes;
        // What follows a gap would read as if it stood beside what precedes it.
        if self.cut > 0 || self.raw.len() + line.len() >= MAX_TEXT {
            self.cut += bytes;
            return;
        }
        if begins {
            self.raw.push(b'\n');
        }
        self.raw.extend_from_slice(line);
    }
}

impl Reader for Chat {
    fn bytes_done(&self) -> u64 {
        self.lines.bytes_done
    }
}

impl Iterator for Chat {
    type Item = SourceEvent;

    fn next(&mut self) -> Option<SourceEvent> {
        if let Err(error) = self.advance() {
            let reason = format!("cannot read on from line {}: {error}; import the file again", self.lines.line_no);
            self.reject(self.origin.clone(), reason, 0);
            self.end();
        }
        self.events.pop_front()
    }
}
