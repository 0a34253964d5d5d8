//! What only the whole of a file tells: who writes in it, and in which order its dates are.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::Datelike;

use super::author::{shown, split};
use super::body::starts_with_mark;
use super::header::{Header, Shape};
use super::lines::Lines;
use super::markers::Markers;
use super::minutes::WrittenMinutes;
use super::notices::{is_certain, subject};
use super::order::{OrderEvidence, media_date};
use super::stamp::WrittenDate;
use crate::message::RawSource;
use crate::model::Digest;

/// Most authors that are told apart.
pub(super) const MOST_AUTHORS: usize = 10_000;

/// Headers in which the app tells that a group was created: after the notice of encryption, or before it.
const BEGINNING: u64 = 2;

/// What only the whole of a file tells.
#[derive(Debug, Default)]
pub(super) struct Survey {
    /// Headers.
    pub(super) headers: u64,
    /// The first message as it is written: what tells a chat without title from others, and what a longer export keeps.
    pub(super) beginning: Option<Digest>,
    /// Those who are named as authors, as they are shown, in the order of their first lines; at most [`MOST_AUTHORS`].
    pub(super) authors: Vec<String>,
    /// The number of each author's first header, from 1; in the order of [`Self::authors`].
    pub(super) first_headers: Vec<u64>,
    /// Whether there were more.
    pub(super) more_authors: bool,
    /// What the dates tell about their order.
    pub(super) order: OrderEvidence,
    /// Whether a text begins with a direction mark: if none does, something has removed them.
    pub(super) marked: bool,
    /// The header, from 1, of the app's own line at the very beginning that tells that the chat is a group. What stands
    /// further down is in longer exports only.
    pub(super) group_created: Option<u64>,
    /// What the app's own lines at the very beginning are about, with their headers.
    first_notices: Vec<(u64, &'static str)>,
    /// Texts after headers in brackets.
    pub(super) bracketed: u64,
    /// The year of dates that have none, if the file tells.
    pub(super) year: Option<i32>,
    /// Whether there are dates without year.
    pub(super) yearless: bool,
    /// Its minutes.
    pub(super) minutes: WrittenMinutes,
    kinds: HashMap<String, LineKinds>,
}

/// How many lines of each kind an author has.
#[derive(Debug, Default)]
struct LineKinds {
    messages: u64,
    notices: u64,
    certain: bool,
}

impl Survey {
    /// Reads a file once. `title` is the chat's, if its name tells.
    ///
    /// # Errors
    /// It cannot be read: a text for people.
    pub(super) fn read(source: &Arc<dyn RawSource>, title: &str) -> Result<Self, String> {
        let (mut survey, mut lines, mut line) = (Self::default(), Lines::new(Arc::clone(source)), Vec::new());
        let mut years = Years::default();
        while let Some(piece) = lines.next(&mut line).map_err(|error| format!("cannot read it: {error}"))? {
            if let Some(header) = piece.begins.then(|| Header::parse(&line)).flatten() {
                survey.add(&header, &line, title, &mut years);
            }
        }
        // The app leaves the year away in the year of the export: after all those that it writes, and not before that of
        // any media.
        survey.year = years.written.map(|year| year + 1).max(years.media);
        Ok(survey)
    }

    fn add(&mut self, header: &Header, line: &[u8], title: &str, years: &mut Years) {
        self.headers += 1;
        self.minutes.add(&header.stamp, self.headers);
        self.beginning.get_or_insert_with(|| Digest::of(line.trim_ascii_end()));
        let media = media_date(line);
        if let WrittenDate::Named { year, .. } = header.stamp.date {
            self.yearless |= year.is_none();
            years.written = years.written.max(year.map(i32::from));
            years.media = years.media.max(media.map(|day| day.year()));
        }
        let written = line.get(header.start..header.end).unwrap_or_default();
        self.order.add(&header.stamp, &String::from_utf8_lossy(written), media);
        let rest = String::from_utf8_lossy(line.get(header.body..).unwrap_or_default());
        let authored = split(&rest, title, |_| false);
        if header.shape == Shape::Bracket {
            self.bracketed += 1;
            self.marked |= starts_with_mark(authored.body);
        } else if self.order.is_undecided() {
            let first = authored.body.trim_start();
            let day_first = Markers::get().find(first).is_some_and(|found| found.day_first);
            if day_first && header.shape == Shape::Dash {
                self.order.add_day_first_wording();
            }
        }
        if self.headers <= BEGINNING {
            let of_app = match header.shape {
                Shape::Dash => authored.author.is_none(),
                _ => starts_with_mark(authored.body),
            };
            if let Some(subject) = subject(authored.body).filter(|_| of_app) {
                self.first_notices.push((self.headers, subject));
                if subject == "created" {
                    self.group_created.get_or_insert(self.headers);
                }
            }
        }
        if let Some(author) = authored.author {
            self.add_author(author, authored.body, header.shape);
        }
    }

    fn add_author(&mut self, author: &str, body: &str, shape: Shape) {
        let author = shown(author);
        if !self.kinds.contains_key(&author) {
            if self.authors.len() == MOST_AUTHORS {
                self.more_authors = true;
                return;
            }
            self.authors.push(author.clone());
            self.first_headers.push(self.headers);
        }
        let lines = self.kinds.entry(author).or_default();
        if shape == Shape::Bracket && starts_with_mark(body) && subject(body).is_some() {
            lines.notices += 1;
            lines.certain |= is_certain(body);
        } else {
            lines.messages += 1;
        }
    }

    /// Whether somebody is an author.
    pub(super) fn knows(&self, author: &str) -> bool {
        self.kinds.contains_key(&shown(author))
    }

    /// Whether somebody writes messages, and not only what the app tells under his name.
    pub(super) fn is_writer(&self, author: &str) -> bool {
        self.kinds.get(&shown(author)).is_some_and(|lines| lines.messages > 0)
    }

    /// Whether it has its beginning, and nothing there is of a group.
    pub(super) fn begins_as_direct(&self) -> bool {
        let is_of_group = |(_, subject): &(u64, &str)| matches!(*subject, "created" | "joined");
        self.first_notices.first() == Some(&(1, "encryption")) && !self.first_notices.iter().any(is_of_group)
    }

    /// The title that notices tell: on iOS they are the chat's own. Who writes nothing but notices is the chat; else it
    /// is who tells of encryption.
    pub(super) fn title(&self) -> Option<&str> {
        let of = |test: fn(&LineKinds) -> bool| {
            let mut found = self.authors.iter().filter(move |author| self.kinds.get(*author).is_some_and(test));
            found.next().filter(|_| found.next().is_none())
        };
        let found = of(|lines| lines.messages == 0 && lines.notices > 0).or_else(|| of(|lines| lines.certain));
        found.map(String::as_str)
    }
}

/// Years that a file tells.
#[derive(Debug, Default)]
struct Years {
    written: Option<i32>,
    media: Option<i32>,
}
