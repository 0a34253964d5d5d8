//! A search as a page for people: what was searched, what was found, and where.

mod keyword_table;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::Write;

use super::{Hit, SearchReport, SearchRequest, SortOrder, Statistics, StatisticsRow};
use crate::Result;
use crate::archive::Archive;
use crate::exporter::html::{Chart, ChartRow, Entry, Page, Piece, grouped};
use crate::query::Expansion;

/// Hits of a report unless the request says.
const HITS: u64 = 200;
/// Senders and mailboxes that are drawn.
const BARS: usize = 12;
/// Rows of a table.
const ROWS: usize = 100;
/// Months that are drawn one by one; a longer time is drawn by years.
const MONTHS: usize = 72;
/// Years between which those without a message are drawn too.
const YEARS: i32 = 150;

impl Archive {
    /// Searches as [`Archive::search`] does, and writes what was found to `out` as one HTML page: counts, charts over
    /// time and by person, and the first 200 hits unless the request has a limit.
    ///
    /// # Errors
    /// As [`Archive::search`]; or `out` cannot be written.
    pub fn search_report(&mut self, request: &SearchRequest, out: &mut dyn Write) -> Result<SearchReport> {
        let limit = request.limit.unwrap_or(HITS);
        let request = SearchRequest { limit: Some(limit), statistics: true, ..request.clone() };
        let facts = self.circumstances(&request);
        let lead = format!("Archive `{}`, {}", self.info.name, self.now());
        let page = RefCell::new(Page::begin(out, title(&request), &lead)?);
        let report = self.search(
            &request,
            &mut |report| overview(&mut page.borrow_mut(), &request, &facts, report),
            &mut |hit| entry(&mut page.borrow_mut(), &hit),
        )?;
        let foot = format!(
            "Made by Custodia {}. This search is in the audit log of archive {} (`custodia audit log`).",
            env!("CARGO_PKG_VERSION"),
            self.info.id
        );
        page.into_inner().finish(&foot)?;
        Ok(report)
    }

    fn circumstances(&self, request: &SearchRequest) -> Vec<(&'static str, String)> {
        let listed = |names: &[String], all: &str| if names.is_empty() { all.to_owned() } else { names.join(", ") };
        let mut facts = vec![
            ("Mailboxes", listed(&request.mailboxes, "all")),
            ("Folders", listed(&request.folders, "all")),
            ("Items", if request.on_hold { "those on hold" } else { "all" }.to_owned()),
            ("Mode", request.mode.as_str().to_owned()),
            ("Searched by", self.session.actor.0.clone()),
            ("At", self.now().to_string()),
        ];
        if request.no_expand {
            facts.push(("People", "only under the names in the query".to_owned()));
        }
        if !self.session.purpose.is_empty() {
            facts.push(("Purpose", self.session.purpose.clone()));
        }
        facts
    }
}

fn title(request: &SearchRequest) -> &'static str {
    match (&request.query, request.keywords.is_empty()) {
        (_, false) => "Search for the rows of a keyword list",
        (Some(_), true) => "Search report",
        (None, true) => "Search of everything",
    }
}

fn overview(
    page: &mut Page<'_>,
    request: &SearchRequest,
    facts: &[(&'static str, String)],
    report: &SearchReport,
) -> Result<()> {
    if let Some(query) = &request.query {
        page.code(query)?;
    }
    let mut figures = vec![("messages", report.messages), ("items", report.items), ("bytes", report.bytes)];
    figures.extend(report.unique.map(|unique| ("different contents", unique)));
    figures.push(("items searched only in part", report.partially_indexed));
    page.figures(&figures)?;
    if report.partially_indexed > 0 {
        page.note(&format!(
            "{} items in scope can be searched only in part. They may match too, and are not counted unless they were \
             found.",
            grouped(report.partially_indexed)
        ))?;
    }
    for warning in &report.warnings {
        page.note(&format!("{}: {}", warning.code, warning.message))?;
    }
    let read = Some(("Read as", report.read_as.clone())).filter(|(_, text)| !text.is_empty());
    let people = report.people.iter().map(|person| ("Also as", also_as(person)));
    page.facts(&read.into_iter().chain(people).chain(facts.iter().cloned()).collect::<Vec<_>>())?;
    if let Some(statistics) = &report.statistics {
        keyword_table::write(page, &report.keywords)?;
        charts(page, statistics)?;
        tables(page, statistics)?;
    }
    page.heading("Hits")?;
    page.paragraph(&hits_shown(request, report))
}

fn hits_shown(request: &SearchRequest, report: &SearchReport) -> String {
    let order = match request.sort {
        SortOrder::Newest => "newest first",
        SortOrder::Oldest => "oldest first",
        SortOrder::Relevance => "the best matches first",
        SortOrder::Sender => "by sender",
        SortOrder::Size => "largest first",
    };
    let (all, noun) = match report.unique {
        Some(unique) => (unique, "different contents"),
        None => (report.items, "items"),
    };
    let after = request.after.map(|after| format!(" after item {after}")).unwrap_or_default();
    match request.limit.filter(|limit| *limit < all) {
        Some(limit) => format!("Up to {} of {} {noun}{after}, {order}.", grouped(limit), grouped(all)),
        None => format!("All {} {noun}{after}, {order}.", grouped(all)),
    }
}

/// A person of a query, and the further names that were searched.
fn also_as(person: &Expansion) -> String {
    format!("{}:{} is {}", person.property, person.value, person.names.join(", "))
}

fn charts(page: &mut Page<'_>, statistics: &Statistics) -> Result<()> {
    page.heading("Over time")?;
    let (undated, dated): (Vec<_>, Vec<_>) = statistics.months.iter().partition(|row| row.name.is_empty());
    page.columns(&over_time(&dated))?;
    if let Some(undated) = undated.first() {
        page.paragraph(&format!("{} messages have no date and are not drawn.", grouped(undated.messages)))?;
    }
    page.heading("By person")?;
    largest(page, "Messages by sender", "senders", &statistics.senders, |row| row.messages)?;
    largest(page, "Items by mailbox", "mailboxes", &statistics.mailboxes, |row| row.items)
}

/// Messages by month, or by year where there are too many months.
fn over_time(months: &[&StatisticsRow]) -> Chart {
    let by_month: BTreeMap<i32, u64> = months.iter().filter_map(|row| Some((month_of(row)?, row.messages))).collect();
    let (Some(first), Some(last)) = (by_month.keys().next(), by_month.keys().next_back()) else {
        return Chart { title: "Messages by month".to_owned(), ..Chart::default() };
    };
    if usize::try_from(last - first).is_ok_and(|span| span < MONTHS) {
        let rows = (*first..=*last).map(|month| {
            let label = format!("{:04}-{:02}", month.div_euclid(12), month.rem_euclid(12) + 1);
            ChartRow::new(label, by_month.get(&month).copied().unwrap_or(0))
        });
        return Chart { title: "Messages by month (UTC)".to_owned(), series: Vec::new(), rows: rows.collect() };
    }
    let mut by_year: BTreeMap<i32, u64> = BTreeMap::new();
    for (month, messages) in &by_month {
        *by_year.entry(month.div_euclid(12)).or_default() += messages;
    }
    let (first, last) = (first.div_euclid(12), last.div_euclid(12));
    if last - first <= YEARS {
        for year in first..=last {
            by_year.entry(year).or_default();
        }
    }
    let rows = by_year.into_iter().map(|(year, messages)| ChartRow::new(year.to_string(), messages));
    Chart { title: "Messages by year (UTC)".to_owned(), series: Vec::new(), rows: rows.collect() }
}

/// Months since the year 0.
fn month_of(row: &StatisticsRow) -> Option<i32> {
    let (year, month) = row.name.rsplit_once('-')?;
    Some(year.parse::<i32>().ok()?.checked_mul(12)? + month.parse::<i32>().ok()? - 1)
}

fn largest(
    page: &mut Page<'_>,
    title: &str,
    noun: &str,
    rows: &[StatisticsRow],
    count: impl Fn(&StatisticsRow) -> u64,
) -> Result<()> {
    let drawn = rows.iter().filter(|row| count(row) > 0).take(BARS);
    let drawn: Vec<_> = drawn.map(|row| ChartRow::new(named(&row.name), count(row))).collect();
    page.bars(&Chart { title: title.to_owned(), series: Vec::new(), rows: drawn })?;
    let rest: u64 = rows.iter().filter(|row| count(row) > 0).skip(BARS).map(&count).sum();
    if rest > 0 {
        let others = rows.iter().filter(|row| count(row) > 0).count() - BARS;
        page.paragraph(&format!("{} more {noun} with {} are not drawn.", grouped(others as u64), grouped(rest)))?;
    }
    Ok(())
}

fn tables(page: &mut Page<'_>, statistics: &Statistics) -> Result<()> {
    page.heading("Where")?;
    for (name, rows) in statistics.lists().into_iter().filter(|(name, _)| *name != "month") {
        let rows_shown = rows.iter().take(ROWS).map(|row| {
            let place = row.mailbox.as_ref().filter(|_| name == "folder").map(|mailbox| format!("{mailbox} / "));
            let name = format!("{}{}", place.unwrap_or_default(), named(&row.name));
            let mut cells = vec![name, grouped(row.messages), grouped(row.items), grouped(row.bytes)];
            cells.extend(row.partially_indexed.map(grouped));
            Ok(cells)
        });
        let name = capitalized(name);
        let heads = [name.as_str(), "Messages", "Items", "Bytes", "Searched in part"];
        let in_part = rows.first().is_some_and(|row| row.partially_indexed.is_some());
        page.table(heads.get(..4 + usize::from(in_part)).unwrap_or(&heads), 1, rows_shown)?;
        if rows.len() > ROWS {
            page.paragraph(&format!(
                "{ROWS} of {} rows; `--stats --csv FILE` writes all.",
                grouped(rows.len() as u64)
            ))?;
        }
    }
    page.paragraph("A message in several mailboxes counts in each of them; items add up to the total in every table.")
}

fn named(name: &str) -> &str {
    if name.is_empty() { "(none named)" } else { name }
}

fn capitalized(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn entry(page: &mut Page<'_>, hit: &Hit) -> Result<()> {
    let mut facts = vec![
        hit.sent_at.map_or_else(|| "(no date)".to_owned(), |sent| sent.to_string()),
        format!("from {}", named(&hit.from)),
        hit.conversation.as_ref().map_or_else(String::new, |chat| format!("chat {}", named(&chat.name))),
    ];
    if hit.places.is_empty() {
        facts.push(format!("{} / {}", hit.mailbox, hit.folder));
    }
    facts.extend(hit.places.iter().map(|place| format!("{}: {} / {}", place.item, place.mailbox, place.folder)));
    let matched: Vec<String> = hit.matched_words().into_iter().filter(|part| part != "body").collect();
    facts.push(if matched.is_empty() { String::new() } else { format!("matches in {}", matched.join("; ")) });
    let id = hit.item.to_string();
    page.entry(&Entry { id: &id, title: &hit.subject, facts: &facts, text: &pieces(hit) })
}

fn pieces(hit: &Hit) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut done = 0;
    for place in hit.highlights.iter().filter(|place| !place.is_empty()) {
        let (before, matched) = (hit.snippet.get(done..place.start), hit.snippet.get(place.clone()));
        if let (Some(before), Some(matched)) = (before, matched) {
            pieces.extend([Piece::Text(before), Piece::Mark(matched)]);
            done = place.end;
        }
    }
    pieces.push(Piece::Text(hit.snippet.get(done..).unwrap_or_default()));
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn month(name: &str, messages: u64) -> StatisticsRow {
        StatisticsRow { name: name.to_owned(), messages, ..StatisticsRow::default() }
    }

    fn drawn(months: &[StatisticsRow]) -> Vec<(String, u64)> {
        let chart = over_time(&months.iter().collect::<Vec<_>>());
        chart.rows.into_iter().map(|row| (row.label, row.values.into_iter().sum())).collect()
    }

    #[test]
    fn months_without_messages_are_drawn_between_others() {
        let expected = [("2023-11", 2), ("2023-12", 0), ("2024-01", 3)].map(|(label, n)| (label.to_owned(), n));
        assert_eq!(drawn(&[month("2023-11", 2), month("2024-01", 3)]), expected);
        assert!(drawn(&[]).is_empty());
    }

    #[test]
    fn long_times_are_drawn_by_years_and_false_dates_do_not_fill_a_page() {
        let years = drawn(&[month("2010-05", 2), month("2010-06", 1), month("2020-01", 3)]);
        assert_eq!((years.len(), years.first()), (11, Some(&("2010".to_owned(), 3))));
        assert_eq!(drawn(&[month("1970-01", 1), month("9999-12", 1)]).len(), 2);
    }
}
