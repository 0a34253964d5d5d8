//! Names of properties that people look for in items which are no mail.

use super::property::{Properties, Property, Value, id, time_of};

/// Identifiers below 0x8000 and their names.
const TAGGED: [(u16, &str); 26] = [
    (0x001A, "Message class"),
    (0x0037, "Subject"),
    (0x0039, "Submitted"),
    (0x0042, "Author"),
    (0x0060, "Start"),
    (0x0061, "End"),
    (0x007D, "Transport headers"),
    (0x0C1A, "Sender"),
    (0x0E03, "Cc"),
    (0x0E04, "To"),
    (0x0E06, "Delivered"),
    (0x3001, "Name"),
    (0x3004, "Comment"),
    (0x3007, "Created"),
    (0x3008, "Modified"),
    (0x3A06, "Given name"),
    (0x3A08, "Business telephone"),
    (0x3A09, "Home telephone"),
    (0x3A11, "Surname"),
    (0x3A15, "Postal address"),
    (0x3A16, "Company"),
    (0x3A17, "Title"),
    (0x3A18, "Department"),
    (0x3A19, "Office"),
    (0x3A1C, "Mobile telephone"),
    (0x3A24, "Fax"),
];

/// Ends of names of named properties (MS-OXPROPS 2), and what they mean.
const NAMED: [(&str, &str); 14] = [
    ("{00062002-0000-0000-C000-000000000046}/0x8208", "Location"),
    ("{00062002-0000-0000-C000-000000000046}/0x820D", "Start"),
    ("{00062002-0000-0000-C000-000000000046}/0x820E", "End"),
    ("{00062002-0000-0000-C000-000000000046}/0x8232", "Recurrence"),
    ("{00062002-0000-0000-C000-000000000046}/0x8238", "Attendees"),
    ("{00062003-0000-0000-C000-000000000046}/0x8104", "Task start"),
    ("{00062003-0000-0000-C000-000000000046}/0x8105", "Task due"),
    ("{00062003-0000-0000-C000-000000000046}/0x811F", "Task owner"),
    ("{00062004-0000-0000-C000-000000000046}/0x8005", "File as"),
    ("{00062004-0000-0000-C000-000000000046}/0x8083", "E-mail"),
    ("{00062004-0000-0000-C000-000000000046}/0x8093", "E-mail 2"),
    ("{00062004-0000-0000-C000-000000000046}/0x80A3", "E-mail 3"),
    ("{00062008-0000-0000-C000-000000000046}/0x8534", "Mileage"),
    ("{00020329-0000-0000-C000-000000000046}/Keywords", "Categories"),
];

/// The name of a property for people, if it has one.
pub(super) fn known_name(id: u16, name: Option<&str>) -> Option<&'static str> {
    match name {
        Some(name) => NAMED.iter().find(|(known, _)| *known == name).map(|(_, word)| *word),
        None => TAGGED.iter().find(|(known, _)| *known == id).map(|(_, word)| *word),
    }
}

/// Texts and times of an item, one a line, so that a search finds what has no place in a mail.
pub(super) fn listing(properties: &Properties) -> String {
    let lines = properties.iter().filter(|(id, _)| !matches!(id, 0x007D | 0x1000 | 0x1013));
    lines.filter_map(|(id, property)| line(id, property)).collect()
}

fn line(id: u16, property: &Property) -> Option<String> {
    let text = match id {
        id::SUBJECT => super::fields::subject_text(&shown(&property.value)?).to_owned(),
        _ => shown(&property.value)?,
    };
    let name = known_name(id, property.name.as_deref()).or(property.name.as_deref());
    Some(match name {
        Some(name) => format!("{name}: {text}\n"),
        None => format!("0x{id:04X}: {text}\n"),
    })
}

fn shown(value: &Value) -> Option<String> {
    match value {
        Value::Text(text) => Some(text.trim()).filter(|text| !text.is_empty()).map(ToOwned::to_owned),
        Value::Time(ticks) => time_of(*ticks).map(|time| time.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)),
        Value::Many(values) => {
            let texts: Vec<String> = values.iter().filter_map(shown).collect();
            (!texts.is_empty()).then(|| texts.join("; "))
        }
        _ => None,
    }
}
