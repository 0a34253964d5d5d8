//! Records made by converters: the same limits as those that are parsed, met by shortening instead of refusal, because
//! nobody can mend what a platform delivered.

use chrono::{DateTime, Datelike, FixedOffset, Utc};

use super::parse::MAX_NAME;
use super::record::{AttachmentSource, Person, Record, RecordKind};
use super::syntax;
use crate::model::Event;

impl Record {
    /// A record of a platform with nothing in it but its time.
    pub fn new(source: &str, platform: &str, sent: DateTime<FixedOffset>) -> Self {
        Self {
            source: source.to_owned(),
            platform: platform.to_owned(),
            kind: RecordKind::Chat,
            conversation: None,
            native_id: String::new(),
            sent,
            sent_text: sent.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true),
            sender: None,
            recipients: Vec::new(),
            text: String::new(),
            event: Event::Sent,
            event_reference: String::new(),
            reply_to: String::new(),
            call: None,
            attachments: Vec::new(),
            extra: Vec::new(),
        }
    }

    /// Adds a fact that the format has no place for. `pointer` is a JSON Pointer (RFC 6901) such as `/forwarded`, and
    /// `value` JSON; a pointer is added at most once.
    pub fn fact(&mut self, pointer: &str, value: &serde_json::Value) -> &mut Self {
        if !self.extra.iter().any(|(known, _)| known == pointer) {
            self.extra.push((pointer.to_owned(), value.to_string()));
        }
        self
    }

    /// The record within the limits of the format. A name or id beyond them is shortened, with the whole of it kept as
    /// a fact; a number or address that is none becomes an id; people without anything are left out.
    ///
    /// # Errors
    /// The time is outside of the years 1900 to 9999: a text for people.
    pub fn within_limits(mut self) -> Result<Self, String> {
        if !(1900..=9999).contains(&self.sent.with_timezone(&Utc).year()) {
            return Err(format!("its time {} is outside of the years 1900 to 9999", self.sent_text));
        }
        let mut cut = Vec::new();
        let mut shorten = |pointer: String, text: &mut String| {
            if let Some((at, _)) = text.char_indices().nth(MAX_NAME) {
                cut.push((pointer, serde_json::Value::from(text.as_str()).to_string()));
                text.truncate(at);
            }
        };
        shorten("/whole/id".to_owned(), &mut self.native_id);
        shorten("/whole/event_reference".to_owned(), &mut self.event_reference);
        shorten("/whole/reply_to".to_owned(), &mut self.reply_to);
        if let Some(chat) = &mut self.conversation {
            shorten("/whole/conversation/id".to_owned(), &mut chat.id);
            shorten("/whole/conversation/name".to_owned(), &mut chat.name);
        }
        let people = self.sender.iter_mut().map(|person| ("/whole/sender".to_owned(), person));
        let recipients = self.recipients.iter_mut().enumerate();
        for (pointer, person) in
            people.chain(recipients.map(|(at, person)| (format!("/whole/recipients/{at}"), person)))
        {
            mend(person);
            shorten(format!("{pointer}/name"), &mut person.name);
            shorten(format!("{pointer}/id"), &mut person.id);
        }
        for (at, attachment) in self.attachments.iter_mut().enumerate() {
            if attachment.name.chars().count() > 255 {
                shorten(format!("/whole/attachments/{at}/name"), &mut attachment.name);
                attachment.name = attachment.name.chars().take(255).collect();
            }
            if !attachment.media_type.is_empty() && !syntax::is_media_type(&attachment.media_type) {
                attachment.media_type.clear();
            }
            if matches!(&attachment.source, AttachmentSource::Path(path) if !syntax::is_relative_path(path)) {
                attachment.source = AttachmentSource::Path(attachment.name.clone());
            }
        }
        self.recipients.retain(|person| *person != Person::default());
        self.sender = self.sender.filter(|person| *person != Person::default());
        self.extra.extend(cut);
        self.extra.sort();
        Ok(self)
    }
}

fn mend(person: &mut Person) {
    if !person.number.is_empty() && !syntax::is_number(&person.number) {
        let number = std::mem::take(&mut person.number);
        keep(person, number);
    }
    person.number = person.number.trim_start_matches('+').to_owned();
    if !person.address.is_empty() && !syntax::is_address(&person.address) {
        let address = std::mem::take(&mut person.address);
        keep(person, address);
    }
}

/// Keeps what is no number or address after all: as the id, else as the name, else beside the name.
fn keep(person: &mut Person, text: String) {
    if person.id.is_empty() {
        person.id = text;
    } else if person.name.is_empty() {
        person.name = text;
    } else {
        person.name = format!("{} ({text})", person.name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record() -> Record {
        Record::new("test", "wecom", DateTime::parse_from_rfc3339("2026-03-27T21:41:00Z").unwrap())
    }

    #[test]
    fn what_does_not_fit_is_shortened_and_kept_whole_beside() {
        let mut made = record();
        made.native_id = "x".repeat(MAX_NAME + 1);
        made.sender = Some(Person { number: "not one".to_owned(), ..Person::default() });
        made.recipients = vec![Person::default(), Person { address: "a b".to_owned(), ..Person::default() }];
        made.fact("/forwarded", &true.into()).fact("/forwarded", &false.into());
        let made = made.within_limits().unwrap();
        assert_eq!(made.native_id.len(), MAX_NAME);
        assert_eq!(made.sender.as_ref().unwrap().id, "not one");
        assert_eq!(made.recipients.iter().map(|p| p.id.as_str()).collect::<Vec<_>>(), ["a b"]);
        assert_eq!(made.extra.first().unwrap(), &("/forwarded".to_owned(), "true".to_owned()));
        assert_eq!(made.extra.get(1).unwrap().0, "/whole/id");
    }

    #[test]
    fn a_made_record_has_the_mail_of_the_parsed_one() {
        let mut made = record();
        made.sender = Some(Person { id: "lihua".to_owned(), ..Person::default() });
        made.text = "hi".to_owned();
        let made = made.within_limits().unwrap();
        let line = br#"{"source":"test","platform":"wecom","sent":"2026-03-27T21:41:00Z","sender":{"id":"lihua"},"text":"hi"}"#;
        assert_eq!(made, Record::parse(line).unwrap());
    }
}
