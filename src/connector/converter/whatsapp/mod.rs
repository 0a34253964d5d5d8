//! Chats that the WhatsApp app exports: a text with a message a line, and its media beside it.
//!
//! The text has no ids, no zone of its times, and dates in the order of the phone's country. What that leaves open is
//! decided for the whole of a file in a first pass, and said in its account; a second pass makes the records. A record
//! holds nothing of the rest of the file, so that a longer export of a chat adds its new messages only. What the app
//! writes itself is told from typed text by the mark that iOS puts before it, elsewhere by its wording in about sixty
//! languages.

mod author;
mod body;
mod calendar;
mod chat;
mod chat_sort;
mod clock;
mod glyphs;
mod header;
mod line_record;
mod lines;
mod markers;
mod media_kind;
mod minutes;
mod notices;
mod order;
mod package;
mod place;
mod poll;
mod recognition;
mod renditions;
mod roster;
mod stamp;
mod substance;
mod survey;
#[cfg(test)]
mod tests;
mod title;
mod wording;
mod words;

use chat::Chat;
use package::Package;
use survey::Survey;
use title::Title;

use super::{Converter, Opening, Refusal};
use crate::connector::input::Input;
use crate::connector::{As, FileAccount, Format, Options, Raw, SourceEvent, SourceRecord, Untaken};
use crate::model::{DateOrder, Event};

/// Reads chats exported by the WhatsApp app.
pub(super) const CONVERTER: Converter = Converter {
    format: Format::Whatsapp,
    read_as: As::Whatsapp,
    recognises: recognition::recognises,
    bundles: package::bundles,
    open,
};

fn open(input: Input, options: &Options) -> Opening {
    let package = Package::open(input)?;
    let mut start = [0; 2];
    if package.text.len() > 1 && package.text.read_exact_at(0, &mut start).is_ok() && is_utf16(start) {
        return Err("a text in UTF-16; save it as UTF-8 and import that".to_owned().into());
    }
    let survey = Survey::read(&package.text, &package.title.name)?;
    if survey.headers == 0 {
        return Err("no line begins with a date and time as in a chat exported by WhatsApp".to_owned().into());
    }
    let title = survey.title().map(str::to_owned).map_or(package.title.clone(), |name| package.title.or_told(name));
    if survey.yearless && survey.year.is_none() {
        return Err(
            "its dates have no year and nothing tells it; write the year into each, such as `27 Aug 2014, 21:41`"
                .to_owned()
                .into(),
        );
    }
    match order(&survey, &title, options) {
        Ok(order) => Ok(Box::new(Chat::new(package, survey, title, options.timezone.clone(), order))),
        Err(reason) => {
            // What it holds is the same in whatever order its dates are read.
            let chat = Chat::new(package, survey, title, options.timezone.clone(), Some(DateOrder::Dmy));
            Err(Refusal { reason, account: Some(untaken(chat)) })
        }
    }
}

/// What a chat holds whose dates can be read in two ways.
fn untaken(chat: Chat) -> FileAccount {
    let (mut untaken, mut account) = (Untaken::default(), FileAccount::default());
    for event in chat {
        match event {
            SourceEvent::Record(SourceRecord { raw: Raw::Memory(mail), .. }) => {
                let facts = crate::message::facts(&mail);
                untaken.records += 1;
                untaken.system += u64::from(facts.event.event == Event::System);
                untaken.attachments += facts.attachments.len() as u64;
            }
            // A mail that is too large for memory has an attachment.
            SourceEvent::Record(_) => {
                untaken.records += 1;
                untaken.attachments += 1;
            }
            SourceEvent::Closed(found) => account.absent_attachments = found.absent_attachments,
            SourceEvent::Opened { .. } | SourceEvent::Rejected(_) => {}
        }
    }
    let notes = vec!["nothing of it is taken: the order of its dates is ambiguous".to_owned()];
    FileAccount { notes, untaken: Some(untaken), ..account }
}

fn is_utf16(start: [u8; 2]) -> bool {
    start == [0xff, 0xfe] || start == [0xfe, 0xff]
}

/// The order of the dates: as the operator says, as settled for the chat unless the file proves another, as the file tells.
fn order(survey: &Survey, title: &Title, options: &Options) -> Result<Option<DateOrder>, String> {
    if survey.order.leaves_no_choice() {
        return survey.order.decide();
    }
    if options.date_order.is_some() {
        return Ok(options.date_order);
    }
    let settled = options.settled_date_orders.get(&title.id()).filter(|_| title.is_stated());
    match (settled, survey.order.proven()) {
        (Some(settled), None) => Ok(Some(*settled)),
        _ => survey.order.decide(),
    }
}
