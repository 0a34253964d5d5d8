//! Exports of many makers are read with as many messages as they have headers.

use super::*;

#[test]
fn samples_have_as_many_messages_as_headers() {
    let Some(shared) = shared() else { return };
    let folder = shared.join("samples/whatsapp-export");
    let index = fs::read_to_string(folder.join("INDEX.tsv")).unwrap();
    let mut wrong = Vec::new();
    for row in index.lines().skip(1) {
        let [file, _, headers, _, without, ..] = row.split('\t').collect::<Vec<_>>()[..] else { panic!("{row}") };
        let (headers, without): (usize, usize) = (headers.parse().unwrap(), without.parse().unwrap());
        let mut read = read_path(&folder.join(file), &options(None));
        let ambiguous = read.rejected.first().is_some_and(|(reason, _)| reason.contains("--date-order"));
        if ambiguous {
            read = read_path(&folder.join(file), &options(Some(DateOrder::Dmy)));
        }
        let system = read.events().into_iter().filter(|event| *event == Event::System).count();
        // One maker leaves the space after a colon away, which the index does not know.
        if read.mails.len() != headers || system + 1 < without || system > without + headers / 3 + 2 {
            wrong.push(format!("{file}: {} of {headers} messages, {system} of {without} system", read.mails.len()));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn samples_are_recognised_by_themselves() {
    let Some(shared) = shared() else { return };
    let read = read_path(
        &shared.join("samples/whatsapp-export"),
        &Options { date_order: Some(DateOrder::Dmy), ..Options::default() },
    );
    let refused: Vec<_> = read.rejected.iter().filter(|(reason, _)| reason.contains("not recognised")).collect();
    // The index, and texts of a single line.
    assert!(refused.len() <= 3, "{refused:?}");
}
