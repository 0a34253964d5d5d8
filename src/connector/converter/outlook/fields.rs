//! The header of a rebuilt mail.

use std::fmt::Write;

use data_encoding::BASE64;

use super::item::Item;
use super::mailbox::{FROM, Mailbox, RECIPIENT, SENDER};
use super::property::{Properties, id};
use crate::message::converted::unstructured;

/// Characters of a line before it is folded (RFC 5322 2.1.1).
const FOLD_AFTER: usize = 76;

/// Header fields in their order, with folded values.
#[derive(Debug, Default)]
pub(super) struct Fields {
    text: String,
}

impl Fields {
    /// Those that tell who sent what to whom and when.
    pub(super) fn of(item: &dyn Item, identity: &str, word: &str) -> Self {
        let properties = item.properties();
        let mut fields = Self { text: transported(properties.text(id::TRANSPORT_HEADERS).unwrap_or_default()) };
        fields.add_people(item);
        fields.add_missing("Subject", &unstructured(subject(properties)));
        fields.add_missing("Date", &date(properties));
        fields.add_missing("Message-ID", &message_id(properties, identity, word));
        for (name, id) in [("In-Reply-To", id::IN_REPLY_TO), ("References", id::REFERENCES)] {
            let value = properties.text(id).unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ");
            fields.add_missing(name, &unstructured(&value));
        }
        let topic = properties.text(id::TOPIC).unwrap_or_default();
        fields.add_missing("Thread-Topic", &unstructured(topic));
        let index = properties.bytes(id::CONVERSATION_INDEX).unwrap_or_default();
        fields.add_missing("Thread-Index", &BASE64.encode(index.get(..index.len().min(512)).unwrap_or_default()));
        fields.add_missing("Importance", importance(properties));
        fields
    }

    /// Adds a field, unless its value is empty.
    pub(super) fn add(&mut self, name: &str, value: &str) {
        if value.is_empty() {
            return;
        }
        let _ = write!(self.text, "{name}:");
        let mut column = name.len() + 1;
        for word in value.split(' ') {
            let space = if column > 1 && column + word.len() >= FOLD_AFTER && column > name.len() + 1 {
                column = 0;
                "\r\n "
            } else {
                " "
            };
            self.text.push_str(space);
            self.text.push_str(word);
            column += word.len() + 1;
        }
        self.text.push_str("\r\n");
    }

    /// The fields as they stand in the mail, without the blank line.
    pub(super) fn as_bytes(&self) -> &[u8] {
        self.text.as_bytes()
    }

    fn add_missing(&mut self, name: &str, value: &str) {
        if !self.has(name) {
            self.add(name, value);
        }
    }

    fn has(&self, name: &str) -> bool {
        self.values(name).next().is_some()
    }

    /// First lines of the fields of a name.
    fn values(&self, name: &str) -> impl Iterator<Item = &str> {
        self.text.lines().filter_map(move |line| {
            let (found, value) = line.split_once(':')?;
            found.trim_end().eq_ignore_ascii_case(name).then_some(value)
        })
    }

    fn add_people(&mut self, item: &dyn Item) {
        let properties = item.properties();
        let (from, sender) = (Mailbox::of(properties, FROM), Mailbox::of(properties, SENDER));
        if !self.has("From") {
            let author = from.as_ref().or(sender.as_ref());
            self.add("From", &author.map(Mailbox::to_field).unwrap_or_default());
            if let (Some(from), Some(sender)) = (&from, &sender)
                && !from.address.eq_ignore_ascii_case(&sender.address)
            {
                self.add_missing("Sender", &sender.to_field());
            }
        }
        self.add_recipients(item.recipients());
    }

    /// Recipients that the transported header does not name: each in its role if the header has no such field, else as
    /// one of the envelope.
    fn add_recipients(&mut self, recipients: &[Properties]) {
        let header = self.text.to_lowercase();
        let mut rows: [(&str, Vec<String>); 4] =
            [("To", Vec::new()), ("Cc", Vec::new()), ("Bcc", Vec::new()), ("X-Envelope-To", Vec::new())];
        for recipient in recipients {
            let role = recipient.integer(id::RECIPIENT_TYPE).unwrap_or(1) & 0xF;
            let Some(mailbox) = Mailbox::of(recipient, RECIPIENT).filter(|mailbox| !is_named(mailbox, &header)) else {
                continue;
            };
            let row = match role {
                0 => continue,
                2 if !self.has("Cc") => 1,
                3 => 2,
                1 if !self.has("To") => 0,
                _ => 3,
            };
            if let Some((_, mailboxes)) = rows.get_mut(row) {
                mailboxes.push(mailbox.to_field());
            }
        }
        for (name, mailboxes) in rows {
            self.add(name, &mailboxes.join(", "));
        }
    }
}

/// Whether a header in lower case names a person. Where only the name is known and it may be an encoded word there, it is
/// taken for named: it would be counted twice otherwise.
fn is_named(mailbox: &Mailbox, header: &str) -> bool {
    let invented = mailbox.address.ends_with(".invalid");
    let name = mailbox.name.to_lowercase();
    !header.is_empty()
        && (header.contains(&mailbox.address.to_lowercase())
            || (invented && !name.is_empty() && (!name.is_ascii() || header.contains(&name))))
}

/// The lines of transported fields, but for those that describe parts which are made anew, and those that only this
/// program writes. What is no field is left out; it stays in the properties.
fn transported(headers: &str) -> String {
    let mut text = String::with_capacity(headers.len());
    let mut keep = false;
    let lines = headers.trim_start().lines().map(|line| line.trim_end_matches('\r'));
    for line in lines.take_while(|line| !line.is_empty()) {
        if !line.starts_with([' ', '\t']) {
            keep = line.split_once(':').is_some_and(|(name, _)| is_kept(name.trim_end()));
        }
        if keep && !line.contains(['\r', '\0']) {
            text.push_str(line);
            text.push_str("\r\n");
        }
    }
    text
}

fn is_kept(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let described = lower.starts_with("content-") || lower == "mime-version" || lower.starts_with("x-custodia-");
    !described && !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_graphic())
}

fn subject(properties: &Properties) -> &str {
    subject_text(properties.text(id::SUBJECT).unwrap_or_default())
}

/// A subject as people read it. Its prefix may be marked by two characters before it (MS-PST 2.5.3.1.1.1).
pub(super) fn subject_text(subject: &str) -> &str {
    let mut rest = subject.chars();
    match rest.next() {
        Some('\u{1}') => {
            rest.next();
            rest.as_str()
        }
        _ => subject,
    }
}

fn date(properties: &Properties) -> String {
    let times = [id::SUBMIT_TIME, id::DELIVERY_TIME, id::CREATION_TIME, id::MODIFICATION_TIME];
    let time = times.into_iter().find_map(|id| properties.time(id));
    time.map(|time| time.format("%a, %d %b %Y %H:%M:%S +0000").to_string()).unwrap_or_default()
}

fn message_id(properties: &Properties, identity: &str, word: &str) -> String {
    let said = properties.text(id::MESSAGE_ID).map(str::trim).unwrap_or_default();
    match said {
        "" => format!("<{identity}@{word}.invalid>"),
        _ if said.starts_with('<') => unstructured(said),
        _ => unstructured(&format!("<{said}>")),
    }
}

fn importance(properties: &Properties) -> &'static str {
    match properties.integer(id::IMPORTANCE) {
        Some(0) => "low",
        Some(2) => "high",
        _ => "",
    }
}
