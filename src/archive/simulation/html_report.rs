//! A simulation as a page for people: what would go, when, from where, and what holds keep.

use std::io::Write;

use super::{SampledItem, Simulation, SimulationMonth, SimulationRow};
use crate::Result;
use crate::archive::Archive;
use crate::exporter::html::{Chart, ChartRow, Page, grouped};

/// Bars that are drawn.
const BARS: usize = 12;
/// Rows of a table.
const ROWS: usize = 200;
/// Months that are drawn one by one; a longer time is drawn by years.
const MONTHS: usize = 72;

impl Archive {
    /// Writes what was simulated to `out` as one HTML page.
    ///
    /// # Errors
    /// `out` cannot be written.
    pub fn simulation_report(&self, simulation: &Simulation, out: &mut dyn Write) -> Result<()> {
        let lead = format!("Archive `{}`, as of {}", self.info.name, simulation.as_of);
        let mut page = Page::begin(out, "Retention simulation", &lead)?;
        overview(&mut page, simulation)?;
        page.heading("What can go, and when")?;
        page.columns(&over_time(&simulation.months))?;
        page.paragraph(
            "By the month from which an item can be disposed of at the earliest, as far as that is known (UTC).",
        )?;
        table(&mut page, "By rule", "Deleted under", &simulation.policies)?;
        table(&mut page, "By mailbox", "Mailbox", &simulation.mailboxes)?;
        conflicts(&mut page, simulation)?;
        samples(&mut page, &simulation.samples)?;
        page.finish(&format!(
            "Made by Custodia {} for {} at {}. This simulation is in the audit log of archive {} (`custodia audit log`).",
            env!("CARGO_PKG_VERSION"),
            self.session.actor.0,
            self.now(),
            self.info.id
        ))
    }
}

fn overview(page: &mut Page<'_>, simulation: &Simulation) -> Result<()> {
    let counts = simulation.counts;
    page.figures(&[
        ("items", counts.items),
        ("could be disposed of", counts.eligible),
        ("kept", counts.kept),
        ("on hold", counts.held),
    ])?;
    let Some(then) = &simulation.proposed else { return Ok(()) };
    page.heading("With what is not in force yet")?;
    page.paragraph(&simulation.proposal.join(", "))?;
    page.figures(&[
        ("items", then.items),
        ("could be disposed of", then.eligible),
        ("kept", then.kept),
        ("on hold", then.held),
    ])
}

/// Items by month, or by year where there are too many months.
fn over_time(months: &[SimulationMonth]) -> Chart {
    let by_year = months.len() > MONTHS;
    let name = |month: &SimulationMonth| {
        let year = month.month.rsplit_once('-').filter(|_| by_year).map(|(year, _)| year);
        year.unwrap_or(&month.month).to_owned()
    };
    let mut rows: Vec<ChartRow> = Vec::new();
    for month in months {
        let (label, items) = (name(month), month.proposed.unwrap_or(month.items));
        match rows.last_mut().filter(|row| row.label == label) {
            Some(row) => row.values.iter_mut().for_each(|value| *value += items),
            None => rows.push(ChartRow::new(label, items)),
        }
    }
    Chart { title: "Items that can go".to_owned(), series: Vec::new(), rows }
}

fn table(page: &mut Page<'_>, title: &str, head: &str, rows: &[SimulationRow]) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    page.heading(title)?;
    let eligible = |row: &SimulationRow| row.proposed.unwrap_or(row.counts).eligible;
    let mut largest: Vec<&SimulationRow> = rows.iter().filter(|row| eligible(row) > 0).collect();
    largest.sort_by_key(|row| std::cmp::Reverse(eligible(row)));
    let drawn = largest.iter().take(BARS).map(|row| ChartRow::new(row.name.clone(), eligible(row))).collect();
    page.bars(&Chart { title: "Items that could be disposed of".to_owned(), series: Vec::new(), rows: drawn })?;
    if largest.len() > BARS {
        page.paragraph(&format!("{} more are not drawn.", grouped((largest.len() - BARS) as u64)))?;
    }
    let heads = [head, "Items", "Eligible", "Kept", "On hold", "Eligible then"];
    let columns = heads.len() - usize::from(rows.iter().all(|row| row.proposed.is_none()));
    let shown = rows.iter().take(ROWS).map(|row| {
        let counts = row.counts;
        let numbers = [counts.items, counts.eligible, counts.kept, counts.held].map(grouped);
        let then = row.proposed.map(|then| grouped(then.eligible));
        Ok(std::iter::once(row.name.clone()).chain(numbers).chain(then).collect())
    });
    page.table(heads.get(..columns).unwrap_or(&heads), 1, shown)?;
    if rows.len() > ROWS {
        page.paragraph(&format!("{ROWS} of {} rows; `--json` gives all.", grouped(rows.len() as u64)))?;
    }
    Ok(())
}

fn conflicts(page: &mut Page<'_>, simulation: &Simulation) -> Result<()> {
    if simulation.conflicts.is_empty() {
        return Ok(());
    }
    page.heading("Due, but on hold")?;
    let rows = simulation.conflicts.iter().map(|row| Ok(vec![row.hold.clone(), grouped(row.items)]));
    page.table(&["Hold", "Items"], 1, rows)?;
    page.paragraph(
        "These items would be gone by the date, were it not for the hold. An item under several counts in each.",
    )
}

fn samples(page: &mut Page<'_>, samples: &[SampledItem]) -> Result<()> {
    if samples.is_empty() {
        return Ok(());
    }
    page.heading("Samples")?;
    let rows = samples.iter().map(|sample| {
        let created = sample.created_at.to_string();
        Ok(vec![sample.rule.clone(), sample.item.to_string(), created, sample.mailbox.clone(), sample.subject.clone()])
    });
    page.table(&["Deleted under", "Item", "Created", "Mailbox", "Subject"], 5, rows)?;
    page.paragraph("The first items that each rule deletes; `--list` and `--csv` give all.")
}
