//! Which variant of mbox a file is, guessed from its start: nothing in the file says it.

use std::fs::File;
use std::io;
use std::sync::Arc;

use memchr::memmem;

use super::split::{EndedBy, Rule, Splitter};
use crate::connector::Format;

/// Bytes at the start of a file that are looked at.
const FIRST_LOOK: u64 = 1 << 20;

/// What the start of a file tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Survey {
    /// The variant. Only the way of quoting depends on it, which is left as it is, so a wrong guess harms nothing.
    pub(super) format: Format,
    /// What separates messages.
    pub(super) rule: Rule,
}

/// Looks at the start of a file of `len` bytes.
///
/// # Errors
/// The file cannot be read.
pub(super) fn survey(file: &Arc<File>, len: u64) -> io::Result<Survey> {
    let by_blank = look(file, len, Rule::AfterBlank)?;
    let alone = by_blank.messages <= 1 && by_blank.by_length == 0;
    let rule =
        if alone && look(file, len, Rule::BeforeField)?.messages > 1 { Rule::BeforeField } else { Rule::AfterBlank };
    let quoting = quoting(file, len)?;
    let format = match (by_blank.by_length > 0, quoting) {
        (true, Quoting::None) => Format::Mboxcl2,
        (true, _) => Format::Mboxcl,
        (false, Quoting::Repeated) => Format::Mboxrd,
        (false, _) => Format::Mboxo,
    };
    Ok(Survey { format, rule })
}

#[derive(Debug, Default)]
struct Look {
    messages: u64,
    by_length: u64,
}

fn look(file: &Arc<File>, len: u64, rule: Rule) -> io::Result<Look> {
    let mut splitter = Splitter::new(Arc::clone(file), FIRST_LOOK, len, rule);
    splitter.preamble()?;
    let mut look = Look::default();
    while let Some(span) = splitter.next_span()? {
        look.messages += 1;
        look.by_length += u64::from(span.ended_by == EndedBy::Length);
    }
    Ok(look)
}

/// How body lines that look like separators are quoted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Quoting {
    None,
    Once,
    /// `>>From ` was seen: a quoted line was quoted again.
    Repeated,
}

fn quoting(file: &Arc<File>, len: u64) -> io::Result<Quoting> {
    let mut window = super::window::Window::new(Arc::clone(file), FIRST_LOOK.min(len));
    window.ensure(0, FIRST_LOOK)?;
    let head = window.from(0);
    Ok(if memmem::find(head, b"\n>>From ").is_some() {
        Quoting::Repeated
    } else if memmem::find(head, b"\n>From ").is_some() {
        Quoting::Once
    } else {
        Quoting::None
    })
}
