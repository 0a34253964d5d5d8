//! Consent to labels on items.

use serde_json::Value;

use super::support::{TestArchive, text};
use super::{SECOND, WHY, approvals, asked, give, office, refused};

#[test]
fn a_label_by_which_an_item_could_go_earlier_needs_consent_to_it() {
    let archive = office();
    archive.ok(&["retention", "label", "add", "erase", "--action", "delete", "--period", "0d"]);
    archive.ok(&["retention", "label", "add", "keep", "--action", "retain+delete", "--period", "9y"]);
    archive.ok(&["retention", "label", "set", "keep", "1"]);
    let set = ["retention", "label", "set", "erase", "1", "--reason", "request"];
    refused(&archive, 21, &set, "custodia approval give label.set ");
    refused(&archive, 2, &["approval", "give", "label.set", "1", "--reason", "x"], "LABEL:ITEM");
    refused(&archive, 1, &["approval", "give", "label.set", "erase:9", "--reason", "x"], "no item");
    refused(&archive, 1, &["approval", "give", "label.clear", "9", "--reason", "x"], "no item");
    give(&archive, "label.set", "keep:1", &SECOND);
    refused(&archive, 21, &set, "custodia approval give label.set ");
    let given = give(&archive, "label.set", "erase:1", &SECOND);
    assert_eq!(text(&given, "what"), "label `erase` (delete, P0D) on item 1, which carries `keep`");
    archive.ok(&set);
    archive.ok(&["retention", "label", "set", "keep", "1"]);
    assert_eq!(approvals(&archive), 1, "what keeps longer needs no consent, and uses none up");
    let outcome = text(
        archive
            .ok(&["audit", "log"])
            .iter()
            .rfind(|entry| text(entry, "outcome").contains("approved by second"))
            .expect("an entry"),
        "action",
    );
    assert_eq!(outcome, "retention.label.set");
}

/// Labels that delete at once, that have a reviewer, and that wait for the end of a contract; the mail, kept until 2040.
fn kept_until_2040() -> TestArchive {
    let archive = office();
    let add = |words: &str| {
        let words: Vec<&str> = words.split(' ').collect();
        archive.ok(&[&["retention", "label", "add"], &words[..]].concat());
    };
    add("keep --action retain+delete --period 20y");
    add("erase --action delete --period 0d");
    add("reviewed --action retain+delete --period 1y --review alice");
    add("contract --action retain+delete --period 1y --start event --event-type end");
    add("longer --action retain+delete --period 25y");
    add("more-reviewed --action retain+delete --period 1y --review bob");
    record_end(&archive, "OLD");
    archive.ok(&["retention", "label", "set", "keep", "1"]);
    archive
}

fn record_end(archive: &TestArchive, asset: &str) {
    archive.ok(&["retention", "event", "record", "--type", "end", "--asset-id", asset, "--date", "2018-01-01"]);
}

/// `change` of the label needs a reason, and the consent of somebody else to `object`.
fn needs_reason_and_consent(archive: &TestArchive, change: &[&str], act: &str, object: &str) {
    let change = [&["retention", "label"], change].concat();
    if change.get(2) == Some(&"set") {
        refused(archive, 2, &change, "say why with --reason");
    }
    let change = [&change[..], &WHY].concat();
    refused(archive, 21, &change, &format!("custodia approval give {act} "));
    give(archive, act, object, &SECOND);
    archive.ok(&change);
    assert_eq!(approvals(archive), 0);
}

#[test]
fn a_label_that_retains_is_not_replaced_alone_by_one_that_may_retain_for_less() {
    for (set, object) in [
        (&["set", "reviewed", "1"][..], "reviewed:1"),
        (&["set", "contract", "1"], "contract:1"),
        (&["set", "contract", "1", "--asset-id", "A1"], "contract:1=A1"),
        (&["set", "contract", "1", "--asset-id", "OLD"], "contract:1=OLD"),
        (&["set", "erase", "1"], "erase:1"),
    ] {
        needs_reason_and_consent(&kept_until_2040(), set, "label.set", object);
    }
    let archive = kept_until_2040();
    needs_reason_and_consent(&archive, &["clear", "1"], "label.clear", "1");
    archive.ok(&["retention", "label", "set", "keep", "1"]);
    let longer = archive.ok(&["retention", "label", "set", "longer", "1"]).remove(0);
    assert_eq!(longer.get("earlier"), Some(&Value::Null), "{longer}");
}

#[test]
fn the_asset_of_a_label_is_not_changed_alone() {
    let archive = kept_until_2040();
    archive.ok(&["retention", "label", "set", "keep", "1"]);
    needs_reason_and_consent(&archive, &["set", "contract", "1"], "label.set", "contract:1");
    // Until it is about something, no event can end it.
    archive.ok(&["retention", "label", "set", "contract", "1", "--asset-id", "LIVE"]);
    archive.ok(&["retention", "label", "set", "contract", "1", "--asset-id", "LIVE"]);
    for asset in ["OTHER", "OLD"] {
        let change = ["set", "contract", "1", "--asset-id", asset];
        needs_reason_and_consent(&archive, &change, "label.set", &format!("contract:1={asset}"));
    }
}

#[test]
fn reviewers_are_not_replaced_alone() {
    let archive = kept_until_2040();
    needs_reason_and_consent(&archive, &["set", "reviewed", "1"], "label.set", "reviewed:1");
    needs_reason_and_consent(&archive, &["set", "more-reviewed", "1"], "label.set", "more-reviewed:1");
    needs_reason_and_consent(&archive, &["clear", "1"], "label.clear", "1");
}

#[test]
fn consent_to_a_label_is_to_its_asset_and_to_what_it_takes_the_place_of() {
    let archive = kept_until_2040();
    let set =
        |asset: &'static str| ["retention", "label", "set", "contract", "1", "--asset-id", asset, "--reason", "so"];
    give(&archive, "label.set", "contract:1=LIVE", &SECOND);
    archive.json(21, &set("OLD"));
    archive.ok(&["retention", "label", "set", "longer", "1"]);
    refused(&archive, 21, &set("LIVE"), "has changed since");
    give(&archive, "label.clear", "1", &SECOND);
    let object = asked(&archive, &set("it's C:1"), "label.set").join(" ");
    assert!(object.starts_with('\'') && object.ends_with(":1=it'\\''s C:1'"), "{object}");
    let given = give(&archive, "label.set", "contract:1=it's C:1", &SECOND);
    assert_eq!(
        text(&given, "what"),
        "label `contract` (retain+delete, P1Y) on item 1 about `it's C:1`, which carries `longer`"
    );
    archive.ok(&set("it's C:1"));
    refused(&archive, 21, &["retention", "label", "clear", "1", "--reason", "so"], "has changed since");
}

#[test]
fn consent_to_a_label_is_to_what_the_label_does() {
    let archive = kept_until_2040();
    let label = |words: &str| {
        let words: Vec<&str> = words.split(' ').collect();
        archive.ok(&[&["retention", "label"], &words[..]].concat());
    };
    label("add then --action retain --period 10y --start labelled");
    label("add short --action retain --period 10y --next-label then");
    let set = ["retention", "label", "set", "short", "1", "--reason", "so"];
    for change in ["set-period short 1d", "set-period then 1d"] {
        let given = give(&archive, "label.set", "short:1", &SECOND);
        assert!(text(&given, "what").starts_with("label `short` (retain, P"), "{given}");
        label(change);
        refused(&archive, 21, &set, "has changed since");
    }
    let given = give(&archive, "label.set", "short:1", &SECOND);
    let what = "label `short` (retain, P1D), then `then` (retain, P1D) on item 1, which carries `keep`";
    assert_eq!(text(&given, "what"), what);
    archive.ok(&set);
}
