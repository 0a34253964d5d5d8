//! Raw bytes to facts, pure: no I/O, no clock.

mod attached_file;
mod attachments;
mod body_text;
mod captured_number;
mod content;
mod content_hash;
pub mod converted;
mod custodia_fields;
mod dates;
mod encoded_word;
mod facts;
mod header;
mod journal;
mod likeness;
mod margin;
mod notes;
mod parse;
mod participants;
mod person_ids;
mod plain_link;
mod raw;
mod read_state;
pub mod segment;
mod structure;
mod telemessage;
#[cfg(test)]
mod tests;
mod transfer;
mod unsaid;
mod uuencode;
mod walk;

pub use attached_file::{AttachedFile, FileText, ReadFile, Unread, message_text};
pub use attachments::attachment;
pub use captured_number::name_and_number;
pub use facts::{AttachmentFacts, Facts};
pub use header::header_section;
pub use journal::{JournalRecipient, JournalReport};
pub use likeness::{Likeness, LikenessBy};
pub use parse::{facts, facts_hashed, facts_trusting, facts_with, users};
pub use raw::{RawReader, RawSource};
