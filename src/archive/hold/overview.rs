//! The report over all holds: a row for each, and a page.

use std::io::Write;

use super::details::held_items;
use super::{HoldReport, HoldState, delay_until};
use crate::Result;
use crate::archive::Archive;
use crate::exporter::html::{Chart, ChartRow, Page};
use crate::model::UtcTime;
use crate::store::{holds, last_message};

/// The heads of the report's columns.
pub const HOLD_COLUMNS: [&str; 26] = [
    "Hold",
    "Kind",
    "Case",
    "Name",
    "Locations",
    "Folders",
    "Query",
    "From",
    "Before",
    "Duration",
    "Created by",
    "Created at",
    "State",
    "Evaluation",
    "Matching items",
    "Partially indexed items",
    "Messages",
    "Bytes",
    "Oldest item",
    "Newest item",
    "Released by",
    "Released at",
    "Release reason",
    "Delay until",
    "Unevaluated items",
    "Query cannot be read because",
];

/// A hold with what it keeps now, durations counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HoldRow {
    /// The hold and where it stands.
    pub report: HoldReport,
    /// How far its locations were searched: `success` or `pending`; `error` if its query is refused by now.
    pub evaluation: &'static str,
    /// Items that it keeps because they match, or are in its locations.
    pub matching: u64,
    /// Items that it keeps only because not all of them can be searched.
    pub partially_indexed: u64,
    /// Items that it keeps only because nobody knows whether they match.
    pub unevaluated: u64,
    /// Messages of both.
    pub messages: u64,
    /// Their raw bytes.
    pub bytes: u64,
    /// When the oldest item was created.
    pub oldest: Option<UtcTime>,
    /// When the newest item was created.
    pub newest: Option<UtcTime>,
}

impl HoldRow {
    /// The cells, in the order of [`HOLD_COLUMNS`].
    pub fn cells(&self) -> Vec<String> {
        let (hold, scope) = (&self.report.hold, &self.report.hold.scope);
        let time = |time: Option<UtcTime>| time.map_or_else(String::new, |time| time.to_string());
        let locations =
            if scope.mailboxes.is_none() { "all mailboxes".to_owned() } else { self.report.mailboxes.join(", ") };
        let released = hold.released.as_ref();
        vec![
            hold.id.to_string(),
            self.report.kind().to_owned(),
            self.report.case.clone().unwrap_or_default(),
            hold.name.clone(),
            locations,
            scope.folders.join(", "),
            scope.query.clone().unwrap_or_default(),
            time(scope.from),
            time(scope.before),
            hold.duration.map_or_else(String::new, |duration| duration.to_string()),
            hold.placed_by.0.clone(),
            hold.placed_at.to_string(),
            self.report.state.to_string(),
            self.evaluation.to_owned(),
            self.matching.to_string(),
            self.partially_indexed.to_string(),
            self.messages.to_string(),
            self.bytes.to_string(),
            time(self.oldest),
            time(self.newest),
            released.map_or_else(String::new, |release| release.by.0.clone()),
            time(released.map(|release| release.at)),
            released.map_or_else(String::new, |release| release.reason.clone()),
            time(released.map(|release| delay_until(release, hold.delay_ended.as_ref()))),
            self.unevaluated.to_string(),
            self.report.unread.as_ref().map_or_else(String::new, |unread| unread.why.clone()),
        ]
    }
}

impl Archive {
    /// A row for each hold, released ones included, in the order of placing.
    ///
    /// # Errors
    /// The store or the index failed.
    pub fn hold_rows(&mut self) -> Result<Vec<HoldRow>> {
        self.settle()?;
        let snapshot = self.store.snapshot()?;
        let mut all = holds(&snapshot)?;
        all.sort_by_key(|hold| (hold.placed_at, hold.id));
        let held = held_items(&snapshot, &all, self.now())?;
        let last = last_message(&snapshot)?;
        let evaluation = |HoldReport { hold, unread, .. }: &HoldReport| {
            if unread.as_ref().is_some_and(|unread| !unread.is_former) {
                "error"
            } else if !hold.scope.is_narrowed() || super::coverage::known_through(hold.evaluation) >= last {
                "success"
            } else {
                "pending"
            }
        };
        let rows = self.reports(&snapshot, all)?.into_iter().zip(held).map(|(report, held)| HoldRow {
            evaluation: evaluation(&report),
            matching: held.items.len() - held.partially_indexed - held.unevaluated,
            partially_indexed: held.partially_indexed,
            unevaluated: held.unevaluated,
            messages: held.messages.len(),
            bytes: held.bytes,
            oldest: held.oldest,
            newest: held.newest,
            report,
        });
        let rows: Vec<HoldRow> = rows.collect();
        self.record_alone("hold.report", "", &format!("{} holds", rows.len()))?;
        Ok(rows)
    }

    /// Writes the report over all holds to `out` as one HTML page.
    ///
    /// # Errors
    /// The store or the index failed, or `out` cannot be written.
    pub fn hold_page(&mut self, out: &mut dyn Write) -> Result<Vec<HoldRow>> {
        let rows = self.hold_rows()?;
        let lead = format!("Archive `{}`, {}", self.info.name, self.now());
        let mut page = Page::begin(out, "Holds", &lead)?;
        let holding = |state: HoldState| rows.iter().filter(|row| row.report.state == state).count() as u64;
        page.figures(&[
            ("on", holding(HoldState::On) + holding(HoldState::QueryChanged)),
            ("in the delay after a release", holding(HoldState::Delay)),
            ("off", holding(HoldState::Off)),
            ("drafts", holding(HoldState::Draft)),
        ])?;
        let bars = rows.iter().filter(|row| row.report.state.holds()).map(|row| ChartRow {
            label: row.report.hold.name.clone(),
            values: vec![row.matching, row.partially_indexed, row.unevaluated],
        });
        page.bars(&Chart {
            title: "Items held, by hold".to_owned(),
            series: ["matching", "partially indexed", "not known, the query cannot be read"]
                .map(str::to_owned)
                .to_vec(),
            rows: bars.collect(),
        })?;
        page.table(&HOLD_COLUMNS, HOLD_COLUMNS.len(), rows.iter().map(|row| Ok(row.cells())))?;
        page.finish(&format!(
            "Made by Custodia {}. This report is in the audit log of archive {} (`custodia audit log`).",
            env!("CARGO_PKG_VERSION"),
            self.info.id
        ))?;
        Ok(rows)
    }
}
