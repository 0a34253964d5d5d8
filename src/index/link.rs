//! From events to the messages that they are about, and back.

use tantivy::query::{Query, TermQuery};
use tantivy::schema::{IndexRecordOption, Term};

use crate::error::Result;
use crate::model::{Digest, MessageNo};

use super::collect::Hits;
use super::failure::failed;
use super::key::event_reference_term;
use super::scattered_id::{ScatteredIdQuery, ScatteredLink};
use super::schema::{ALIKE, Fields, NATIVE};
use super::scope::MessageScope;
use super::search::Reader;

/// What leads to messages by the id that their platform gave them, which tells upper from lower case.
pub(super) fn native_link(id: &str) -> ScatteredLink {
    ScatteredLink::of(Digest::of(id.as_bytes()).prefix())
}

/// By what messages are linked. Different platforms may use the same ids, and unlike messages may share a likeness: what
/// is found has to be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link<'a> {
    /// Messages to which their platform gave this id.
    NativeId(&'a str),
    /// Events about the message with this id.
    EventReference(&'a str),
    /// Messages and deletions with this [key](crate::message::Likeness::key).
    Likeness(u64),
}

impl Reader {
    /// The messages that are linked in this way, by number.
    ///
    /// # Errors
    /// The index cannot be read.
    pub fn linked(&self, link: Link<'_>) -> Result<Vec<MessageNo>> {
        let query = query(&self.fields, link);
        let hits = Hits::counted(MessageScope::default());
        let (found, _) = self.reader.searcher().search(&*query, &hits).map_err(failed("search"))?;
        Ok(found.messages.into_iter().map(MessageNo).collect())
    }
}

fn query(fields: &Fields, link: Link<'_>) -> Box<dyn Query> {
    let scattered = |name: &'static str, link: ScatteredLink| -> Box<dyn Query> {
        let term = Term::from_field_text(fields.key, &link.term(name));
        Box::new(ScatteredIdQuery { term, columns: vec![(name, link.rest..=link.rest)] })
    };
    match link {
        Link::NativeId(id) => scattered(NATIVE, native_link(id)),
        Link::Likeness(key) => scattered(ALIKE, ScatteredLink::of(key)),
        Link::EventReference(id) => {
            let term = Term::from_field_text(fields.key, &event_reference_term(id));
            Box::new(TermQuery::new(term, IndexRecordOption::Basic))
        }
    }
}
