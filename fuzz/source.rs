//! One file, read as an import would read it.

use std::path::PathBuf;
use std::sync::OnceLock;

use custodia::connector::{As, Options, SourceEvent, open};

/// A file of this process in memory: fuzzing would wear out a disk.
fn file(name: &str) -> PathBuf {
    static DIRECTORY: OnceLock<PathBuf> = OnceLock::new();
    let directory = DIRECTORY.get_or_init(|| {
        let shared = PathBuf::from("/dev/shm");
        let parent = if shared.is_dir() { shared } else { std::env::temp_dir() };
        let directory = parent.join(format!("custodia-fuzz-{}", std::process::id()));
        std::fs::create_dir_all(&directory).expect("a directory can be made");
        directory
    });
    directory.join(name)
}

/// Reads `bytes` as a file called `name`, and checks what must hold of every file: each record can be read again, and
/// nothing is offered twice under one origin.
pub fn read(name: &str, read_as: As, bytes: &[u8]) {
    let path = file(name);
    std::fs::write(&path, bytes).expect("a file can be written");
    let options = Options { as_format: read_as, ..Options::default() };
    let Ok(sources) = open(&[path], &options) else { return };
    let mut records = 0_u64;
    for event in sources {
        match event {
            SourceEvent::Record(record) => {
                let source = record.raw.source();
                let mut raw = vec![0; usize::try_from(source.len()).expect("it is in memory or small")];
                source.read_exact_at(0, &mut raw).expect("what was offered can be read");
                drop(custodia::message::facts(&raw));
                records += 1;
            }
            SourceEvent::Rejected(rejection) => assert!(!rejection.reason.is_empty()),
            SourceEvent::Opened { .. } | SourceEvent::Closed(_) => {}
        }
    }
    assert!(records <= bytes.len() as u64 * 64 + 64, "more records than the bytes can hold");
}
