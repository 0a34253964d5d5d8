//! Mails.

use std::fmt::Write as _;

use chrono::DateTime;
use data_encoding::BASE64;

use super::people::Person;
use super::random::Random;
use super::words::{Language, Words};
use super::{EPOCH, SPAN};

/// Median number of words in a body.
const WORDS: f64 = 350.0;
/// Median size of a file, in bytes.
const FILE: f64 = 24_000.0;

/// `count` mails.
pub(crate) fn mails(seed: u64, count: usize) -> Vec<Vec<u8>> {
    let mut random = Random::new(seed);
    let words = [Language::English, Language::Polish].map(|language| Words::new(language, &mut random));
    let files: Vec<Vec<u8>> = (0..=count / 40).map(|_| file(&mut random)).collect();
    let mut mails: Vec<Vec<u8>> = Vec::with_capacity(count);
    let mut bodies: Vec<String> = Vec::with_capacity(count);
    for n in 0..count {
        let body = if n > 0 && random.chance(0.1) {
            random.pick(&bodies).clone()
        } else {
            message(n, &words, &files, &mut random)
        };
        mails.push(format!("{}{body}", transport(n, &mut random)).into_bytes());
        bodies.push(body);
    }
    mails
}

/// The fields that differ between two copies of a mail.
fn transport(n: usize, random: &mut Random) -> String {
    format!(
        "Received: from relay{}.example by mx.firm.example with ESMTPS id {:016x}\n\
         Delivered-To: desk{}@firm.example\n",
        random.below(9),
        random.next(),
        n % 7
    )
}

fn message(n: usize, words: &[Words], files: &[Vec<u8>], random: &mut Random) -> String {
    let (from, to) = (Person::any(random), Person::any(random));
    let words = words.get(usize::from(random.chance(0.15))).or(words.first()).expect("there are two languages");
    let sent = EPOCH + random.below(SPAN as usize) as i64;
    let date = DateTime::from_timestamp(sent, 0).expect("the span lies within the calendar").to_rfc2822();
    let subject = words.text(5, random).replace('\n', " ");
    let mut mail = String::new();
    // Writing to a string never fails.
    let _ = write!(
        mail,
        "From: {} <{}>\nTo: {} <{}>\nDate: {date}\nMessage-ID: <{n}.{sent}@client.example>\nMIME-Version: 1.0\n",
        from.name(),
        from.address(),
        to.name(),
        to.address()
    );
    if random.chance(0.4) {
        let copy = Person::any(random);
        let _ = writeln!(mail, "Cc: {} <{}>", copy.name(), copy.address());
    }
    let _ = writeln!(mail, "Subject: =?UTF-8?B?{}?=", BASE64.encode(subject.as_bytes()));
    let text = words.text(random.log_normal(WORDS, 1.1), random);
    let plain = "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n";
    if random.chance(0.05) {
        let file = random.pick(files);
        let _ = write!(
            mail,
            "Content-Type: multipart/mixed; boundary=\"b{n}\"\n\n--b{n}\n{plain}{text}\n--b{n}\n\
             Content-Type: application/octet-stream\nContent-Disposition: attachment; filename=\"file{n}.bin\"\n\
             Content-Transfer-Encoding: base64\n\n"
        );
        for line in file.chunks(57) {
            let _ = writeln!(mail, "{}", BASE64.encode(line));
        }
        let _ = writeln!(mail, "--b{n}--");
    } else {
        let _ = writeln!(mail, "{plain}{text}");
    }
    mail
}

fn file(random: &mut Random) -> Vec<u8> {
    let bytes = random.log_normal(FILE, 1.2);
    (0..=bytes / 8).flat_map(|_| random.next().to_le_bytes()).collect()
}
