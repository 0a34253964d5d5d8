//! The platform's own ids of the people in a converted message, and their numbers where their names would mislead.

use std::collections::HashMap;

use serde_json::Value;

use super::converted::{platform_display, shown_key};
use super::encoded_word::unstructured;
use super::participants::{Participants, collapsed};
use crate::model::{Participant, Role};

/// Fills in the ids: from `X-Custodia-Extra`, which has those that no address shows, else from the address.
pub(super) fn fill_ids(participants: &mut Participants, platform: &str, extra: Option<&[u8]>) {
    let ids = members(extra, "/id");
    for_each_author(participants, &ids, |participant, named| {
        let named = named.filter(|id| !id.trim().is_empty());
        participant.id = named.cloned().or_else(|| id_in_address(participant, platform));
    });
}

/// Corrects the numbers that were read from names and addresses, by `X-Custodia-Extra`.
pub(super) fn correct_numbers(participants: &mut Participants, extra: Option<&[u8]>) {
    let numbers = members(extra, "/number");
    for_each_author(participants, &numbers, |participant, named| {
        if let Some(number) = named {
            participant.number = Some(number.clone()).filter(|number| !number.is_empty());
        }
    });
}

/// Texts by the people that they belong to, as JSON Pointers.
type Members = HashMap<String, String>;

/// Calls `change` with everybody whom the record itself names, and what `members` has of them.
fn for_each_author(
    participants: &mut Participants,
    members: &Members,
    change: impl Fn(&mut Participant, Option<&String>),
) {
    let author = participants.by_author;
    for (participant, place) in participants.list.iter_mut().zip(&participants.places).take(author) {
        let named = match participant.role {
            Role::From => members.get("/sender"),
            Role::To if !members.is_empty() => members.get(&format!("/recipients/{place}")),
            _ => None,
        };
        change(participant, named);
    }
}

/// The members of the extra object that are texts and called `name`. A field that is damaged has none: what it says is kept
/// and shown as it stands.
fn members(field: Option<&[u8]>, name: &str) -> Members {
    let json = field.map(|field| unstructured(field, None)).filter(|json| json.contains(&format!("{name}\"")));
    let members: HashMap<String, Value> = json.and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_default();
    let texts = members.into_iter().filter_map(|(pointer, value)| match value {
        Value::String(text) => Some((pointer.strip_suffix(name)?.to_owned(), text)),
        _ => None,
    });
    texts.collect()
}

/// The id that the made address of a person shows; `None` where it shows a number, a name or the platform itself.
fn id_in_address(participant: &Participant, platform: &str) -> Option<String> {
    let (local, domain) = participant.address.rsplit_once('@')?;
    let (label, end) = domain.rsplit_once('.')?;
    if !end.eq_ignore_ascii_case("invalid") || !label.eq_ignore_ascii_case(platform) {
        return None;
    }
    let key = shown_key(local)?;
    let name = participant.name.as_str();
    let is_number = name == key || name.rsplit_once(' ').is_some_and(|(_, last)| last == key);
    let is_platform = key == platform && name == platform_display(platform);
    (!key.trim().is_empty() && !is_number && !is_platform && collapsed(&key) != name).then_some(key)
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use serde_json::json;

    use crate::message::converted::{Person, Record, former_header, to_mail};
    use crate::message::facts;

    fn person(name: &str, number: &str, address: &str, id: &str) -> Person {
        Person { name: name.into(), number: number.into(), address: address.into(), id: id.into() }
    }

    fn record(sender: Option<Person>, recipients: Vec<Person>) -> Record {
        let mut record =
            Record::new("test", "wecom", DateTime::parse_from_rfc3339("2026-03-27T21:41:00Z").expect("a time"));
        (record.sender, record.recipients) = (sender, recipients);
        record.text = "hi".to_owned();
        record
    }

    fn found(record: &Record) -> Vec<Option<String>> {
        let mail = to_mail(&record.clone().within_limits().expect("it is"), &[], 0).expect("no attachments");
        facts(&mail).participants.into_iter().map(|participant| participant.id).collect()
    }

    #[test]
    fn each_person_has_the_id_that_the_platform_gave() {
        let long = "x".repeat(100);
        for (person, expected) in [
            (person("Li Hua", "", "", "lihua"), Some("lihua")),
            (person("", "", "", "li hua/7"), Some("li hua/7")),
            (person("", "", "", "\u{674e}\u{534e}"), Some("\u{674e}\u{534e}")),
            (person("Li Hua", "", "", "13812345678"), Some("13812345678")),
            (person("Li Hua", "8613812345678", "", "lihua"), Some("lihua")),
            (person("Li Hua", "", "li@firm.example", "lihua"), Some("lihua")),
            (person("Li", "", "", &long), Some(long.as_str())),
            (person("Li Hua", "8613812345678", "", ""), None),
            (person("", "8613812345678", "", ""), None),
            (person("Li  Hua", "", "", ""), None),
            (person(&long, "", "", ""), None),
            (person("Li Hua", "", "li@firm.example", ""), None),
        ] {
            let record = record(Some(person.clone()), vec![person.clone()]);
            assert_eq!(found(&record), [expected.map(str::to_owned), expected.map(str::to_owned)], "{person:?}");
        }
        assert_eq!(found(&record(None, vec![person("", "", "", "a")])), [None, Some("a".to_owned())]);
    }

    #[test]
    fn ids_stay_with_their_people_where_some_are_named_twice() {
        let twice = person("Ann", "", "ann@firm.example", "");
        let people = vec![twice.clone(), twice, person("Ben", "", "ben@firm.example", "ben7")];
        let found = found(&record(Some(person("", "", "", "x")), people));
        assert_eq!(found, [Some("x".to_owned()), None, Some("ben7".to_owned())]);
    }

    #[test]
    fn a_number_is_only_what_the_record_calls_one() {
        for (person, expected) in [
            (person("Agent +49 171 1234567", "", "agent@firm.example", ""), None),
            (person("Agent +49 171 1234567", "", "agent@firm.example", "a7"), None),
            (person("Ann 1234567", "", "", "1234567"), None),
            (person("+49 171 1234567", "", "", "49171x"), None),
            (person("Agent +49 171 1234567", "491711234567", "agent@firm.example", ""), Some("491711234567")),
            (person("Agent 7", "491711234567", "agent@firm.example", ""), Some("491711234567")),
            (person("", "491711234567", "", ""), Some("491711234567")),
        ] {
            let record = record(Some(person.clone()), vec![person.clone()]).within_limits().expect("it is");
            let mail = to_mail(&record, &[], 0).expect("no attachments");
            let found: Vec<_> = facts(&mail).participants.into_iter().map(|participant| participant.number).collect();
            assert_eq!(found, [expected.map(str::to_owned), expected.map(str::to_owned)], "{person:?}");
        }
    }

    #[test]
    fn what_tells_that_a_number_is_none_is_left_out_of_the_former_mail() {
        let agent = person("Agent +49 171 1234567", "", "agent@firm.example", "");
        let told = record(Some(agent), vec![]).within_limits().expect("it is");
        let mail = to_mail(&told, &[], 3).expect("no attachments");
        let (header, len) = former_header(&told, &[], 3).expect("a mail").expect("another header");
        let former = [header.as_slice(), mail.get(len as usize..).expect("the rest")].concat();
        let expected = String::from_utf8(mail).expect("UTF-8");
        let expected = expected.replace("X-Custodia-Extra: {\"/sender/number\":\"\"}\r\n", "");
        assert_eq!(String::from_utf8(former).expect("UTF-8"), expected);
        let plain = record(Some(person("Ann", "491711234567", "ann@firm.example", "")), vec![]);
        assert_eq!(former_header(&plain, &[], 0).expect("a mail"), None);
    }

    #[test]
    fn mail_has_no_ids_whatever_it_claims() {
        let mail = b"From: <lihua@wecom.invalid>\nX-Custodia-Extra: {\"/sender/id\":\"boss\"}\n\nhi";
        assert_eq!(facts(mail).participants.first().map(|p| p.id.clone()), Some(None));
        for extra in ["{", "[]", "{\"/sender/id\":7}", "{\"/sender/id\":\" \"}", "{\"/recipients/9/id\":\"a\"}"] {
            let mail = format!("X-Custodia-Platform: wecom\nX-Custodia-Extra: {extra}\nFrom: a@x.org\n\nhi");
            assert_eq!(facts(mail.as_bytes()).participants.first().map(|p| p.id.clone()), Some(None), "{extra}");
        }
    }

    #[test]
    fn ids_do_not_change_the_content_hash() {
        let mut record = record(Some(person("Li Hua", "", "li@firm.example", "lihua")), vec![]);
        record.fact("/forwarded", &json!(true));
        let mail = to_mail(&record, &[], 0).expect("no attachments");
        assert_eq!(
            facts(&mail).content_hash.to_string(),
            "00c8f900b343b8dd9344736f1adbde72a6f75015d3d88d3170d141cc08d26361"
        );
    }
}
