//! Where a header section ends, and the `Content-Length` in it.

use memchr::memchr_iter;

const FIELD: &[u8] = b"content-length:";

/// What was found at the start of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Header {
    /// The header section is complete.
    Complete {
        /// Bytes up to the body: header section and blank line.
        body: usize,
        /// Value of the first `Content-Length` in bytes; `None` without one, or if it is no number.
        length: Option<u64>,
    },
    /// No blank line in these bytes.
    Unfinished {
        /// Bytes that need not be looked at again for the blank line.
        looked: usize,
    },
}

/// Looks for the end of a header section; the first `looked` bytes are known to hold none.
pub(super) fn read_header(bytes: &[u8], looked: usize) -> Header {
    if let body @ 1.. = line_end(bytes) {
        return Header::Complete { body, length: None };
    }
    let from = looked.saturating_sub(2).min(bytes.len());
    for at in memchr_iter(b'\n', bytes.get(from..).unwrap_or_default()) {
        let next = from + at + 1;
        if let blank @ 1.. = line_end(bytes.get(next..).unwrap_or_default()) {
            return Header::Complete {
                body: next + blank,
                length: content_length(bytes.get(..next).unwrap_or_default()),
            };
        }
    }
    Header::Unfinished { looked: bytes.len() }
}

fn content_length(header: &[u8]) -> Option<u64> {
    let mut start = 0;
    for at in memchr_iter(b'\n', header) {
        let line = header.get(start..at).unwrap_or_default();
        start = at + 1;
        if line.first().is_some_and(|byte| byte.eq_ignore_ascii_case(&b'c'))
            && line.get(..FIELD.len()).is_some_and(|name| name.eq_ignore_ascii_case(FIELD))
        {
            let value = line.get(FIELD.len()..).unwrap_or_default().trim_ascii();
            let digits = value.iter().all(u8::is_ascii_digit);
            return std::str::from_utf8(value).ok().filter(|_| digits).and_then(|value| value.parse().ok());
        }
    }
    None
}

/// Length of a line end at the start; 0 if there is none.
fn line_end(bytes: &[u8]) -> usize {
    match bytes {
        [b'\n', ..] => 1,
        [b'\r', b'\n', ..] => 2,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_body_starts_after_the_first_blank_line() {
        let cases: [(&[u8], usize, Option<u64>); 7] = [
            (b"A: b\n\nbody", 6, None),
            (b"A: b\r\n\r\nbody", 8, None),
            (b"\nbody", 1, None),
            (b"A: b\nContent-Length: 12\n\nContent-Length: 9\n\n", 25, Some(12)),
            (b"content-LENGTH:7 \r\n\r\n", 21, Some(7)),
            (b"Content-Length: -1\n\n", 20, None),
            (b"Content-Length: 99999999999999999999999\n\n", 41, None),
        ];
        for (bytes, body, length) in cases {
            assert_eq!(read_header(bytes, 0), Header::Complete { body, length });
        }
    }

    #[test]
    fn a_header_read_in_two_looks_ends_at_the_same_place() {
        let bytes = b"Content-Length: 3\r\nB: c\r\n\r\nabc";
        for cut in 0..bytes.len() {
            let looked = match read_header(&bytes[..cut], 0) {
                Header::Unfinished { looked } => looked,
                Header::Complete { body, .. } => {
                    assert_eq!(body, 27);
                    continue;
                }
            };
            assert_eq!(read_header(bytes, looked), Header::Complete { body: 27, length: Some(3) });
        }
    }
}
