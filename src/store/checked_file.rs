//! A store's file, of which every page is compared with its checksum when it is first read.

use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Read as _, Seek as _, SeekFrom};
use std::ops::Bound;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use redb::backends::FileBackend;
use redb::{BackendError, DatabaseError, StorageBackend};

use super::page_checks::{DamagedPage, HEADER, Packs, PageChecks};

/// The file, and what is known of its pages.
#[derive(Debug)]
pub(super) struct CheckedFile {
    file: FileBackend,
    checks: Mutex<PageChecks>,
}

impl DamagedPage {
    /// Whether `error` is that of a damaged page.
    pub(super) fn caused(error: &io::Error) -> bool {
        let Some(source) = error.get_ref() else { return false };
        source.is::<Self>()
    }
}

/// The pages of the file at `path` that are not what was written, as of the last commit. All of them are read.
pub(super) fn damaged_pages(path: &Path) -> io::Result<Vec<DamagedPage>> {
    let mut file = File::open(path)?;
    let mut page = vec![0; HEADER];
    file.read_exact(&mut page)?;
    let mut checks = PageChecks::default();
    checks.begin(&page);
    if !checks.knows_pages() {
        return Err(io::Error::new(ErrorKind::InvalidData, DamagedPage { offset: 0, table: None }));
    }
    let mut damaged = Vec::new();
    let mut place = 0;
    while let Some((offset, bytes)) = checks.unread(place) {
        // A page that ends behind the file is read as far as it is there, and so is not what was written.
        page.clear();
        file.seek(SeekFrom::Start(offset))?;
        file.by_ref().take(bytes).read_to_end(&mut page)?;
        damaged.extend(checks.compare(offset, &page, Packs::Compared).err());
        place = offset + 1;
    }
    damaged.sort_by_key(|page| page.offset);
    Ok(damaged)
}

impl CheckedFile {
    /// Opens the file at `path`. One that is empty is refused: redb would make a new store of it.
    pub(super) fn open(path: &Path) -> Result<Self, DatabaseError> {
        let file = OpenOptions::new().read(true).write(true).open(path).map_err(redb::StorageError::from)?;
        let file = FileBackend::new(file)?;
        if file.len().map_err(redb::StorageError::from)? == 0 {
            return Err(redb::StorageError::from(io::Error::from(ErrorKind::UnexpectedEof)).into());
        }
        Ok(Self { file, checks: Mutex::default() })
    }

    fn checks(&self) -> MutexGuard<'_, PageChecks> {
        self.checks.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl StorageBackend for CheckedFile {
    fn len(&self) -> io::Result<u64> {
        self.file.len()
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.file.read(offset, out)?;
        if offset == 0 {
            if out.len() >= HEADER {
                self.checks().begin(out);
            }
            return Ok(());
        }
        let compared = self.checks().compare(offset, out, Packs::HaveDigests);
        compared.map_err(|damaged| io::Error::new(ErrorKind::InvalidData, damaged))
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.file.set_len(len)
    }

    fn sync_data(&self) -> io::Result<()> {
        self.file.sync_data()
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.checks().note_write(offset, data);
        self.file.write(offset, data)
    }

    fn close(&self) -> io::Result<()> {
        self.file.close()
    }

    fn try_lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, BackendError> {
        self.file.try_lock_range(start, end)
    }

    fn try_lock_shared_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, BackendError> {
        self.file.try_lock_shared_range(start, end)
    }

    fn lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        self.file.lock_range(start, end)
    }

    fn lock_shared_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        self.file.lock_shared_range(start, end)
    }

    fn unlock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        self.file.unlock_range(start, end)
    }

    fn query_lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, BackendError> {
        self.file.query_lock_range(start, end)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::fs;

    use proptest::prelude::*;
    use redb::{Database, ReadableDatabase as _, ReadableTable as _, TableDefinition};

    use super::*;

    const TEXTS: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("texts");
    const NUMBERS: TableDefinition<'_, (u64, u32), u64> = TableDefinition::new("numbers");
    const BLOBS: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("blobs");
    const NAMES: TableDefinition<'_, &str, u64> = TableDefinition::new("names");

    type Content = BTreeMap<(u8, u64), u64>;

    /// Bytes that nobody could take for those of another seed.
    fn bytes(seed: u64) -> Vec<u8> {
        let len = usize::try_from(seed % 7 * (seed % 900)).expect("small") + 8;
        seed.to_le_bytes().into_iter().cycle().take(len).collect()
    }

    fn seed(bytes: &[u8]) -> Option<u64> {
        let seed = u64::from_le_bytes(*bytes.first_chunk()?);
        (self::bytes(seed) == bytes).then_some(seed)
    }

    fn name(key: u64) -> String {
        format!("{key}-{}", "x".repeat(usize::try_from(key % 60).expect("small")))
    }

    fn open(path: &Path, cache: usize) -> Result<Database, redb::Error> {
        let mut builder = Database::builder();
        Ok(builder.set_cache_size(cache).create_with_backend(CheckedFile::open(path)?)?)
    }

    fn created(path: &Path) {
        let database = Database::create(path).expect("it is made");
        let mut transaction = database.begin_write().expect("it begins");
        transaction.set_quick_repair(true);
        transaction.open_table(TEXTS).expect("a table");
        transaction.open_table(NUMBERS).expect("a table");
        transaction.open_table(BLOBS).expect("a table");
        transaction.open_table(NAMES).expect("a table");
        transaction.commit().expect("it is written");
    }

    /// Puts a row into the table that `table` says, or takes it out.
    fn change(
        transaction: &redb::WriteTransaction,
        table: u8,
        key: u64,
        value: Option<u64>,
    ) -> Result<(), redb::Error> {
        let short = u32::try_from(key).expect("small");
        match (table % 4, value) {
            (0, Some(value)) => drop(transaction.open_table(TEXTS)?.insert(&*name(key), &*bytes(value))?),
            (0, None) => drop(transaction.open_table(TEXTS)?.remove(&*name(key))?),
            (1, Some(value)) => drop(transaction.open_table(NUMBERS)?.insert((key, short), value)?),
            (1, None) => drop(transaction.open_table(NUMBERS)?.remove((key, short))?),
            (2, Some(value)) => drop(transaction.open_table(BLOBS)?.insert(key, &*bytes(value))?),
            (2, None) => drop(transaction.open_table(BLOBS)?.remove(key)?),
            (_, Some(value)) => drop(transaction.open_table(NAMES)?.insert(&*name(key), value)?),
            (_, None) => drop(transaction.open_table(NAMES)?.remove(&*name(key))?),
        }
        Ok(())
    }

    fn content(database: &Database) -> Result<Content, redb::Error> {
        let wrong = || redb::Error::Corrupted("a row that nobody wrote".to_owned());
        let key = |name: &str| name.split('-').next().and_then(|key| key.parse().ok());
        let transaction = database.begin_read()?;
        let mut content = Content::new();
        for row in transaction.open_table(TEXTS)?.iter()? {
            let (name, value) = row?;
            content.insert((0, key(name.value()).ok_or_else(wrong)?), seed(value.value()).ok_or_else(wrong)?);
        }
        for row in transaction.open_table(NUMBERS)?.iter()? {
            let (key, value) = row?;
            content.insert((1, key.value().0), value.value());
        }
        for row in transaction.open_table(BLOBS)?.iter()? {
            let (key, value) = row?;
            content.insert((2, key.value()), seed(value.value()).ok_or_else(wrong)?);
        }
        for row in transaction.open_table(NAMES)?.iter()? {
            let (name, value) = row?;
            content.insert((3, key(name.value()).ok_or_else(wrong)?), value.value());
        }
        Ok(content)
    }

    type Change = (u8, u64, Option<u64>);

    /// Transactions: their changes, whether they are committed, and whether the file is opened anew behind them.
    fn transactions() -> impl Strategy<Value = Vec<(Vec<Change>, bool, bool)>> {
        let change = (0_u8..4, 0_u64..300, prop::option::weighted(0.8, any::<u64>()));
        prop::collection::vec((prop::collection::vec(change, 0..120), prop::bool::weighted(0.8), any::<bool>()), 1..8)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn what_is_whole_is_read_whatever_was_done(transactions in transactions(), cache in 0_usize..200_000) {
            let directory = tempfile::tempdir().unwrap();
            let path = directory.path().join("file");
            created(&path);
            let mut expected = Content::new();
            let mut database = open(&path, cache).unwrap();
            for (changes, is_committed, opens_anew) in transactions {
                let before = expected.clone();
                let mut transaction = database.begin_write().unwrap();
                transaction.set_quick_repair(true);
                for (table, key, value) in changes {
                    change(&transaction, table, key, value).unwrap();
                    match value {
                        Some(value) => expected.insert((table, key), value),
                        None => expected.remove(&(table, key)),
                    };
                }
                if is_committed {
                    transaction.commit().unwrap();
                } else {
                    transaction.abort().unwrap();
                    expected = before;
                }
                prop_assert_eq!(&content(&database).unwrap(), &expected);
                if opens_anew {
                    drop(database);
                    database = open(&path, cache).unwrap();
                    prop_assert_eq!(&content(&database).unwrap(), &expected);
                }
            }
        }

        #[test]
        fn what_was_changed_from_outside_is_never_read(places in prop::collection::vec((any::<u64>(), 1_u8..), 30), swap in any::<bool>()) {
            const PAGE: usize = 4_096;
            let directory = tempfile::tempdir().unwrap();
            let path = directory.path().join("file");
            created(&path);
            let database = open(&path, 1 << 20).unwrap();
            let mut transaction = database.begin_write().unwrap();
            transaction.set_quick_repair(true);
            for key in 0..400 {
                change(&transaction, u8::try_from(key % 4).unwrap(), key, Some(key.wrapping_mul(0x9E37_79B9_7F4A_7C15))).unwrap();
            }
            transaction.commit().unwrap();
            let expected = content(&database).unwrap();
            drop(database);
            prop_assert_eq!(damaged_pages(&path).unwrap(), []);
            let original = fs::read(&path).unwrap();
            let live = original.iter().rposition(|byte| *byte != 0).unwrap() + 1;
            let mut refused = 0;
            for (place, change) in places {
                let mut damaged = original.clone();
                let at = PAGE + usize::try_from(place % u64::try_from(live - PAGE).unwrap()).unwrap();
                if swap {
                    let (one, other) = (at / PAGE, 1 + usize::from(change) % (live / PAGE - 1));
                    for byte in 0..PAGE {
                        damaged.swap(one * PAGE + byte, other * PAGE + byte);
                    }
                } else {
                    damaged[at] ^= change;
                }
                fs::write(&path, &damaged).unwrap();
                let pages = damaged_pages(&path).unwrap();
                match open(&path, 1 << 20).and_then(|database| content(&database)) {
                    Ok(content) => prop_assert_eq!(&content, &expected),
                    Err(redb::Error::Io(error)) => {
                        prop_assert!(DamagedPage::caused(&error) && !pages.is_empty());
                        refused += 1;
                    }
                    Err(error) => prop_assert!(false, "{error}"),
                }
            }
            prop_assert!(refused > 3, "{refused}");
        }
    }
}
