//! Outlook data files.
//!
//! The items share what is known of the file and cannot move between threads, so that a thread of its own reads the file
//! and hands the mails over, a few at a time.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use super::item::Item;
use super::mail::rebuild;
use super::pst_file::DAMAGED;
use super::pst_folders::{Folder, Folders};
use super::pst_item::DataFile;
use crate::connector::converter::{Converter, Start};
use crate::connector::input::{Input, Reader};
use crate::connector::{As, FileAccount, Format, Options, Rejection, SourceEvent, SourceRecord};

/// Reads `.pst`.
pub(in super::super) const CONVERTER: Converter = Converter {
    format: Format::Pst,
    read_as: As::Pst,
    recognises: |start: &Start<'_>| start.head.starts_with(b"!BDN"),
    bundles: |_| false,
    open: |input, _: &Options| Ok(open(input)?),
};

/// Mails that wait to be taken.
const WAITING: usize = 2;

/// Bytes of the thread's stack: embedded messages are followed by recursion.
const STACK: usize = 32 << 20;

fn open(input: Input) -> Result<Box<dyn Reader>, String> {
    let source = input.content.file()?;
    let (opened_to, opened) = sync_channel(1);
    let (events_to, events) = sync_channel(WAITING);
    let done = Arc::new(AtomicU64::new(0));
    let reading =
        Reading { origin: input.origin, events: events_to, done: Arc::clone(&done), account: Account::default() };
    let run = move || {
        let started = catch_unwind(AssertUnwindSafe(|| DataFile::open(&source)));
        match started.unwrap_or_else(|_| Err(DAMAGED.to_owned())) {
            Ok(file) => {
                let _ = opened_to.send(Ok(()));
                reading.run(&file);
            }
            Err(reason) => {
                let _ = opened_to.send(Err(reason));
            }
        }
    };
    let thread = thread::Builder::new().name("pst".to_owned()).stack_size(STACK).spawn(run);
    thread.map_err(|error| format!("cannot start to read it: {error}"))?;
    opened.recv().unwrap_or_else(|_| Err(DAMAGED.to_owned()))?;
    Ok(Box::new(Items { events, done }))
}

/// The mails as they are handed over.
struct Items {
    events: Receiver<SourceEvent>,
    done: Arc<AtomicU64>,
}

impl Iterator for Items {
    type Item = SourceEvent;

    fn next(&mut self) -> Option<SourceEvent> {
        self.events.recv().ok()
    }
}

impl Reader for Items {
    fn bytes_done(&self) -> u64 {
        self.done.load(Ordering::Relaxed)
    }
}

/// The one who asked for the mails has gone.
struct Gone;

#[derive(Default)]
struct Account {
    absent: u64,
    settings: usize,
}

struct Reading {
    origin: String,
    events: SyncSender<SourceEvent>,
    done: Arc<AtomicU64>,
    account: Account,
}

impl Reading {
    fn run(mut self, file: &DataFile) {
        let all = catch_unwind(AssertUnwindSafe(|| self.folders(file)));
        let ended = match all {
            Ok(ended) => ended,
            Err(_) => self.reject(self.origin.clone(), DAMAGED.to_owned()),
        };
        if ended.is_ok() {
            let _ = self.events.send(SourceEvent::Closed(self.account()));
        }
    }

    fn folders(&mut self, file: &DataFile) -> Result<(), Gone> {
        let mut folders = Folders::new(Rc::clone(&file.file));
        loop {
            let Ok(next) = catch_unwind(AssertUnwindSafe(|| folders.next())) else {
                self.reject(self.origin.clone(), "a folder is damaged; repair it with `scanpst`".to_owned())?;
                continue;
            };
            let Some(folder) = next else { return Ok(()) };
            self.folder(file, &folder)?;
        }
    }

    fn folder(&mut self, file: &DataFile, folder: &Folder) -> Result<(), Gone> {
        self.account.settings = self.account.settings.saturating_add(folder.settings);
        if let Some(problem) = &folder.problem {
            self.reject(format!("{}#{}", self.origin, folder.path), problem.clone())?;
        }
        for node in &folder.items {
            let origin = format!("{}#0x{:X}", self.origin, node);
            let converted = catch_unwind(AssertUnwindSafe(|| self.item(file, *node)));
            match converted.unwrap_or_else(|_| Err("a damaged item; repair the file with `scanpst`".to_owned())) {
                Ok(raw) => {
                    let path = Some(folder.path.clone()).filter(|path| !path.is_empty());
                    self.send(SourceEvent::Record(SourceRecord::new(origin, raw, path)))?;
                }
                Err(reason) => self.reject(origin, reason)?,
            }
        }
        Ok(())
    }

    fn item(&mut self, file: &DataFile, node: u32) -> Result<crate::connector::Raw, String> {
        /// Bytes that Outlook counts for an item (`PidTagMessageSize`).
        const SIZE: u16 = 0x0E08;
        let damaged = |error: String| format!("a damaged item ({error}); repair the file with `scanpst`");
        let item = file.item(node).map_err(damaged)?;
        let rebuilt = rebuild(&item, "pst", None).map_err(|error| format!("cannot convert it: {error}"))?;
        self.account.absent = self.account.absent.saturating_add(rebuilt.absent);
        let size = item.properties().integer(SIZE).and_then(|size| u64::try_from(size).ok()).unwrap_or(0);
        self.done.fetch_add(size, Ordering::Relaxed);
        Ok(rebuilt.raw)
    }

    fn account(&self) -> FileAccount {
        let settings = match self.account.settings {
            0 => None,
            count => Some(format!(
                "{count} settings of Outlook that are stored like items are no messages and were left out"
            )),
        };
        FileAccount {
            absent_attachments: self.account.absent,
            notes: settings.into_iter().collect(),
            ..FileAccount::default()
        }
    }

    fn reject(&self, origin: String, reason: String) -> Result<(), Gone> {
        self.send(SourceEvent::Rejected(Rejection { origin, reason, bytes: 0 }))
    }

    fn send(&self, event: SourceEvent) -> Result<(), Gone> {
        self.events.send(event).map_err(|_| Gone)
    }
}
