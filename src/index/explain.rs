//! What a part of a query means to the index, for people.

use std::collections::BTreeSet;

use tantivy::Searcher;

use crate::error::Result;
use crate::query::{Node, TextMatch};

use super::dictionary::for_each_term;
use super::pattern::{Pattern, Slot};
use super::people::describe;
use super::schema::TextField;
use super::search::Reader;

/// What a part of a query without parts of its own means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meaning {
    /// Its words as they are compared, or the readings of a person.
    pub words: Vec<String>,
    /// How many words of the index a prefix stands for; `None` without one.
    pub prefix_words: Option<u64>,
}

impl Reader {
    /// What a word, a phrase, a prefix or a person means; `None` for anything else.
    ///
    /// # Errors
    /// `Error::Query` if it has nothing that can be searched; `Error::Index` if the index cannot be read.
    pub fn meaning(&self, node: &Node) -> Result<Option<Meaning>> {
        let searcher = self.reader.searcher();
        let fields = match node {
            Node::Anywhere(_) => self.fields.anywhere().to_vec(),
            Node::Text { field, .. } => vec![self.fields.text(*field)],
            Node::People { text, .. } => return Ok(Some(Meaning { words: describe(text)?, prefix_words: None })),
            Node::PersonIds { ids, .. } => {
                let words = ids.iter().map(|id| format!("id {}", id.id)).collect();
                return Ok(Some(Meaning { words, prefix_words: None }));
            }
            _ => return Ok(None),
        };
        match node {
            Node::Anywhere(text) | Node::Text { text, .. } => words(&searcher, &fields, text).map(Some),
            _ => Ok(None),
        }
    }
}

fn words(searcher: &Searcher, fields: &[TextField], text: &TextMatch) -> Result<Meaning> {
    let pattern = Pattern::of(text)?;
    let shown = |slot: &Slot| format!("{}{}", slot.text, if slot.prefix { "*" } else { "" });
    let prefix = pattern.slots.last().filter(|slot| slot.prefix);
    let prefix_words = prefix.map(|slot| variants(searcher, fields, &slot.text)).transpose()?;
    let mut words: Vec<String> = pattern.slots.iter().map(shown).collect();
    if !pattern.numbers.is_empty() {
        words.push("or the same phone number in another writing".to_owned());
    }
    Ok(Meaning { words, prefix_words })
}

/// How many different words of the fields begin so.
fn variants(searcher: &Searcher, fields: &[TextField], prefix: &str) -> Result<u64> {
    let mut variants = BTreeSet::new();
    for field in fields {
        for_each_term(searcher, field.field, prefix, |term| {
            variants.insert(term.to_vec());
            true
        })?;
    }
    Ok(variants.len() as u64)
}
