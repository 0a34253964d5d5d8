//! In which parts of a message a query matched, and in which attachments.

use std::cell::Cell;
use std::collections::HashMap;
use std::sync::Arc;

use roaring::RoaringTreemap;

use crate::error::Result;
use crate::model::MessageNo;
use crate::query::{Field, Node, Query};

use super::attachment::{AttachmentField, MatchedAttachment};
use super::collect::Hits;
use super::compile::{Compiled, Compiler, any_of, of_text, spans};
use super::failure::failed;
use super::lead::Lead;
use super::pattern::Pattern;
use super::schema::{Fields, TextField};
use super::scope::MessageScope;
use super::search::Reader;
use super::span::Spans;

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

    /// The field that has a part for each attachment, if it is one of them.
    fn of_attachments(self, fields: &Fields) -> Option<TextField> {
        match self {
            Self::AttachmentName => Some(fields.attachment_names),
            Self::AttachmentText => Some(fields.attachment_text),
            Self::Subject | Self::Body | Self::People => None,
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

/// Where a query matched in a message.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Matched {
    /// In which of its parts.
    pub parts: Vec<MatchedIn>,
    /// In which attachments, in their order; none where it is not known, as of the properties of documents.
    pub attachments: Vec<MatchedAttachment>,
}

impl Matched {
    fn add_attachments(&mut self, part: MatchedIn, numbers: impl IntoIterator<Item = usize>) {
        for n in numbers {
            match self.attachments.binary_search_by_key(&n, |attachment| attachment.n) {
                Ok(at) => self.attachments.get_mut(at).into_iter().for_each(|known| known.parts.push(part)),
                Err(at) => self.attachments.insert(at, MatchedAttachment { n, parts: vec![part] }),
            }
        }
    }
}

impl Reader {
    /// In which parts of each message of `within` any word, phrase or person of the query is found; what stands under
    /// `NOT` does not count. A message that matches by other properties only is not in it.
    ///
    /// # Errors
    /// As [`Reader::matches`].
    pub fn matched_in(&self, query: &Query, within: &RoaringTreemap) -> Result<HashMap<MessageNo, Matched>> {
        let searcher = self.reader.searcher();
        let compiler = Compiler {
            fields: &self.fields,
            searcher: &searcher,
            overflow: Arc::default(),
            excluded: Cell::new(false),
        };
        let scope = MessageScope::new(Some(within.clone()));
        let lead = Lead::of(&scope, &searcher, &self.fields)?;
        let mut matched: HashMap<MessageNo, Matched> = HashMap::new();
        for part in MatchedIn::ALL {
            let leaves = leaves(&query.root, part, &compiler)?;
            if leaves.queries.is_empty() {
                continue;
            }
            let narrowed = lead.narrowed(any_of(leaves.queries), &query.root);
            let hits = Hits::counted(scope.clone());
            let found = searcher.search(narrowed.as_ref(), &hits).map_err(failed("search"))?.0.messages;
            for message in &found {
                matched.entry(MessageNo(message)).or_default().parts.push(part);
            }
            if let Some(field) = part.of_attachments(&self.fields) {
                let spans = Spans::Any(leaves.spans);
                let attachments = AttachmentField { searcher: &searcher, fields: &self.fields, field, spans: &spans };
                attachments.visit(&found, &mut |message, parts| {
                    matched.entry(message).or_default().add_attachments(part, parts.into_iter().map(|part| part + 1));
                })?;
            }
        }
        Ok(matched)
    }
}

/// What looks for text in a part.
#[derive(Default)]
struct Leaves {
    queries: Vec<Compiled>,
    /// The same, where it is looked for in attachments.
    spans: Vec<Spans>,
}

/// What looks for text in `part`.
fn leaves(root: &Node, part: MatchedIn, compiler: &Compiler<'_>) -> Result<Leaves> {
    let (mut leaves, mut waiting) = (Leaves::default(), vec![root]);
    while let Some(node) = waiting.pop() {
        match node {
            Node::And(nodes) | Node::Or(nodes) | Node::Rows(nodes) => waiting.extend(nodes),
            Node::Anywhere(text) => {
                let pattern = Pattern::of(text)?;
                for field in part.fields(compiler.fields) {
                    leaves.queries.push(compiler.pattern(field, &pattern)?);
                }
                leaves.spans.push(spans(node, 0)?);
            }
            Node::Near { .. } => {
                let spans = spans(node, 0)?;
                for field in part.fields(compiler.fields) {
                    leaves.queries.push(compiler.proximity(field.field, &spans)?);
                }
                leaves.spans.push(spans);
            }
            Node::Text { field, text } if part.holds(*field) => {
                leaves.queries.push(compiler.node(node)?);
                if *field == Field::AttachmentNames {
                    leaves.spans.push(of_text(text)?);
                }
            }
            Node::People { .. } | Node::PersonIds { .. } if part == MatchedIn::People => {
                leaves.queries.push(compiler.node(node)?);
            }
            _ => {}
        }
    }
    Ok(leaves)
}
