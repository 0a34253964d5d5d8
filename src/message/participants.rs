//! Who took part in a message, as its header says.

use std::collections::{HashMap, HashSet};

use mail_parser::parsers::MessageStream;
use mail_parser::{Addr, Address, HeaderValue};

use super::captured_number::{Shown, captured_number, number_in_address};
use super::encoded_word::structured;
use super::header::Header;
use super::notes::Notes;
use crate::model::{AddressGroup, Participant, Role};

/// Longest address field that is read, in bytes.
const FIELD_LIMIT: usize = 1024 * 1024;

/// Participants of one message that are kept.
const PARTICIPANT_LIMIT: usize = 100_000;

/// Groups of addresses of one message that are kept.
const GROUP_LIMIT: usize = 10_000;

/// Participants, those of the author's own fields first.
#[derive(Debug, Default)]
pub(super) struct Participants {
    /// In the order of the header: first the author's fields, then resent and envelope fields.
    pub(super) list: Vec<Participant>,
    /// How many of them stand in the author's own fields.
    pub(super) by_author: usize,
    /// Groups that they are in, or that stand for nobody.
    pub(super) groups: Vec<AddressGroup>,
    /// Of each participant, how many addresses stand before it in the fields of its role.
    pub(super) places: Vec<usize>,
    addresses: HashMap<Role, usize>,
    seen: HashSet<(Role, String, String)>,
    named_groups: HashSet<(Role, String)>,
}

/// Reads all address fields. Sender counts only where there is no From (RFC 5322 3.6.2: it names the agent,
/// not the author). Resent fields (RFC 5322 3.6.6) name people who took part as well, in the same roles.
/// Somebody named twice in one role with one name is one participant.
pub(super) fn participants(header: &Header<'_>, charset: Option<&str>, notes: &mut Notes) -> Participants {
    let mut participants = Participants::default();
    let has_author = header.fields.iter().any(|field| field.name.eq_ignore_ascii_case(b"from"));
    for field in &header.fields {
        if let Some(role) = author_role(field.name, has_author) {
            participants.add(role, field.value, charset, notes);
        }
    }
    participants.by_author = participants.list.len();
    for field in &header.fields {
        if let Some(role) = other_role(field.name) {
            participants.add(role, field.value, charset, notes);
        }
    }
    participants
}

/// Who sent a message in the name of those in its From field (RFC 5322 3.6.2).
pub(super) fn agents(header: &Header<'_>, charset: Option<&str>) -> Vec<Participant> {
    let mut agents = Participants::default();
    if header.first("from").is_some() {
        // What is cut here keeps nothing from being searched.
        let mut notes = Notes::default();
        header.all("sender").for_each(|value| agents.add(Role::From, value, charset, &mut notes));
    }
    agents.list
}

fn author_role(name: &[u8], has_author: bool) -> Option<Role> {
    let is = |word: &str| name.eq_ignore_ascii_case(word.as_bytes());
    match name.len() {
        2 if is("to") => Some(Role::To),
        2 if is("cc") => Some(Role::Cc),
        3 if is("bcc") => Some(Role::Bcc),
        4 if is("from") => Some(Role::From),
        6 if is("sender") && !has_author => Some(Role::From),
        _ => None,
    }
}

fn other_role(name: &[u8]) -> Option<Role> {
    const ROLES: [(&str, Role); 8] = [
        ("resent-from", Role::From),
        ("resent-to", Role::To),
        ("resent-cc", Role::Cc),
        ("resent-bcc", Role::Bcc),
        ("delivered-to", Role::Envelope),
        ("x-original-to", Role::Envelope),
        ("envelope-to", Role::Envelope),
        ("x-envelope-to", Role::Envelope),
    ];
    ROLES.iter().find(|(word, _)| name.eq_ignore_ascii_case(word.as_bytes())).map(|(_, role)| *role)
}

impl Participants {
    /// Adds those whom fields name as the owners of an item: addresses with commas or semicolons between them.
    /// Who is named already is not named again.
    pub(super) fn add_users(&mut self, header: &Header<'_>, fields: &[&str], notes: &mut Notes) {
        let mut known: HashSet<String> = self.list.iter().map(|person| person.address.to_lowercase()).collect();
        let mut users = Self::default();
        for value in fields.iter().flat_map(|name| header.all(name)) {
            let commas: Vec<u8> = value.iter().map(|byte| if *byte == b';' { b',' } else { *byte }).collect();
            users.add(Role::Envelope, &commas, None, notes);
        }
        self.list.extend(users.list.into_iter().filter(|user| known.insert(user.address.to_lowercase())));
    }

    /// Reads the numbers that the mails of a chat show.
    pub(super) fn read_numbers(&mut self, shown: Shown) {
        for person in &mut self.list {
            person.number = captured_number(person, shown);
        }
    }

    fn add(&mut self, role: Role, value: &[u8], charset: Option<&str>, notes: &mut Notes) {
        let mut value = value;
        if let Some(start) = value.get(..FIELD_LIMIT) {
            notes.partial("long_field", format!("only the first {FIELD_LIMIT} bytes of an address field are read"));
            value = start.get(..memchr::memrchr(b',', start).unwrap_or(FIELD_LIMIT)).unwrap_or_default();
        }
        let value = structured(value, charset);
        let HeaderValue::Address(addresses) = MessageStream::new(&value).parse_address() else { return };
        match addresses {
            Address::List(list) => self.extend(role, list, notes),
            Address::Group(groups) => {
                for group in groups {
                    self.add_group(role, group.name.as_deref().unwrap_or_default(), notes);
                    self.extend(role, group.addresses, notes);
                }
            }
        }
    }

    fn add_group(&mut self, role: Role, name: &str, notes: &mut Notes) {
        let name = collapsed(name);
        if name.is_empty() || !self.named_groups.insert((role, name.clone())) {
            return;
        }
        if self.groups.len() >= GROUP_LIMIT {
            notes.partial("too_many_groups", format!("only the first {GROUP_LIMIT} groups of addresses are read"));
            return;
        }
        self.groups.push(AddressGroup { role, name });
    }

    fn extend(&mut self, role: Role, addresses: Vec<Addr<'_>>, notes: &mut Notes) {
        for address in addresses {
            if self.list.len() >= PARTICIPANT_LIMIT {
                notes.partial("too_many_participants", format!("more than {PARTICIPANT_LIMIT} participants"));
                return;
            }
            let addresses = self.addresses.entry(role).or_default();
            let place = *addresses;
            *addresses += 1;
            let name = collapsed(address.name.as_deref().unwrap_or_default());
            let address = address.address.as_deref().unwrap_or_default().trim().to_owned();
            if name.is_empty() && address.is_empty() {
                continue;
            }
            if self.seen.insert((role, address.to_lowercase(), name.clone())) {
                let number = number_in_address(&address);
                self.list.push(Participant { role, name, address, number, id: None });
                self.places.push(place);
            }
        }
    }
}

/// White space runs become one space.
pub(super) fn collapsed(text: &str) -> String {
    let mut collapsed = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !collapsed.is_empty() {
            collapsed.push(' ');
        }
        collapsed.push_str(word);
    }
    collapsed
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(header: &str) -> Vec<String> {
        let header = Header::of_message(header.as_bytes());
        participants(&header, None, &mut Notes::default())
            .list
            .iter()
            .map(|p| format!("{}|{}|{}|{}", p.role.as_str(), p.name, p.address, p.number.as_deref().unwrap_or("-")))
            .collect()
    }

    #[test]
    fn every_notation_names_the_same_people() {
        for (header, expected) in [
            ("From: Ann Lee <Ann@Example.com>\n", vec!["from|Ann Lee|Ann@Example.com|-"]),
            ("From: \"Lee, Ann\" <a@x.org>\r\n", vec!["from|Lee, Ann|a@x.org|-"]),
            ("From: a@x.org (Ann Lee)\n", vec!["from|Ann Lee|a@x.org|-"]),
            ("From: a@x.org", vec!["from||a@x.org|-"]),
            ("From: =?utf-8?Q?Gr=C3?= =?utf-8?Q?=BCn=2C_A?= <a@x.org>\n", vec!["from|Gr\u{fc}n, A|a@x.org|-"]),
            ("From: \"=?utf-8?B?R3LDvG4=?=\" <a@x.org>\n", vec!["from|Gr\u{fc}n|a@x.org|-"]),
            (
                "To: a@x.org,\n b@x.org, a@X.ORG, A <a@x.org>\n",
                vec!["to||a@x.org|-", "to||b@x.org|-", "to|A|a@x.org|-"],
            ),
            ("To: Team: a@x.org, B <b@x.org>;, c@x.org\n", vec!["to||a@x.org|-", "to|B|b@x.org|-", "to||c@x.org|-"]),
            ("To: undisclosed-recipients:;\n", vec![]),
            ("Sender: s@x.org\nTo: t@x.org\n", vec!["from||s@x.org|-", "to||t@x.org|-"]),
            ("Sender: s@x.org\nFrom: f@x.org\n", vec!["from||f@x.org|-"]),
            ("Bcc: b@x.org\nCC: c@x.org\n", vec!["bcc||b@x.org|-", "cc||c@x.org|-"]),
            ("Delivered-To: d@x.org\nTo: t@x.org\n", vec!["to||t@x.org|-", "envelope||d@x.org|-"]),
            ("Resent-From: r@x.org\nFrom: f@x.org\n", vec!["from||f@x.org|-", "from||r@x.org|-"]),
            ("From: Ann Lee 445204334324 <x@y.z>\n", vec!["from|Ann Lee 445204334324|x@y.z|-"]),
            ("From: +15551234567@sms.example\n", vec!["from||+15551234567@sms.example|15551234567"]),
            ("From: \n", vec![]),
        ] {
            assert_eq!(read(header), expected, "{header}");
        }
    }

    #[test]
    fn groups_are_named_beside_their_members() {
        for (header, expected) in [
            ("To: Team: a@x.org, B <b@x.org>;, c@x.org\n", &["to|Team"][..]),
            ("To: undisclosed-recipients:;\n", &["to|undisclosed-recipients"]),
            (
                "To: undisclosed recipients: ;\nCc: \"The; board\": a@x.org;\n",
                &["to|undisclosed recipients", "cc|The; board"],
            ),
            ("Bcc: =?utf-8?Q?Gr=C3=BCne?=\n =?utf-8?Q?_Gruppe?=: a@x.org;\n", &["bcc|Gr\u{fc}ne Gruppe"]),
            ("To: One: a@x.org;, Two:;, One:;\n", &["to|One", "to|Two"]),
            ("To: Open: a@x.org, b@x.org\n", &["to|Open"]),
            ("From: Nobody:;\nTo: a@x.org\n", &["from|Nobody"]),
            ("To: \"a: b\" <a@x.org>\n", &[]),
        ] {
            let found = participants(&Header::of_message(header.as_bytes()), None, &mut Notes::default()).groups;
            let found: Vec<_> = found.iter().map(|group| format!("{}|{}", group.role.as_str(), group.name)).collect();
            assert_eq!(found, expected, "{header}");
        }
    }

    #[test]
    fn raw_eight_bit_names_are_guessed() {
        let header = Header::of_message(b"From: Gr\xfcn <g@x.org>\n");
        let people = participants(&header, None, &mut Notes::default());
        assert_eq!(people.list[0].name, "Gr\u{fc}n");
    }
}
