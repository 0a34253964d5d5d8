//! The content of a mail as it follows `DATA` (RFC 5321 4.5.2): where it ends, and what of it is transport.

/// Takes the transport off a mail: dots doubled at the beginning of lines, and the dot that ends it.
///
/// Only CR LF "." CR LF ends a mail. What other programs take for an end too, such as a dot between bare line feeds, is
/// text here, so that nothing can be smuggled in behind it.
#[derive(Debug, Default)]
pub(super) struct DataDecoder {
    state: State,
    bare_line_feed: bool,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum State {
    #[default]
    LineStart,
    Text,
    CarriageReturn,
    Dot,
    DotCarriageReturn,
}

impl DataDecoder {
    /// Decodes `input` into `output`. Returns how much of it belongs to the mail if the mail ends in it.
    pub(super) fn take(&mut self, input: &[u8], output: &mut Vec<u8>) -> Option<usize> {
        let mut at = 0;
        while let Some(rest) = input.get(at..).filter(|rest| !rest.is_empty()) {
            if self.state == State::Text {
                let run = memchr::memchr2(b'\r', b'\n', rest).unwrap_or(rest.len());
                output.extend_from_slice(rest.get(..run).unwrap_or_default());
                at += run;
            }
            let Some(&byte) = input.get(at) else { break };
            at += 1;
            if self.step(byte, output) {
                return Some(at);
            }
        }
        None
    }

    /// Takes one byte; whether it is the last one.
    fn step(&mut self, byte: u8, output: &mut Vec<u8>) -> bool {
        match (self.state, byte) {
            (State::LineStart, b'.') => {
                self.state = State::Dot;
                return false;
            }
            (State::Dot, b'\r') => {
                self.state = State::DotCarriageReturn;
                return false;
            }
            (State::DotCarriageReturn, b'\n') => return true,
            (State::DotCarriageReturn, _) => {
                output.push(b'\r');
                self.state = State::CarriageReturn;
            }
            _ => {}
        }
        output.push(byte);
        self.state = match (self.state, byte) {
            (State::CarriageReturn, b'\n') => State::LineStart,
            (_, b'\n') => {
                self.bare_line_feed = true;
                State::Text
            }
            (_, b'\r') => State::CarriageReturn,
            _ => State::Text,
        };
        false
    }

    /// Whether a line ended with a line feed alone, which RFC 5321 2.3.8 forbids.
    pub(super) fn has_bare_line_feed(&self) -> bool {
        self.bare_line_feed
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What is on the wire, the content in it, where it ends, and whether it has a bare line feed.
    type Case<'c> = (&'c [u8], &'c [u8], Option<usize>, bool);

    /// The content and what follows it, in pieces of `step` bytes.
    fn decode(input: &[u8], step: usize) -> (Vec<u8>, Option<usize>, bool) {
        let (mut decoder, mut output, mut at) = (DataDecoder::default(), Vec::new(), 0);
        for piece in input.chunks(step) {
            if let Some(end) = decoder.take(piece, &mut output) {
                return (output, Some(at + end), decoder.has_bare_line_feed());
            }
            at += piece.len();
        }
        (output, None, decoder.has_bare_line_feed())
    }

    #[test]
    fn dots_are_taken_off_and_only_the_true_end_ends() {
        let cases: [Case<'_>; 14] = [
            (b".\r\n", b"", Some(3), false),
            (b"a\r\n.\r\nQUIT\r\n", b"a\r\n", Some(6), false),
            (b"..\r\n.\r\n", b".\r\n", Some(7), false),
            (b"...a\r\n.\r\n", b"..a\r\n", Some(9), false),
            (b".a\r\n.\r\n", b"a\r\n", Some(7), false),
            (b"a\n.\nMAIL FROM:<x>\r\n.\r\n", b"a\n.\nMAIL FROM:<x>\r\n", Some(22), true),
            (b"a\n.\r\nb\r\n.\r\n", b"a\n.\r\nb\r\n", Some(11), true),
            (b"a\r\n.\nb\r\n.\r\n", b"a\r\n\nb\r\n", Some(11), true),
            (b"a\r.\rb\r\n.\r\n", b"a\r.\rb\r\n", Some(10), false),
            (b"a\r\n.\rb\r\n.\r\n", b"a\r\n\rb\r\n", Some(11), false),
            (b"a\r\r\n.\r\n", b"a\r\r\n", Some(7), false),
            (b"a\r\n.\r\r\n.\r\n", b"a\r\n\r\r\n", Some(10), false),
            (b"a\r\n.", b"a\r\n", None, false),
            (b"a\0\xff\r\n.\r\n", b"a\0\xff\r\n", Some(8), false),
        ];
        for (input, content, end, bare) in cases {
            for step in 1..=input.len() {
                let text = String::from_utf8_lossy(input);
                assert_eq!(decode(input, step), (content.to_vec(), end, bare), "{text:?} by {step}");
            }
        }
    }

    proptest! {
        #[test]
        fn any_mail_of_whole_lines_arrives_as_it_was_sent(
            lines in proptest::collection::vec("[.a\r]{0,4}", 0..20),
            step in 1_usize..9,
        ) {
            // A carriage return before the end of a line belongs to the line.
            let mail: Vec<u8> = lines.iter().flat_map(|line| [line.as_bytes(), b"\r\n"].concat()).collect();
            let sent: Vec<u8> = lines.iter().flat_map(|line| {
                let dot: &[u8] = if line.starts_with('.') { b"." } else { b"" };
                [dot, line.as_bytes(), b"\r\n"].concat()
            }).chain(*b".\r\n").collect();
            prop_assert_eq!(decode(&sent, step), (mail, Some(sent.len()), false));
        }
    }
}
