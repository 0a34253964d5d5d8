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
mod clock;
mod glyphs;
mod header;
mod line_record;
mod lines;
mod markers;
mod media_kind;
mod notices;
mod order;
mod package;
mod place;
mod poll;
mod recognition;
mod roster;
mod stamp;
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

use super::Converter;
use crate::connector::input::{Input, Reader};
use crate::connector::{As, Format, Options};
use crate::model::DateOrder;

/// Reads chats exported by the WhatsApp app.
pub(super) const CONVERTER: Converter = Converter {
    format: Format::Whatsapp,
    read_as: As::Whatsapp,
    recognises: recognition::recognises,
    bundles: package::bundles,
    open,
};

fn open(input: Input, options: &Options) -> Result<Box<dyn Reader>, String> {
    let package = Package::open(input)?;
    let mut start = [0; 2];
    if package.text.len() > 1 && package.text.read_exact_at(0, &mut start).is_ok() && is_utf16(start) {
        return Err("a text in UTF-16; save it as UTF-8 and import that".to_owned());
    }
    let survey = Survey::read(&package.text, &package.title.name)?;
    if survey.headers == 0 {
        return Err("no line begins with a date and time as in a chat exported by WhatsApp".to_owned());
    }
    let title = survey.title().map(str::to_owned).map_or(package.title.clone(), |name| package.title.or_told(name));
    if survey.yearless && survey.year.is_none() {
        return Err(
            "its dates have no year and nothing tells it; write the year into each, such as `27 Aug 2014, 21:41`"
                .to_owned(),
        );
    }
    let order = order(&survey, &title, options)?;
    Ok(Box::new(Chat::new(package, survey, title, options.timezone, order)))
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
