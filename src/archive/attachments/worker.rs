//! What the process does that reads one attachment.

use std::io::{BufRead, Read as _, Write};

use rlimit::Resource;

use super::process::{Reply, Request};
use super::unpack::Unpacker;
use super::{ROOM, SIZE_LIMIT};
use crate::extract::File;
use crate::{Error, Result};

/// The environment variable that makes the process fail, in debug builds: `crash`, `hang`, `loop`, `memory`, `stack`,
/// `panic`.
pub const FAULT_VARIABLE: &str = "CUSTODIA_ATTACHMENT_FAULT";

/// Longest line that says what is to be read, in bytes.
const REQUEST_LIMIT: u64 = 1 << 20;

/// Reads one attachment from `input` and writes what was read to `output`; first limits the time and memory of this
/// process. For a process of its own only, which ends then.
///
/// # Errors
/// The process cannot be limited, or `input` or `output` failed. The parent makes a reason of that.
pub fn read_attachment(input: &mut dyn BufRead, output: &mut dyn Write) -> Result<()> {
    let mut line = Vec::new();
    input.take(REQUEST_LIMIT).read_until(b'\n', &mut line).map_err(Error::io("read", "the request"))?;
    let request: Request = serde_json::from_slice(&line)
        .map_err(|error| Error::InvalidInput(format!("this is for use by the program itself ({error})")))?;
    limit(&request).map_err(Error::io("limit", "the process that reads attachments"))?;
    fail_on_demand();
    let mut bytes = Vec::new();
    input.take(SIZE_LIMIT).read_to_end(&mut bytes).map_err(Error::io("read", "the attachment"))?;
    let file = File {
        name: &request.name,
        media_type: &request.media_type,
        charset: request.charset.as_deref(),
        bytes: &bytes,
    };
    let read = Unpacker::new(ROOM).file(&file, request.depth);
    let reply = Reply { text: read.text, reasons: read.reasons, documents: read.documents };
    let mut answer = vec![b'\n'];
    serde_json::to_writer(&mut answer, &reply).map_err(|error| Error::InvalidInput(error.to_string()))?;
    output.write_all(&answer).and_then(|()| output.flush()).map_err(Error::io("write", "the text"))
}

fn limit(request: &Request) -> std::io::Result<()> {
    Resource::AS.set(request.memory, request.memory)?;
    Resource::CPU.set(request.seconds, request.seconds.saturating_add(1))?;
    Resource::FSIZE.set(ROOM, ROOM)?;
    Resource::CORE.set(0, 0)
}

/// Does what a parser may do on a hostile file.
fn fail_on_demand() {
    if !cfg!(debug_assertions) {
        return;
    }
    match std::env::var(FAULT_VARIABLE).as_deref() {
        Ok("crash") => std::process::abort(),
        Ok("hang") => loop {
            std::thread::park();
        },
        Ok("loop") => loop {
            std::hint::black_box(());
        },
        Ok("memory") => {
            let mut memory = Vec::new();
            loop {
                memory.push(vec![1_u8; 1 << 20]);
            }
        }
        Ok("stack") => {
            std::hint::black_box(descend(std::hint::black_box(1)));
        }
        _ => {}
    }
}

fn descend(depth: u64) -> u64 {
    let room = std::hint::black_box([depth; 512]);
    if depth == 0 { 0 } else { descend(std::hint::black_box(depth + 1)) + room.iter().sum::<u64>() }
}
