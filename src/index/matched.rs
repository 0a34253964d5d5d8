//! In which part of a message a query matched.

use std::cell::Cell;
use std::collections::HashMap;
use std::sync::Arc;

use roaring::RoaringTreemap;

use crate::error::Result;
use crate::model::MessageNo;
use crate::query::{Field, Node, Query};

use super::collect::{Hits, Scope};
use super::compile::{Compiled, Compiler, any_of, spans};
use super::failure::failed;
use super::lead::Lead;
use super::pattern::Pattern;
use super::schema::{Fields, TextField};
use super::search::Reader;

/// A part of a message in which text is searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MatchedIn {
    /// Its subject.
    Subject,
    /// Its text.
    Body,
    /// The name of an attachment.
    AttachmentName,
    /// The text of an attachment.
    AttachmentText,
    /// Those who took part.
    People,
}

impl MatchedIn {
    const ALL: [Self; 5] = [Self::Subject, Self::Body, Self::AttachmentName, Self::AttachmentText, Self::People];

    /// The word used in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Subject => "subject",
            Self::Body => "body",
            Self::AttachmentName => "attachment_name",
            Self::AttachmentText => "attachment_text",
            Self::People => "people",
        }
    }

    fn fields(self, fields: &Fields) -> Vec<TextField> {
        let [subject, body, names, texts, people @ ..] = fields.anywhere();
        match self {
            Self::Subject => vec![subject],
            Self::Body => vec![body],
            Self::AttachmentName => vec![names],
            Self::AttachmentText => vec![texts],
            Self::People => people.to_vec(),
        }
    }

    fn holds(self, field: Field) -> bool {
        matches!(
            (self, field),
            (Self::Subject, Field::Subject)
                | (Self::Body, Field::Body)
                | (Self::AttachmentName, Field::AttachmentNames)
                | (Self::AttachmentText, Field::Author | Field::Title)
        )
    }
}

impl Reader {
    /// In which parts of each message of `within` any word, phrase or person of the query is found; what stands under
    /// `NOT` does not count. A message that matches by other properties only is not in it.
    ///
    /// # Errors
    /// As [`Reader::matches`].
    pub fn matched_in(&self, query: &Query, within: &RoaringTreemap) -> Result<HashMap<MessageNo, Vec<MatchedIn>>> {
        let searcher = self.reader.searcher();
        let compiler = Compiler {
            fields: &self.fields,
            searcher: &searcher,
            overflow: Arc::default(),
            excluded: Cell::new(false),
        };
        let scope = Scope::new(Some(within), MessageNo(0));
        let lead = Lead::of(&scope, &searcher, self.fields.message)?;
        let mut matched: HashMap<MessageNo, Vec<MatchedIn>> = HashMap::new();
        for part in MatchedIn::ALL {
            let leaves = leaves(&query.root, part, &compiler)?;
            if leaves.is_empty() {
                continue;
            }
            let narrowed = lead.narrowed(any_of(leaves), &query.root);
            let hits = Hits { scope: scope.clone(), dated: false };
            let found = searcher.search(narrowed.as_ref(), &hits).map_err(failed("search"))?;
            for hit in found {
                matched.entry(hit.message).or_default().push(part);
            }
        }
        Ok(matched)
    }
}

/// What looks for text in `part`.
fn leaves(root: &Node, part: MatchedIn, compiler: &Compiler<'_>) -> Result<Vec<Compiled>> {
    let (mut leaves, mut waiting) = (Vec::new(), vec![root]);
    while let Some(node) = waiting.pop() {
        match node {
            Node::And(nodes) | Node::Or(nodes) | Node::Rows(nodes) => waiting.extend(nodes),
            Node::Anywhere(text) => {
                let pattern = Pattern::of(text)?;
                for field in part.fields(compiler.fields) {
                    leaves.push(compiler.pattern(field, &pattern)?);
                }
            }
            Node::Near { .. } => {
                let spans = spans(node, 0)?;
                for field in part.fields(compiler.fields) {
                    leaves.push(compiler.proximity(field.field, &spans)?);
                }
            }
            Node::Text { field, .. } if part.holds(*field) => leaves.push(compiler.node(node)?),
            Node::People { .. } if part == MatchedIn::People => leaves.push(compiler.node(node)?),
            _ => {}
        }
    }
    Ok(leaves)
}
