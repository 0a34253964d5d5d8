//! Who has no mailbox, and why.

use crate::model::Participant;

/// Ids that are named with a message.
const NAMED: usize = 8;

/// Characters of an id that are named.
const NAMED_CHARACTERS: usize = 80;

/// The participants of a message who have no mailbox.
#[derive(Debug, Default)]
pub(in crate::archive) struct Unrouted {
    /// Mailboxes that the mapping names and that are not there.
    pub(in crate::archive) missing: Vec<String>,
    unarchived: Vec<String>,
    unknown: Vec<String>,
}

impl Unrouted {
    pub(super) fn no_mailbox(&mut self, address: String) {
        if !self.missing.contains(&address) {
            self.missing.push(address);
        }
    }

    pub(super) fn unarchived(&mut self, participant: &Participant) {
        add(&mut self.unarchived, participant);
    }

    pub(super) fn unknown(&mut self, participant: &Participant) {
        add(&mut self.unknown, participant);
    }

    /// Why a message is nobody's, in words that are the same for many messages.
    pub(in crate::archive) fn reason(&self) -> &'static str {
        if !self.missing.is_empty() {
            "the mapping names a mailbox that is not there"
        } else if !self.unarchived.is_empty() {
            "the mapping says not to archive for those whom it knows, and nobody else matches a mailbox"
        } else {
            "no participant matches a mailbox"
        }
    }

    /// The ids that decide, the first few of them.
    pub(in crate::archive) fn sought(&self) -> Vec<String> {
        let ids = self.missing.iter().chain(&self.unarchived).chain(&self.unknown);
        ids.take(NAMED).map(|id| id.chars().take(NAMED_CHARACTERS).collect()).collect()
    }

    /// The reason with the ids.
    pub(in crate::archive) fn reason_with_ids(&self) -> String {
        let sought = self.sought();
        let more = self.missing.len() + self.unarchived.len() + self.unknown.len() - sought.len();
        match (sought.is_empty(), more) {
            (true, _) => self.reason().to_owned(),
            (false, 0) => format!("{}: {}", self.reason(), sought.join(", ")),
            (false, _) => format!("{}: {} and {more} more", self.reason(), sought.join(", ")),
        }
    }
}

fn add(ids: &mut Vec<String>, participant: &Participant) {
    for id in ids_of(participant) {
        if !ids.contains(&id) && ids.len() < 10_000 {
            ids.push(id);
        }
    }
}

/// What a mapping could have of somebody: number, id and address, else the name.
fn ids_of(participant: &Participant) -> Vec<String> {
    let address = participant.address.as_str();
    let is_real = !address.is_empty() && !address.to_ascii_lowercase().ends_with(".invalid");
    let number = participant.number.as_ref().map(|number| format!("+{number}"));
    let mut ids: Vec<String> = number.into_iter().chain(participant.id.clone()).collect();
    ids.extend(is_real.then(|| address.to_owned()));
    if ids.is_empty() {
        ids.extend([&participant.name, &participant.address].into_iter().find(|text| !text.is_empty()).cloned());
    }
    ids
}
