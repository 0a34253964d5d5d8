//! A segmentation covers its message exactly, and every part encodes back to its raw bytes.

use std::io::{BufReader, Read};

use proptest::prelude::*;

use super::*;

/// Gives at most `step` bytes at a time.
struct Slow<'a> {
    bytes: &'a [u8],
    step: usize,
}

impl Read for Slow<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.step.min(buffer.len()).min(self.bytes.len());
        buffer[..count].copy_from_slice(&self.bytes[..count]);
        self.bytes = &self.bytes[count..];
        Ok(count)
    }
}

fn check(raw: &[u8]) -> Segmentation {
    let segmentation = segment_bytes(raw);
    assert_eq!(segment(&mut BufReader::new(raw)).unwrap(), segmentation);
    assert_eq!(stepwise(raw), segmentation, "fed in small steps");
    assert_eq!((segmentation.len, segmentation.digest), (raw.len() as u64, Digest::of(raw)));
    let mut end = 0;
    for segment in &segmentation.segments {
        assert_eq!(segment.start, end);
        assert!(segment.len > 0);
        end += segment.len;
        let slice = &raw[segment.start as usize..end as usize];
        if let Content::Part(part) = segment.content {
            check_part(slice, &part);
        }
    }
    assert_eq!(end, raw.len() as u64);
    segmentation
}

/// Consumes as the reader does, with the smallest blocks that let the scanner go on.
fn stepwise(raw: &[u8]) -> Segmentation {
    let mut scanner = Scanner::new();
    let (mut from, mut to) = (0, 0);
    while from < raw.len() || to == 0 {
        to = (to + 7).min(raw.len());
        from += scanner.consume(&raw[from..to], to == raw.len());
        if raw.is_empty() {
            break;
        }
    }
    scanner.finish()
}

fn check_part(raw: &[u8], part: &PartFacts) {
    let mut decoded = Vec::new();
    decode_part(&mut Slow { bytes: raw, step: 1021 }, part.encoding).read_to_end(&mut decoded).unwrap();
    assert_eq!((decoded.len() as u64, Digest::of(&decoded)), (part.decoded_len, part.digest));
    let mut again = Vec::new();
    let count = encode_part(&mut decoded.as_slice(), part.encoding, &mut again).unwrap();
    assert!(again == raw && count == raw.len() as u64, "{part:?}");
    for step in [1, 2, 100, 4097] {
        let (mut encoder, mut again) = (PartEncoder::new(part.encoding), Vec::new());
        decoded.chunks(step).for_each(|chunk| encoder.push(chunk, &mut again));
        encoder.finish(&mut again);
        assert!(again == raw, "{part:?} in steps of {step}");
    }
}

fn parts(raw: &[u8]) -> Vec<(u64, PartFacts)> {
    let only_parts = |segment: &Segment| match segment.content {
        Content::Part(part) => Some((segment.start, part)),
        Content::Literal => None,
    };
    check(raw).segments.iter().filter_map(only_parts).collect()
}

/// Bytes without a pattern.
fn noise(len: usize) -> Vec<u8> {
    (0..len as u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect()
}

fn base64(decoded: &[u8], line_chars: u32, crlf: bool, final_newline: bool) -> Vec<u8> {
    let (mut encoder, mut out) = (PartEncoder::new(Encoding::Base64 { line_chars, crlf, final_newline }), Vec::new());
    encoder.push(decoded, &mut out);
    encoder.finish(&mut out);
    out
}

fn mail(body: &[u8], crlf: bool) -> Vec<u8> {
    let head = "From: a@example.com\nContent-Type: multipart/mixed; boundary=\"=b=\"\n\npreamble\n--=b=\n\
                Content-Type: application/pdf\nContent-Transfer-Encoding: base64\n\n";
    let tail = "\n--=b=\nContent-Type: text/plain\n\nshort\n--=b=--\nepilogue\n";
    let ends = |text: &str| if crlf { text.replace('\n', "\r\n") } else { text.to_owned() };
    [ends(head).as_bytes(), body, ends(tail).as_bytes()].concat()
}

#[test]
fn a_base64_body_is_one_part_whatever_its_lines() {
    let decoded = noise(10_000);
    for line_chars in [4, 60, 64, 72, 76, 996, 100_000] {
        for crlf in [false, true] {
            let found = parts(&mail(&base64(&decoded, line_chars, crlf, true), crlf));
            let [(_, part)] = found.as_slice() else { panic!("{line_chars} {crlf}: {found:?}") };
            assert_eq!((part.decoded_len, part.digest), (10_000, Digest::of(&decoded)));
            let expected = if line_chars == 100_000 { 13_336 } else { line_chars };
            assert_eq!(part.encoding, Encoding::Base64 { line_chars: expected, crlf, final_newline: true });
        }
    }
}

#[test]
fn the_same_attachment_is_the_same_part_in_another_message() {
    let decoded = noise(5_000);
    let one = parts(&mail(&base64(&decoded, 76, true, true), true));
    let other = parts(&mail(&base64(&decoded, 60, false, true), false));
    assert_eq!(one[0].1.digest, other[0].1.digest);
}

#[test]
fn what_does_not_encode_back_is_left_out_of_the_part() {
    let decoded = noise(3_000);
    let good = base64(&decoded, 76, false, true);
    let damaged = |at: usize, byte: u8| {
        let mut bytes = good.clone();
        bytes[at] = byte;
        mail(&bytes, false)
    };
    for (what, raw, decoded_len) in [
        ("foreign character", damaged(77 * 20 + 9, b'!'), 57 * 20 + 6),
        ("padding inside", damaged(77 * 20 + 9, b'='), 57 * 20 + 6),
        ("missing line end", damaged(77 * 20 + 76, b'A'), 57 * 21),
        ("early line end", damaged(77 * 20 + 9, b'\n'), 57 * 20 + 6),
        ("truncated", mail(&good[..77 * 20 + 7], false), 57 * 20 + 3),
        ("carriage return in a line", damaged(77 * 20 + 8, b'\r'), 57 * 20 + 6),
        ("text after it", mail(&[&good[..], b"____\nfooter of the list\n"].concat(), false), 3_000),
    ] {
        assert_eq!(parts(&raw)[0].1.decoded_len, decoded_len, "{what}");
    }
    let loose = mail(&[&base64(&noise(3_000), 76, false, false)[..], b"QR==\n"].concat(), false);
    assert_eq!(parts(&loose)[0].1.decoded_len, 3_000, "padding bits that are not zero");
}

#[test]
fn a_long_text_is_a_part_and_a_short_one_is_not() {
    let long = "A line of a text body.\r\n".repeat(100);
    let raw = format!(
        "Subject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n{long}--b\r\n\r\nshort\r\n--b--\r\n"
    );
    let found = parts(raw.as_bytes());
    assert_eq!(found.len(), 1);
    assert_eq!(
        found[0].1,
        PartFacts { encoding: Encoding::Identity, digest: Digest::of(long.as_bytes()), decoded_len: long.len() as u64 }
    );
    assert_eq!(parts(long.as_bytes()), [], "no header section, so no body");
}

#[test]
fn parts_of_nested_messages_are_found() {
    let decoded = noise(4_000);
    let inner = mail(&base64(&decoded, 76, false, true), false);
    let raw = [
        &b"Content-Type: multipart/digest; boundary=outer\n\n--outer\nContent-Type: message/rfc822\n\n"[..],
        &inner,
        b"--outer--\n",
    ]
    .concat();
    assert_eq!(parts(&raw)[0].1.digest, Digest::of(&decoded));
}

#[test]
fn lines_without_end_are_taken_in_bounded_steps() {
    let text = "x".repeat(700_000);
    check(text.as_bytes());
    check(format!("Subject: {text}\n\n{text}").as_bytes());
    check(format!("Content-Type: a/b; boundary=b\n\n--b{text}\n--b\n\n{text}\n--b--").as_bytes());
    let line = base64(&noise(900_000), 0, false, true);
    assert_eq!(parts(&mail(&line, false))[0].1.decoded_len, 900_000);
    check(&line[..line.len() - 3]);
}

#[test]
fn the_list_of_segments_is_bounded() {
    let body = base64(&noise(400), 76, false, true);
    let part = [&b"--b\nContent-Transfer-Encoding: base64\n\n"[..], &body].concat();
    let raw = [&b"Content-Type: multipart/mixed; boundary=b\n\n"[..], &part.repeat(MAX_PARTS + 3)].concat();
    let segmentation = segment_bytes(&raw);
    assert_eq!(segmentation.segments.len(), 2 * MAX_PARTS + 1);
    assert_eq!(segmentation.segments.iter().map(|segment| segment.len).sum::<u64>(), raw.len() as u64);
}

#[test]
fn a_reduced_message_has_tokens_for_large_parts() {
    let decoded = noise(2_000_000);
    let raw = mail(&base64(&decoded, 76, true, true), true);
    let segmentation = segment_bytes(&raw);
    let reduced = reduce(&raw, &segmentation, 1 << 20).unwrap();
    assert!(reduced.bytes.len() < 1_000 && reduced.cut.is_empty());
    let [omitted] = reduced.omitted.as_slice() else { panic!("{:?}", reduced.omitted) };
    assert_eq!(omitted.part.digest, Digest::of(&decoded));
    let encoded = base64(omitted.token.as_bytes(), 0, true, false);
    assert!(memchr::memmem::find(&reduced.bytes, &encoded).is_some());
    let rest = [&raw[..segmentation.segments[1].start as usize], &encoded, b"\r\n"].concat();
    assert!(reduced.bytes.starts_with(&rest));
}

#[test]
fn a_reduced_message_keeps_its_structure_and_says_what_was_cut() {
    let text = "word ".repeat(10_000);
    let raw = format!("Content-Type: a/b; boundary=b\n\n--b\n\n{text}\n--b\nX: y\n\n{text}\n--b--\n").into_bytes();
    let segmentation = segment_bytes(&raw);
    let reduced = reduce(&raw, &segmentation, 60_000).unwrap();
    assert!(reduced.bytes.len() <= 60_010);
    assert!(reduced.bytes.ends_with(b"\r\n--b--\n"));
    assert_eq!(reduced.cut.len(), 1, "{:?}", reduced.cut);
    let nothing = reduce(&raw, &segmentation, 0).unwrap();
    assert!(nothing.bytes.len() <= 2 * segmentation.segments.len());
    assert_eq!(reduce(&raw, &segmentation, u64::MAX).unwrap().bytes, raw);
}

#[test]
fn collected_mail_comes_back_bit_for_bit() {
    let Some(shared) = std::env::var_os("CUSTODIA_SHARED") else {
        eprintln!("skipped: CUSTODIA_SHARED is not set");
        return;
    };
    let mut count = 0;
    for file in std::fs::read_dir(std::path::Path::new(&shared).join("samples/mail-eml")).unwrap() {
        check(&std::fs::read(file.unwrap().path()).unwrap());
        count += 1;
    }
    assert!(count > 600, "only {count} files");
}

/// Pieces from which mails and near-mails are put together.
fn piece() -> impl Strategy<Value = Vec<u8>> {
    let fixed = prop::sample::select(vec![
        "--b\n",
        "--b\r\n",
        "--b--\n",
        "--c\n",
        "--b",
        "--",
        "-",
        "\n--",
        "\n",
        "\r\n",
        "\r",
        "=",
        "==\n",
        "QQ==\n",
        "Content-Type: multipart/mixed; boundary=b\n\n",
        "Content-Type: multipart/mixed;\r\n\tboundary=\"c\"\r\n\r\n",
        "Content-Transfer-Encoding: base64\n\n",
        "Content-Transfer-Encoding: base64\r\n\r\n",
        "Content-Type: message/rfc822\n\n",
        "Subject: x\n",
    ])
    .prop_map(|text| text.as_bytes().to_vec());
    let encoded = (0_usize..3_000, prop::sample::select(vec![4_u32, 8, 60, 76, 0]), any::<bool>(), any::<bool>())
        .prop_map(|(len, line_chars, crlf, end)| base64(&noise(len), line_chars, crlf, end));
    let text = "[ -~\r\n]{0,200}".prop_map(String::into_bytes);
    let long = (0_usize..3_000).prop_map(|len| b"words and\n more ".repeat(len / 16));
    prop_oneof![4 => fixed, 3 => encoded, 1 => text, 1 => long, 1 => prop::collection::vec(any::<u8>(), 0..40)]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes(raw in prop::collection::vec(any::<u8>(), 0..3_000)) {
        check(&raw);
    }

    #[test]
    fn mails_and_near_mails(pieces in prop::collection::vec(piece(), 0..30)) {
        check(&pieces.concat());
    }

    #[test]
    fn mutated_mails(
        crlf in any::<bool>(), len in 0_usize..4_000, chars in prop::sample::select(vec![4_u32, 60, 76, 0]),
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), any::<bool>()), 0..6),
    ) {
        let mut raw = mail(&base64(&noise(len), chars, crlf, true), crlf);
        for (at, byte, replace) in edits {
            let at = at.index(raw.len());
            if replace { raw[at] = byte } else { raw.remove(at); }
        }
        let segmentation = check(&raw);
        let reduced = reduce(&raw, &segmentation, 2_000).unwrap();
        prop_assert!(reduced.bytes.len() < 2_000 + 300 * segmentation.segments.len());
    }
}
