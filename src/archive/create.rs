//! Creation of an archive.

use std::fs;
use std::path::Path;

use data_encoding::HEXLOWER;

use super::follower::Follower;
use super::import::time_zone;
use super::known_names::KnownNames;
use super::lock::Lock;
use super::random::random_key;
use super::{Archive, INDEX_DIRECTORY, STORE_FILE, Session};
use crate::store::{ArchiveInfo, FORMAT, Store, set_dual_control, set_timezone};
use crate::{Error, Result};

/// What is decided when an archive is created.
#[derive(Debug, Clone)]
pub struct CreateOptions {
    /// Its name; `None` takes the directory's.
    pub name: Option<String>,
    /// Days after capture in which no item is disposed of.
    pub min_residence_days: u32,
    /// The zone of local times that name none (IANA name), as in chat exports; `None` takes the machine's.
    pub timezone: Option<String>,
    /// Whether acts that free or destroy something need the consent of a second person.
    pub dual_control: bool,
}

impl Archive {
    /// Creates an archive in `directory`, which must be absent or empty; only its owner can enter it (mode 0700).
    ///
    /// # Errors
    /// There is something in the directory already, or it cannot be written.
    pub fn create(directory: &Path, options: &CreateOptions, session: Session) -> Result<Self> {
        let timezone = match &options.timezone {
            Some(name) => time_zone(name)?.name().to_owned(),
            None => machine_time_zone(),
        };
        make_directory(directory)?;
        let lock = Lock::take(directory, &session, session.clock.now(), session.wait)?;
        let name = options.name.clone().unwrap_or_else(|| {
            let full = fs::canonicalize(directory).unwrap_or_else(|_| directory.to_owned());
            full.file_name().map_or_else(|| "archive".to_owned(), |name| name.to_string_lossy().into_owned())
        });
        let info = ArchiveInfo {
            format: FORMAT,
            id: random_id(),
            name,
            created_at: session.clock.now(),
            min_residence_days: options.min_residence_days,
        };
        let store = Store::create(&directory.join(STORE_FILE), &info)?;
        let index = Follower::new(directory.join(INDEX_DIRECTORY));
        let (directory, unfinished_erasure) = (directory.to_owned(), None);
        let archive =
            Self { directory, session, info, store, index, names: KnownNames::default(), unfinished_erasure, lock };
        let dual = if options.dual_control { "on" } else { "off" };
        let days = archive.info.min_residence_days;
        let outcome = format!("minimum residence {days} days, time zone {timezone}, dual control {dual}");
        let transaction = archive.store.begin()?;
        set_timezone(&transaction, &timezone)?;
        set_dual_control(&transaction, options.dual_control)?;
        archive.record(&transaction, "init", &archive.info.id, &outcome)?;
        transaction.commit()?;
        Ok(archive)
    }
}

/// The machine's zone; UTC if it has none that is known.
fn machine_time_zone() -> String {
    let name = iana_time_zone::get_timezone().unwrap_or_default();
    time_zone(&name).unwrap_or_default().name().to_owned()
}

fn make_directory(directory: &Path) -> Result<()> {
    use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
    match fs::read_dir(directory) {
        Ok(mut entries) => {
            if directory.join(STORE_FILE).exists() {
                return Err(Error::AlreadyExists { what: "archive", id: directory.display().to_string() });
            }
            if entries.any(|entry| entry.is_ok_and(|entry| !is_left_by_init(&entry.file_name()))) {
                return Err(Error::InvalidInput(format!(
                    "`{}` is not empty: name a directory that is empty or does not exist yet",
                    directory.display()
                )));
            }
            fs::set_permissions(directory, fs::Permissions::from_mode(0o700))
                .map_err(Error::io("restrict access to", directory))
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let created = fs::DirBuilder::new().recursive(true).mode(0o700).create(directory);
            created.map_err(Error::io("create", directory))
        }
        Err(error) => Err(Error::io("read", directory)(error)),
    }
}

/// What an `init` that was killed may leave.
fn is_left_by_init(name: &std::ffi::OsStr) -> bool {
    name == "lock" || name == "archive.redb.new"
}

/// Different for every archive.
fn random_id() -> String {
    HEXLOWER.encode(random_key().get(..16).unwrap_or_default())
}
