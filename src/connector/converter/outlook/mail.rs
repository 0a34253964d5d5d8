//! An item to a mail.

use std::io::{self, Read, Seek, SeekFrom, Write};
use std::sync::Arc;

use tempfile::SpooledTempFile;

use super::body::Bodies;
use super::dump::{Written, document, long_values};
use super::fields::Fields;
use super::item::{Item, ItemAttachment, ItemContent, MAX_DEPTH};
use super::names::listing;
use super::part::{FileHeader, Parts};
use super::property::{Properties, id};
use crate::connector::converter::conversion::into_raw;
use crate::connector::{LARGE, Raw};
use crate::message::converted::unstructured;
use crate::message::{RawReader, RawSource};
use crate::model::Digest;

/// Attachments of one item, with those of its embedded messages, that are written.
const MAX_ATTACHMENTS: usize = 9_000;

/// A mail made of an item.
pub(super) struct Rebuilt {
    /// Its bytes.
    pub(super) raw: Raw,
    /// Attachments that did not come with the item.
    pub(super) absent: u64,
}

/// Makes the mail of an item. `word` says what it was stored in; `original` is the file that held it and nothing else.
///
/// # Errors
/// The disk is full.
pub(super) fn rebuild(item: &dyn Item, word: &str, original: Option<Arc<dyn RawSource>>) -> io::Result<Rebuilt> {
    let mut maker = Maker { word, absent: 0, left: MAX_ATTACHMENTS };
    let spool = maker.mail(item, original, 0)?;
    Ok(Rebuilt { raw: into_raw(spool)?, absent: maker.absent })
}

struct Maker<'a> {
    word: &'a str,
    absent: u64,
    left: usize,
}

impl Maker<'_> {
    fn mail(
        &mut self,
        item: &dyn Item,
        original: Option<Arc<dyn RawSource>>,
        depth: usize,
    ) -> io::Result<SpooledTempFile> {
        let mut parts = Parts::new();
        let mut problems = Vec::new();
        bodies(item, &mut parts, &mut problems)?;
        let mut written = Vec::new();
        for index in 0..item.attachments() {
            written.push(self.attachment(item, index, depth, &mut parts, &mut problems)?);
        }
        for (id, mut bytes) in long_values(item) {
            parts.file(&named(&format!("property-0x{id:04X}.bin"), ""), &mut bytes)?;
        }
        let document = document(item, &written);
        let identity = Digest::of(&document).to_string();
        let identity = identity.get(..32).unwrap_or_default();
        parts.file(&named("properties.json", "application/json"), &mut document.as_slice())?;
        if let Some(original) = original {
            let len = original.len();
            let mut reader = RawReader::new(original, 0, len);
            parts.file(&named("original.msg", "application/vnd.ms-outlook"), &mut reader)?;
        }
        let mut fields = Fields::of(item, identity, self.word);
        self.finish(item.properties(), &problems, &mut fields);
        let boundary = format!("custodia-{identity}");
        fields.add("Content-Type", &format!("multipart/mixed; boundary=\"{boundary}\""));
        let mut spool = SpooledTempFile::new(LARGE as usize);
        spool.write_all(fields.as_bytes())?;
        parts.write(&boundary, &mut spool)?;
        Ok(spool)
    }

    /// What this program says about the mail.
    fn finish(&self, properties: &Properties, problems: &[String], fields: &mut Fields) {
        fields.add("X-Custodia-Rebuilt", self.word);
        let class = properties.text(id::MESSAGE_CLASS).unwrap_or_default();
        fields.add("X-Custodia-Item-Class", &unstructured(class));
        let delivered = properties.time(id::DELIVERY_TIME);
        let delivered = delivered.map(|time| time.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true));
        fields.add("X-Custodia-Delivered", &delivered.unwrap_or_default());
        for problem in problems {
            fields.add("X-Custodia-Problem", &unstructured(problem));
        }
        fields.add("MIME-Version", "1.0");
    }

    fn attachment(
        &mut self,
        item: &dyn Item,
        index: usize,
        depth: usize,
        parts: &mut Parts,
        problems: &mut Vec<String>,
    ) -> io::Result<Written> {
        let place = index.saturating_add(1);
        let read = match self.left.checked_sub(1) {
            None => Err(format!("it is one of more than {MAX_ATTACHMENTS}")),
            Some(left) => {
                self.left = left;
                item.attachment(index)
            }
        };
        let ItemAttachment { properties, content } = read.unwrap_or_else(|reason| ItemAttachment {
            properties: Properties::default(),
            content: ItemContent::Absent(reason),
        });
        let (digest, len) = match self.content(&properties, content, depth, parts)? {
            Ok(measured) => measured,
            Err(reason) => {
                self.absent = self.absent.saturating_add(1);
                problems.push(format!("attachment {place} is not here: {reason}"));
                return Ok(Written { properties, digest: None, len: 0 });
            }
        };
        Ok(Written { properties, digest: Some(digest), len })
    }

    /// Writes what an attachment holds: its digest and length, or why it cannot be had.
    fn content(
        &mut self,
        properties: &Properties,
        content: ItemContent,
        depth: usize,
        parts: &mut Parts,
    ) -> io::Result<Result<(Digest, u64), String>> {
        let name = name(properties);
        match content {
            ItemContent::File(bytes) => file(properties, &mut bytes.as_slice(), parts).map(Ok),
            ItemContent::Stored(mut content) => file(properties, &mut content, parts).map(Ok),
            ItemContent::Object(streams) => {
                let (mut hasher, mut len) = (blake3::Hasher::new(), 0_u64);
                for (path, bytes) in streams {
                    parts.file(&named(&format!("{name}.{path}"), ""), &mut bytes.as_slice())?;
                    hasher.update(&bytes);
                    len = len.saturating_add(bytes.len() as u64);
                }
                Ok(Ok((Digest(*hasher.finalize().as_bytes()), len)))
            }
            ItemContent::Item(_) if depth >= MAX_DEPTH => {
                Ok(Err(format!("it is a message in more than {MAX_DEPTH} others")))
            }
            ItemContent::Item(embedded) => self.embedded(name, embedded.as_ref(), depth, parts).map(Ok),
            ItemContent::Absent(reason) => Ok(Err(reason)),
        }
    }

    fn embedded(&mut self, name: &str, item: &dyn Item, depth: usize, parts: &mut Parts) -> io::Result<(Digest, u64)> {
        let mut mail = self.mail(item, None, depth + 1)?;
        mail.seek(SeekFrom::Start(0))?;
        let mut hasher = blake3::Hasher::new();
        hasher.update_reader(&mut mail)?;
        mail.seek(SeekFrom::Start(0))?;
        let name = if name.is_empty() { "message" } else { name };
        parts.message(&format!("{name}.eml"), &mut mail)?;
        Ok((Digest(*hasher.finalize().as_bytes()), hasher.count()))
    }
}

/// Writes a file and measures it on the way.
fn file(properties: &Properties, content: &mut dyn Read, parts: &mut Parts) -> io::Result<(Digest, u64)> {
    let name = name(properties);
    let content_id = properties.text(id::CONTENT_ID).unwrap_or_default().trim_matches(['<', '>']);
    let media_type = properties.text(id::ATTACH_TYPE).unwrap_or_default().trim();
    let mut measured = Measured { content, hasher: blake3::Hasher::new() };
    parts.file(&FileHeader { name, media_type, content_id }, &mut measured)?;
    Ok((Digest(*measured.hasher.finalize().as_bytes()), measured.hasher.count()))
}

/// Takes the digest of what is read.
struct Measured<'a> {
    content: &'a mut dyn Read,
    hasher: blake3::Hasher,
}

impl Read for Measured<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.content.read(buffer)?;
        self.hasher.update(buffer.get(..read).unwrap_or_default());
        Ok(read)
    }
}

fn named<'a>(name: &'a str, media_type: &'a str) -> FileHeader<'a> {
    FileHeader { name, media_type, content_id: "" }
}

fn name(properties: &Properties) -> &str {
    let names = [id::ATTACH_NAME, id::ATTACH_SHORT_NAME, id::DISPLAY_NAME];
    names.into_iter().find_map(|id| properties.text(id)).unwrap_or_default()
}

/// Whether an item is mail, or a report about one.
fn is_mail(properties: &Properties) -> bool {
    let class = properties.text(id::MESSAGE_CLASS).unwrap_or("IPM.Note").to_ascii_uppercase();
    class == "IPM" || class.starts_with("IPM.NOTE") || class.starts_with("REPORT.")
}

fn bodies(item: &dyn Item, parts: &mut Parts, problems: &mut Vec<String>) -> io::Result<()> {
    let bodies = Bodies::of(item.properties());
    let plain = bodies.plain.as_deref().unwrap_or_default();
    match &bodies.html {
        Some((html, charset)) if bodies.plain.is_some() => {
            let digest = Digest::of(&[plain.as_bytes(), html].concat()).to_string();
            let boundary = format!("custodia-a-{}", digest.get(..32).unwrap_or_default());
            parts.alternative(plain, html, charset, &boundary)?;
        }
        Some((html, charset)) => parts.html(html, charset)?,
        None => parts.text(plain)?,
    }
    if !is_mail(item.properties()) {
        parts.text(&listing(item.properties()))?;
    }
    if let Some(rtf) = &bodies.rtf {
        let name = if bodies.problem.is_some() { "body.rtf.compressed" } else { "body.rtf" };
        parts.file(&named(name, "application/rtf"), &mut rtf.as_slice())?;
    }
    problems.extend(bodies.problem);
    Ok(())
}
