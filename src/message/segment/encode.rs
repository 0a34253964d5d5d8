//! Decoded bytes back to the raw bytes of a part.

use std::io::{self, Read, Write};

use data_encoding::BASE64;

use super::{Encoding, fill};

/// Decoded bytes that are encoded at once; a multiple of 3.
const BATCH: usize = 36 * 1024;

/// Encodes a part chunk by chunk. Chunks may be of any size.
#[derive(Debug, Clone)]
pub struct PartEncoder {
    encoding: Encoding,
    /// Decoded bytes that are not yet three.
    carry: Vec<u8>,
    /// Characters in the current line.
    column: usize,
}

impl PartEncoder {
    /// An encoder at the start of a part.
    pub fn new(encoding: Encoding) -> Self {
        Self { encoding, carry: Vec::with_capacity(3), column: 0 }
    }

    /// Appends to `out` what can be encoded of `decoded` and of what came before.
    pub fn push(&mut self, decoded: &[u8], out: &mut Vec<u8>) {
        if self.encoding == Encoding::Identity {
            out.extend_from_slice(decoded);
            return;
        }
        let mut rest = decoded;
        if !self.carry.is_empty() {
            let (head, tail) = rest.split_at_checked(3 - self.carry.len()).unwrap_or((rest, &[]));
            self.carry.extend_from_slice(head);
            rest = tail;
            if self.carry.len() == 3 {
                let group = std::mem::take(&mut self.carry);
                self.encode(&group, out);
            }
        }
        let (whole, tail) = rest.split_at_checked(rest.len() - rest.len() % 3).unwrap_or((rest, &[]));
        whole.chunks(BATCH).for_each(|batch| self.encode(batch, out));
        self.carry.extend_from_slice(tail);
    }

    /// Appends the end of the part to `out`.
    pub fn finish(mut self, out: &mut Vec<u8>) {
        let group = std::mem::take(&mut self.carry);
        self.encode(&group, out);
        if let Encoding::Base64 { final_newline: true, .. } = self.encoding {
            out.extend_from_slice(self.line_end());
        }
    }

    fn line_end(&self) -> &'static [u8] {
        match self.encoding {
            Encoding::Base64 { crlf: true, .. } => b"\r\n",
            _ => b"\n",
        }
    }

    fn encode(&mut self, decoded: &[u8], out: &mut Vec<u8>) {
        let Encoding::Base64 { line_chars, .. } = self.encoding else { return };
        let line_chars = if line_chars == 0 { usize::MAX } else { line_chars as usize };
        let mut characters = vec![0; BASE64.encode_len(decoded.len())];
        BASE64.encode_mut(decoded, &mut characters);
        let mut rest = characters.as_slice();
        while !rest.is_empty() {
            if self.column == line_chars {
                out.extend_from_slice(self.line_end());
                self.column = 0;
            }
            let (line, tail) = rest.split_at_checked(line_chars - self.column).unwrap_or((rest, &[]));
            out.extend_from_slice(line);
            self.column += line.len();
            rest = tail;
        }
    }
}

/// Writes the raw bytes of the part whose decoded bytes `decoded` holds, and gives their number.
///
/// # Errors
/// `decoded` or `out` failed.
pub fn encode_part(decoded: &mut dyn Read, encoding: Encoding, out: &mut dyn Write) -> io::Result<u64> {
    let mut encoder = PartEncoder::new(encoding);
    let (mut block, mut raw, mut written) = (vec![0; BATCH], Vec::with_capacity(BATCH * 3 / 2), 0);
    loop {
        let count = fill(decoded, &mut block)?;
        let last = count < block.len();
        raw.clear();
        encoder.push(block.get(..count).unwrap_or_default(), &mut raw);
        if last {
            encoder.finish(&mut raw);
            out.write_all(&raw)?;
            return Ok(written + raw.len() as u64);
        }
        out.write_all(&raw)?;
        written += raw.len() as u64;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(decoded: &[u8], line_chars: u32, crlf: bool, final_newline: bool) -> String {
        let mut encoder = PartEncoder::new(Encoding::Base64 { line_chars, crlf, final_newline });
        let mut out = Vec::new();
        for byte in decoded {
            encoder.push(&[*byte], &mut out);
        }
        encoder.finish(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn lines_end_where_they_did() {
        assert_eq!(encoded(b"abcdef", 4, false, false), "YWJj\nZGVm");
        assert_eq!(encoded(b"abcdef", 4, true, true), "YWJj\r\nZGVm\r\n");
        assert_eq!(encoded(b"abcde", 8, false, true), "YWJjZGU=\n");
        assert_eq!(encoded(b"abcd", 4, false, false), "YWJj\nZA==");
        assert_eq!(encoded(b"abcdef", 0, false, false), "YWJjZGVm");
    }
}
