//! One process for one attachment.

use std::io::{self, Read, Write};
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::channel;

use serde::{Deserialize, Serialize};

use super::quick::reason;
use super::worker::FAULT_VARIABLE;
use super::{AttachmentProgram, SIZE_LIMIT};
use crate::message::{AttachedFile, FileText};
use crate::model::{Defect, DocumentProperties};

/// Longest answer, in bytes: a text at its limit with everything escaped is shorter.
const ANSWER_LIMIT: u64 = 64 << 20;
/// What is kept of what the process says before it dies.
const LAST_WORDS: u64 = 16 << 10;

/// Has the program's allocator take memory as it is needed and give it back at once. By itself it takes address space by
/// the gigabyte, all that the limit allows.
const ALLOCATOR: [(&str, &str); 2] = [("MIMALLOC_DISALLOW_ARENA_ALLOC", "1"), ("MIMALLOC_PURGE_DELAY", "0")];

/// What the process is told, in one line before the attachment.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Request {
    pub(super) name: String,
    pub(super) media_type: String,
    pub(super) charset: Option<String>,
    pub(super) depth: usize,
    pub(super) seconds: u64,
    pub(super) memory: u64,
}

impl Request {
    pub(super) fn new(file: &AttachedFile<'_>, program: &AttachmentProgram) -> Self {
        Self {
            name: file.name.to_owned(),
            media_type: file.media_type.to_owned(),
            charset: file.charset.map(ToOwned::to_owned),
            depth: file.depth,
            seconds: program.seconds,
            memory: program.memory,
        }
    }
}

/// What the process answers, in the last line that it writes.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Reply {
    pub(super) text: String,
    pub(super) reasons: Vec<Defect>,
    pub(super) documents: DocumentProperties,
}

/// How a process ended, and what it said.
struct Ended {
    is_late: bool,
    status: ExitStatus,
    answer: Vec<u8>,
    last_words: Vec<u8>,
}

/// Has an attachment read; whatever becomes of the process, there is a text or a reason.
///
/// # Errors
/// The program cannot be started.
pub(super) fn read(program: &AttachmentProgram, request: &Request, content: &mut dyn Read) -> io::Result<FileText> {
    let ended = run(program, request, content)?;
    let line = ended.answer.trim_ascii_end().rsplit(|byte| *byte == b'\n').next().unwrap_or_default();
    if ended.status.success()
        && !ended.is_late
        && let Ok(reply) = serde_json::from_slice::<Reply>(line)
    {
        return Ok(FileText { text: reply.text, reasons: reply.reasons, documents: reply.documents });
    }
    Ok(failure(program, &ended))
}

fn run(program: &AttachmentProgram, request: &Request, content: &mut dyn Read) -> io::Result<Ended> {
    let mut command = Command::new(&program.path);
    command.arg("read-attachment").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.env_clear().envs(ALLOCATOR);
    if cfg!(debug_assertions)
        && let Some(fault) = std::env::var_os(FAULT_VARIABLE)
    {
        command.env(FAULT_VARIABLE, fault);
    }
    let mut child = command.spawn()?;
    let (input, output, errors) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    let (answered, answer) = channel();
    let (is_late, answer, last_words) = std::thread::scope(|scope| {
        let output = scope.spawn(move || {
            let read = collect(output, ANSWER_LIMIT);
            let _ = answered.send(());
            read
        });
        let errors = scope.spawn(move || collect(errors, LAST_WORDS));
        let lives = &mut child;
        let watch = scope.spawn(move || {
            let is_late = answer.recv_timeout(program.patience()).is_err() || is_lingering(lives);
            if is_late {
                let _ = lives.kill();
            }
            is_late
        });
        if let Some(mut input) = input {
            // A process that dies early does not take all: that is seen from how it ends.
            let _ = send(request, content, &mut input);
        }
        let is_late = watch.join().unwrap_or(true);
        (is_late, output.join().unwrap_or_default(), errors.join().unwrap_or_default())
    });
    Ok(Ended { is_late, status: child.wait()?, answer, last_words })
}

/// Whether a process that has ended its answer does not end itself.
fn is_lingering(child: &mut Child) -> bool {
    for pause in [0, 1, 5, 20, 100, 500, 2_000] {
        std::thread::sleep(std::time::Duration::from_millis(pause));
        if !matches!(child.try_wait(), Ok(None)) {
            return false;
        }
    }
    true
}

fn send(request: &Request, content: &mut dyn Read, input: &mut dyn Write) -> io::Result<()> {
    let mut header = serde_json::to_vec(request)?;
    header.push(b'\n');
    input.write_all(&header)?;
    io::copy(&mut content.take(SIZE_LIMIT), input).map(drop)
}

/// Reads up to `limit` bytes and lets the rest go by, so that the writer is not kept waiting.
fn collect(source: Option<impl Read>, limit: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    if let Some(mut source) = source {
        let read = (&mut source).take(limit).read_to_end(&mut bytes);
        if read.is_ok() {
            let _ = io::copy(&mut source, &mut io::sink());
        }
    }
    bytes
}

/// Signals by which the system ends a process beyond its time, and one that gives up.
const SIGKILL: i32 = 9;
const SIGXCPU: i32 = 24;

/// Why there is no text.
fn failure(program: &AttachmentProgram, ended: &Ended) -> FileText {
    let said = String::from_utf8_lossy(&ended.last_words);
    if ended.is_late || matches!(ended.status.signal(), Some(SIGKILL | SIGXCPU)) {
        let detail = format!("reading it takes longer than {} seconds, so it is not searched", program.seconds);
        reason("too_slow", detail)
    } else if said.contains("memory allocation") {
        let megabytes = program.memory >> 20;
        let detail = format!("reading it takes more than {megabytes} MiB of memory, so it is not searched");
        reason("too_much_memory", detail)
    } else if said.contains("overflowed its stack") {
        reason("nested_too_deep", "it is nested too deep to be read, so it is not searched")
    } else {
        reason("reader_failed", "its reader failed, as on a damaged file, so it is not searched")
    }
}
