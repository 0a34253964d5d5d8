//! From events to the messages that they are about, and back.

use tantivy::query::TermQuery;
use tantivy::schema::{IndexRecordOption, Term};

use crate::error::Result;
use crate::model::MessageNo;

use super::collect::Hits;
use super::failure::failed;
use super::key::{event_reference_term, likeness_term, native_id_term};
use super::scope::MessageScope;
use super::search::Reader;

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
        let term = match link {
            Link::NativeId(id) => native_id_term(id),
            Link::EventReference(id) => event_reference_term(id),
            Link::Likeness(key) => likeness_term(key),
        };
        let query = TermQuery::new(Term::from_field_text(self.fields.key, &term), IndexRecordOption::Basic);
        let hits = Hits::counted(MessageScope::default());
        let (found, _) = self.reader.searcher().search(&query, &hits).map_err(failed("search"))?;
        Ok(found.messages.into_iter().map(MessageNo).collect())
    }
}
