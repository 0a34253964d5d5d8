//! What the server says.

/// A reply: its code, and its text in one line or several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reply {
    code: u16,
    lines: Vec<String>,
}

impl Reply {
    /// One line.
    pub(super) fn new(code: u16, text: impl Into<String>) -> Self {
        Self { code, lines: vec![text.into()] }
    }

    /// Several lines.
    pub(super) fn lines(code: u16, lines: Vec<String>) -> Self {
        Self { code, lines }
    }

    /// Whether it refuses what was asked for.
    pub(super) fn is_refusal(&self) -> bool {
        self.code >= 400
    }

    /// As it goes over the wire. Text from others must not end the line before its end.
    pub(super) fn bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        let last = self.lines.len().saturating_sub(1);
        for (n, line) in self.lines.iter().enumerate() {
            let mark = if n == last { ' ' } else { '-' };
            let line: String = line.chars().map(|c| if c.is_control() { ' ' } else { c }).take(400).collect();
            bytes.extend_from_slice(format!("{}{mark}{line}\r\n", self.code).as_bytes());
        }
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_marked_and_cannot_be_broken() {
        let reply = Reply::lines(250, vec!["a".to_owned(), "b\r\n354 c".to_owned()]);
        assert_eq!(reply.bytes(), b"250-a\r\n250 b  354 c\r\n");
    }
}
