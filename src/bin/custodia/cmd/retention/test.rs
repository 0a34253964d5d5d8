//! `retention test`

use std::path::Path;

use custodia::retention::case::{Difference, Expectation, Verdict, read_cases};
use custodia::{Error, Result};
use serde_json::json;

use crate::exit::PARTLY;
use crate::ui::{Ui, counted, escape};

/// Judges the cases of a file, a JSON line for each; says which are not as expected.
pub(crate) fn test(path: &Path, ui: &Ui) -> Result<u8> {
    let text = std::fs::read_to_string(path).map_err(Error::io("read", path))?;
    let (mut cases, mut expecting, mut differing) = (0_u64, 0_u64, 0_u64);
    for case in read_cases(&text)? {
        let verdict = case.judge().map_err(Error::InvalidInput)?;
        let differences = case.expectation().map(|expectation: &Expectation| expectation.differences(&verdict));
        cases += 1;
        expecting += u64::from(differences.is_some());
        differing += u64::from(differences.as_ref().is_some_and(|found| !found.is_empty()));
        print(&verdict, differences.as_deref(), ui)?;
    }
    ui.status(&format!(
        "{}, {expecting} with an expectation, {differing} otherwise than expected",
        counted(cases, "case")
    ));
    Ok(if differing > 0 { PARTLY } else { 0 })
}

fn print(verdict: &Verdict, differences: Option<&[Difference]>, ui: &Ui) -> Result<()> {
    let mut line = json!({
        "n": verdict.n, "retain_until": verdict.retain_until, "delete_on": verdict.delete_on, "why": verdict.why,
    });
    if let (Some(differences), Some(object)) = (differences, line.as_object_mut()) {
        object.insert("as_expected".to_owned(), differences.is_empty().into());
        if !differences.is_empty() {
            object.insert("differences".to_owned(), json!(differences));
        }
    }
    ui.json(&line)?;
    for Difference { field, expected, found } in differences.into_iter().flatten() {
        ui.warn(&escape(&format!("case {}: {field} is {found}, expected {expected}", verdict.n), true));
    }
    Ok(())
}
