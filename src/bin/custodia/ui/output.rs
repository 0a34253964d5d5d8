//! Standard output, and a copy of it for whoever asks.

use std::io::{self, BufWriter, Stdout, Write};

/// Where data goes.
pub(super) struct Output {
    stdout: BufWriter<Stdout>,
    copy: Option<Vec<u8>>,
}

impl Output {
    pub(super) fn new() -> Self {
        Self { stdout: BufWriter::with_capacity(1 << 16, io::stdout()), copy: None }
    }

    pub(super) fn begin_copy(&mut self) {
        self.copy = Some(Vec::new());
    }

    pub(super) fn end_copy(&mut self) -> String {
        plain(&String::from_utf8_lossy(&self.copy.take().unwrap_or_default()))
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.stdout.write(bytes)?;
        if let Some(copy) = &mut self.copy {
            copy.extend(bytes.iter().take(written));
        }
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stdout.flush()
    }
}

/// `text` without the escape sequences of emphasis; text from messages has none, because it is escaped.
fn plain(text: &str) -> String {
    let mut pieces = text.split('\u{1b}');
    let mut plain = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        plain.push_str(piece.split_once('m').map_or(piece, |(_, rest)| rest));
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn emphasis_is_left_out_of_the_copy() {
        assert_eq!(plain("\u{1b}[1m12\u{1b}[0m  and \u{1b}[7mmore\u{1b}[0m"), "12  and more");
        assert_eq!(plain("as it is"), "as it is");
    }
}
