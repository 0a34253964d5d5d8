//! What the bare parts of an import cost on the same mail, each by itself on one core: `CUSTODIA_LIMITS=MAILDIR cargo
//! bench`. Nothing that archives mail can take less than these together; two busy cores can halve it.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::Instant;

use custodia::index::{Word, tokens};
use custodia::message::facts;
use redb::{Database, TableDefinition};
use tantivy::schema::{IndexRecordOption, Schema, TextFieldIndexing, TextOptions};
use tantivy::tokenizer::{Token, TokenStream, Tokenizer};
use tantivy::{Index, IndexWriter, TantivyDocument};
use tempfile::TempDir;

/// Bytes that are compressed together, as in the store's packs.
const BLOCK: usize = 768 << 10;
/// The level at which the store compresses mail.
const LEVEL: i32 = 6;
/// Packs of one commit.
const COMMIT: usize = 64;
/// Memory of the index's writer, in bytes.
const WRITER: usize = 128 << 20;
const PACKS: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("packs");

/// Measures the mails below `maildir` and prints a table.
pub(crate) fn run(maildir: &Path) -> io::Result<()> {
    let mut files = Vec::new();
    find(maildir, &mut files)?;
    files.sort();
    let (reading, mails) = timed(|| files.iter().map(fs::read).collect::<io::Result<Vec<_>>>());
    let mails = mails?;
    let raw: usize = mails.iter().map(Vec::len).sum();
    let (hashing, _) = timed(|| mails.iter().map(|mail| blake3::hash(mail)).filter(|h| h.as_bytes()[0] == 0).count());
    let (parsing, texts) = timed(|| mails.iter().map(|mail| facts(mail)).map(|f| f.subject + "\n" + &f.body).collect());
    let texts: Vec<String> = texts;
    let all = mails.concat();
    let (compressing, packs) = timed(|| all.chunks(BLOCK).map(|b| zstd::bulk::compress(b, LEVEL)).collect());
    let packs: Vec<Vec<u8>> = Result::from_iter::<Vec<io::Result<Vec<u8>>>>(packs)?;
    let stored: usize = packs.iter().map(Vec::len).sum();
    let directory = TempDir::new()?;
    let (storing, kept) = timed(|| store(&directory.path().join("packs.redb"), &packs));
    kept.map_err(io::Error::other)?;
    let (indexing, indexed) = timed(|| index(directory.path(), &texts));
    indexed.map_err(io::Error::other)?;
    let (writing, written) = timed(|| write(&directory.path().join("bytes"), &packs));
    written?;
    let out = &mut io::stdout().lock();
    writeln!(out, "{} mails, {raw} bytes; compressed {stored}\n", mails.len())?;
    writeln!(out, "| bare part, one core | s | mails/s | MB/s |\n|---|---:|---:|---:|")?;
    let together = reading + hashing + parsing + compressing + storing + indexing;
    for (part, seconds) in [
        ("read the files", reading),
        ("BLAKE3 of each", hashing),
        ("parse, with decoded text", parsing),
        ("zstd 6 in blocks of 768 KiB", compressing),
        ("redb writes of the packs, synced", storing),
        ("tantivy with the archive's tokenizer, synced", indexing),
        ("all of these", together),
        ("all of these, perfectly spread over two cores", together / 2.0),
        ("sequential synced write of the packs", writing),
    ] {
        let (rate, bytes) = (mails.len() as f64 / seconds, raw as f64 / seconds / 1e6);
        writeln!(out, "| {part} | {seconds:.2} | {rate:.0} | {bytes:.0} |")?;
    }
    Ok(())
}

fn timed<T>(work: impl FnOnce() -> T) -> (f64, T) {
    let start = Instant::now();
    let done = work();
    (start.elapsed().as_secs_f64(), done)
}

fn find(directory: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            find(&entry.path(), files)?;
        } else {
            files.push(entry.path());
        }
    }
    Ok(())
}

fn store(path: &Path, packs: &[Vec<u8>]) -> Result<(), redb::Error> {
    let database = Database::create(path)?;
    for (commit, packs) in packs.chunks(COMMIT).enumerate() {
        let transaction = database.begin_write()?;
        {
            let mut table = transaction.open_table(PACKS)?;
            for (pack, bytes) in packs.iter().enumerate() {
                table.insert((commit * COMMIT + pack) as u64, bytes.as_slice())?;
            }
        }
        transaction.commit()?;
    }
    Ok(())
}

fn index(directory: &Path, texts: &[String]) -> tantivy::Result<()> {
    let mut schema = Schema::builder();
    let positions = TextFieldIndexing::default().set_tokenizer("words");
    let positions = positions.set_index_option(IndexRecordOption::WithFreqsAndPositions).set_fieldnorms(false);
    let body = schema.add_text_field("body", TextOptions::default().set_indexing_options(positions));
    let index = Index::create_in_dir(directory, schema.build())?;
    index.tokenizers().register("words", Words);
    let mut writer: IndexWriter = index.writer_with_num_threads(1, WRITER)?;
    for text in texts {
        let mut document = TantivyDocument::default();
        document.add_text(body, text);
        writer.add_document(document)?;
    }
    writer.commit()?;
    writer.wait_merging_threads()
}

fn write(path: &Path, packs: &[Vec<u8>]) -> io::Result<()> {
    let mut file = File::create(path)?;
    for pack in packs {
        file.write_all(pack)?;
    }
    file.sync_all()
}

/// The archive's words, as tantivy takes them.
#[derive(Clone)]
struct Words;

struct WordStream<'a> {
    words: Box<dyn Iterator<Item = Word> + 'a>,
    token: Token,
}

impl Tokenizer for Words {
    type TokenStream<'a> = WordStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> WordStream<'a> {
        WordStream { words: Box::new(tokens(text)), token: Token::default() }
    }
}

impl TokenStream for WordStream<'_> {
    fn advance(&mut self) -> bool {
        let Some(word) = self.words.next() else { return false };
        self.token.text = word.text;
        self.token.position = word.position;
        self.token.offset_from = word.range.start;
        self.token.offset_to = word.range.end;
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}
