//! What is counted part by part is what counting the hits one by one gives, and copies are one hit wherever they are listed.

use std::collections::BTreeMap;

use super::{Hit, SearchReport, SearchRequest, SortOrder, StatisticsRow};
use crate::archive::test_archive::new_archive;
use crate::archive::{Archive, ImportOptions, Interrupt};
use crate::model::ItemNo;

/// Mails in two mailboxes, every third of which came by three ways, so many that they are counted in several parts.
fn archive() -> (tempfile::TempDir, Archive) {
    let (directory, mut archive) = new_archive();
    for (mailbox, ways) in [("ann@firm.example", &[0, 1][..]), ("ben@firm.example", &[2, 0])] {
        let mails = directory.path().join(mailbox);
        std::fs::create_dir(&mails).unwrap();
        for (n, way) in (0..60).flat_map(|n| ways.iter().map(move |way| (n, way))) {
            if *way > 0 && n % 3 > 0 {
                continue;
            }
            let sender = if n % 7 == 0 { String::new() } else { format!("From: s{}@x.example\n", n % 5) };
            let date = if n % 11 == 0 { String::new() } else { format!("Date: 9 {} 2024 00:00:00 +0000\n", month(n)) };
            let mail = format!("X-Way: {way}\n{sender}{date}Subject: {n}\n\nharbour {}\n", "and ".repeat(n % 4));
            std::fs::write(mails.join(format!("{n}-{way}.eml")), mail).unwrap();
        }
        let options = ImportOptions {
            paths: vec![mails],
            mailbox: Some(mailbox.to_owned()),
            create_mailboxes: true,
            ..ImportOptions::default()
        };
        archive.import(&options, &Interrupt::default(), &mut |_| {}).unwrap();
    }
    (directory, archive)
}

fn month(n: usize) -> &'static str {
    if n.is_multiple_of(2) { "Jan" } else { "Feb" }
}

fn request() -> SearchRequest {
    SearchRequest { query: Some("harbour".to_owned()), ..SearchRequest::default() }
}

fn search(archive: &mut Archive, request: &SearchRequest) -> (SearchReport, Vec<Hit>) {
    let mut hits = Vec::new();
    let visit = &mut |hit| {
        hits.push(hit);
        Ok(())
    };
    (archive.search(request, &mut |_| Ok(()), visit).unwrap(), hits)
}

/// Messages and items of hits by a name; items of one message are neighbours.
fn counted(hits: &[Hit], name: impl Fn(&Hit) -> String) -> BTreeMap<String, (u64, u64)> {
    let mut counted: BTreeMap<String, (Vec<_>, u64)> = BTreeMap::new();
    for hit in hits {
        let (messages, items) = counted.entry(name(hit)).or_default();
        messages.push(hit.message);
        *items += 1;
    }
    let distinct = |(name, (mut messages, items)): (String, (Vec<_>, u64))| {
        messages.sort_unstable();
        messages.dedup();
        (name, (messages.len() as u64, items))
    };
    counted.into_iter().map(distinct).collect()
}

fn rows(rows: &[StatisticsRow]) -> BTreeMap<String, (u64, u64)> {
    rows.iter().map(|row| (row.name.clone(), (row.messages, row.items))).collect()
}

#[test]
fn counts_by_place_sender_and_time_are_those_of_the_hits() {
    let (_directory, mut archive) = archive();
    let (report, hits) = search(&mut archive, &SearchRequest { statistics: true, ..request() });
    let statistics = report.statistics.unwrap();
    assert_eq!(hits.len() as u64, report.items);
    assert_eq!(rows(&statistics.mailboxes), counted(&hits, |hit| hit.mailbox.clone()));
    assert_eq!(rows(&statistics.folders).len(), 1);
    assert_eq!(statistics.folders.len(), 2);
    assert_eq!(rows(&statistics.senders), counted(&hits, |hit| hit.from.clone()));
    let month = |hit: &Hit| hit.sent_at.map_or_else(String::new, |sent| sent.to_string()[..7].to_owned());
    assert_eq!(rows(&statistics.months), counted(&hits, month));
    for rows in [&statistics.senders, &statistics.months, &statistics.platforms] {
        assert_eq!(rows.iter().map(|row| row.bytes).sum::<u64>(), report.bytes);
    }
}

#[test]
fn copies_are_one_hit_in_every_order_and_on_every_page() {
    let (_directory, mut archive) = archive();
    let apart = search(&mut archive, &request()).1;
    for sort in [SortOrder::Newest, SortOrder::Oldest, SortOrder::Sender, SortOrder::Size, SortOrder::Relevance] {
        let request = SearchRequest { dedupe: true, sort, ..request() };
        let (report, hits) = search(&mut archive, &request);
        assert_eq!((report.unique, hits.len()), (Some(60), 60), "{sort:?}");
        let mut places: Vec<ItemNo> = Vec::new();
        for hit in &hits {
            assert_eq!(hit.places.iter().map(|place| place.item).min(), Some(hit.item), "{sort:?}");
            let same = apart.iter().filter(|other| other.subject == hit.subject).count();
            assert_eq!(hit.places.len(), same, "{sort:?}");
            places.extend(hit.places.iter().map(|place| place.item));
        }
        places.sort_unstable();
        let mut items: Vec<ItemNo> = apart.iter().map(|hit| hit.item).collect();
        items.sort_unstable();
        assert_eq!(places, items, "{sort:?}");
        for (at, hit) in hits.iter().enumerate().filter(|(at, _)| at % 9 == 0 && sort.is_lasting()) {
            for place in &hit.places {
                let after = SearchRequest { after: Some(place.item), limit: Some(30), ..request.clone() };
                let page = search(&mut archive, &after).1;
                assert_eq!(page, hits[at + 1..hits.len().min(at + 31)], "{sort:?} {at}");
            }
        }
    }
}
