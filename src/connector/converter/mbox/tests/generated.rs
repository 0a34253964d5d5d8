//! Files made from messages at random: each of them comes back.

use super::*;

fn messages_of_generated_lines() -> impl Strategy<Value = Vec<Vec<u8>>> {
    let line = prop_oneof![
        Just(b"text".to_vec()),
        Just(Vec::new()),
        Just(b"From Russia with love".to_vec()),
        Just(ANN.trim_ascii_end().into()),
        Just(b">From ann@firm.example Mon Jun 01 10:00:00 2009".to_vec()),
        Just(b"From -".to_vec()),
        Just(b"Subject: inner".to_vec()),
        Just(b"\r".to_vec()),
        "[ -~]{0,20}".prop_map(String::into_bytes),
        proptest::collection::vec(any::<u8>().prop_filter("line end", |byte| *byte != b'\n'), 0..20),
    ];
    let body = proptest::collection::vec(line, 0..12);
    let message =
        body.prop_map(|lines| [b"Subject: s\nTo: b@c.example\n\n".to_vec(), lines.join(&b'\n'), vec![b'\n']].concat());
    proptest::collection::vec(message, 1..6)
}

/// Puts `>` before `From ` at line starts; before quoted ones too if `repeated`.
fn quote(message: &[u8], repeated: bool) -> Vec<u8> {
    let quoted = message.split_inclusive(|&byte| byte == b'\n').map(|line| {
        let bare = line.iter().position(|&byte| byte != b'>').unwrap_or(0);
        let quotes = line[bare..].starts_with(b"From ") && (bare == 0 || repeated);
        [if quotes { b">".as_slice() } else { b"" }, line].concat()
    });
    quoted.collect::<Vec<_>>().concat()
}

fn with_length(message: &[u8]) -> Vec<u8> {
    let body = memchr::memmem::find(message, b"\n\n").unwrap() + 2;
    [format!("Content-Length: {}\n", message.len() - body).as_bytes(), message].concat()
}

fn crlf(bytes: &[u8]) -> Vec<u8> {
    let lines = bytes.split(|&byte| byte == b'\n');
    lines.collect::<Vec<_>>().join(&b"\r\n"[..])
}

fn joined(messages: &[Vec<u8>]) -> Vec<u8> {
    messages.iter().flat_map(|message| [ANN.as_bytes(), message, b"\n"].concat()).collect()
}

proptest! {
    #[test]
    fn written_messages_come_back(messages in messages_of_generated_lines(), variant in 0..4) {
        let written: Vec<Vec<u8>> = messages.iter().map(|message| match variant {
            0 => quote(message, false),
            1 => quote(message, true),
            2 => with_length(&quote(message, false)),
            _ => with_length(message),
        }).collect();
        let text = joined(&written);
        let all = read(&text);
        prop_assert_eq!(all.rejected, []);
        prop_assert_eq!(all.messages, written);
        account(&text);
    }

    #[test]
    fn written_messages_with_crlf_come_back(messages in messages_of_generated_lines(), repeated in any::<bool>()) {
        let written: Vec<Vec<u8>> = messages.iter().map(|message| crlf(&quote(message, repeated))).collect();
        let text: Vec<u8> = written.iter().flat_map(|message| [&crlf(ANN.as_bytes()), message, &b"\r\n"[..]].concat()).collect();
        let all = read(&text);
        prop_assert_eq!(all.rejected, []);
        prop_assert_eq!(all.messages, written);
        account(&text);
    }

    #[test]
    fn any_bytes_are_accounted_for(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
        account(&bytes);
        read(&bytes);
    }

    #[test]
    fn any_lines_are_accounted_for(parts in proptest::collection::vec(prop_oneof![
        Just("\n"), Just("\r\n"), Just("From "), Just(ANN), Just("From -\n"), Just("A: b\n"), Just("Content-Length: 7\n"),
        Just("text"), Just("\u{feff}"), Just("Content-Length: 0\n"), Just(" "), Just("x@y"),
    ], 0..60), mark in any::<bool>()) {
        let text = format!("{}{}", if mark { ANN } else { "" }, parts.concat());
        account(text.as_bytes());
        read(text.as_bytes());
    }
}
