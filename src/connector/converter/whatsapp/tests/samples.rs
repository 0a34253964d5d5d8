//! Exports of many makers are read with as many messages as they have headers.

use super::super::author::split;
use super::super::body::starts_with_mark;
use super::super::header::{Header, Shape};
use super::super::markers::Markers;
use super::super::notices::{is_whole, subject};
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
        let told = notices_of_ios(&folder.join(file));
        // One maker leaves the space after an author away, which the index does not know.
        let without = without - usize::from(file.starts_with("chatminer_"));
        if read.mails.len() != headers || !(without + told.start..=without + told.end).contains(&system) {
            wrong.push(format!(
                "{file}: {} of {headers} messages, {system} of {without} system, {told:?}",
                read.mails.len()
            ));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// How many texts of authors the app wrote on iOS: at least those that begin with a mark and are notices of a known
/// kind, at most all that begin with a mark, and notices whose marks were removed.
fn notices_of_ios(path: &Path) -> std::ops::Range<usize> {
    let text = fs::read(path).unwrap();
    let (mut least, mut most) = (0, 0);
    for line in text.split(|byte| matches!(byte, b'\n' | b'\r')) {
        let Some(header) = Header::parse(line).filter(|header| header.shape != Shape::Dash) else { continue };
        let rest = String::from_utf8_lossy(&line[header.body..]);
        let authored = split(&rest, "", |_| false);
        let marked = starts_with_mark(authored.body);
        let marker = || Markers::get().find(authored.body).is_some();
        least += usize::from(authored.author.is_some() && marked && !marker() && subject(authored.body).is_some());
        most += usize::from(authored.author.is_some() && (marked && !marker() || is_whole(authored.body)));
    }
    least..most
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
