//! A generated firm: mails with attachments and chats, the same on every machine for the same seed.

use std::fmt::Write as _;
use std::path::Path;

use data_encoding::BASE64;

/// A small generator of numbers (splitmix64).
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }

    pub(crate) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        from.get(self.below(from.len())).expect("there is something to pick from")
    }
}

pub(crate) const PEOPLE: [&str; 6] = ["ada", "bao", "chen", "dmitri", "ewa", "fumi"];

const WORDS: [&str; 24] = [
    "invoice",
    "harbour",
    "ledger",
    "quarter",
    "meeting",
    "contract",
    "signed",
    "tomorrow",
    "please",
    "confirm",
    "price",
    "copper",
    "shipment",
    "delay",
    "client",
    "budget",
    "review",
    "draft",
    "umowa",
    "\u{5408}\u{540C}",
    "\u{4F1A}\u{8B70}",
    "\u{ACC4}\u{C57D}",
    "za\u{17C}\u{F3}\u{142}\u{107}",
    "r\u{E9}sum\u{E9}",
];

fn sentence(random: &mut Random, words: usize) -> String {
    (0..words).map(|_| *random.pick(&WORDS)).collect::<Vec<_>>().join(" ")
}

fn date(n: usize) -> String {
    format!("2025-{:02}-{:02}T{:02}:{:02}:{:02}Z", 1 + n / 28 % 12, 1 + n % 28, n / 7 % 24, n / 3 % 60, n % 60)
}

/// Bytes of an attachment unless said.
const ATTACHMENT: usize = 1_600;

/// A mail with number `n`; every third has an attachment of `bytes`, which three mails share.
fn mail(random: &mut Random, n: usize, bytes: usize) -> String {
    let (from, to) = (*random.pick(&PEOPLE), *random.pick(&PEOPLE));
    let sent = chrono::DateTime::parse_from_rfc3339(&date(n)).expect("a date").to_rfc2822();
    let subject = sentence(random, 3);
    let mut mail = format!(
        "From: {from}@firm.example\nTo: {to}@firm.example\nDate: {sent}\nMessage-ID: <mail-{n}@firm.example>\n\
         Subject: =?utf-8?B?{}?=\nMIME-Version: 1.0\n",
        BASE64.encode(subject.as_bytes())
    );
    let body = format!("unique{n} {}\n\n{}\n", sentence(random, 30), sentence(random, 40));
    if !n.is_multiple_of(3) {
        write!(mail, "Content-Type: text/plain; charset=utf-8\n\n{body}").expect("strings take it");
        return mail;
    }
    let shared = Random(n as u64 / 9).next();
    let content: Vec<u8> = (0..bytes as u64 / 8).flat_map(|i| Random(shared ^ i).next().to_le_bytes()).collect();
    let mut encoded = String::new();
    for line in BASE64.encode(&content).as_bytes().chunks(76) {
        writeln!(encoded, "{}", String::from_utf8_lossy(line)).expect("strings take it");
    }
    write!(
        mail,
        "Content-Type: multipart/mixed; boundary=\"cut-{n}\"\n\n--cut-{n}\nContent-Type: text/plain; charset=utf-8\n\n\
         {body}\n--cut-{n}\nContent-Type: application/octet-stream; name=\"sheet-{n}.bin\"\n\
         Content-Disposition: attachment; filename=\"sheet-{n}.bin\"\nContent-Transfer-Encoding: base64\n\n{encoded}\n\
         --cut-{n}--\n"
    )
    .expect("strings take it");
    mail
}

/// `mails` mails as an mbox.
pub(crate) fn mbox(random: &mut Random, mails: usize) -> String {
    mbox_with(random, mails, ATTACHMENT)
}

fn mbox_with(random: &mut Random, mails: usize, attachment: usize) -> String {
    (0..mails).fold(String::new(), |mut mbox, n| {
        write!(mbox, "From sender@firm.example Mon Jan  6 10:00:00 2025\n{}\n", mail(random, n, attachment))
            .expect("strings take it");
        mbox
    })
}

/// `chats` chat messages as converted-message records.
pub(crate) fn chats(random: &mut Random, chats: usize) -> String {
    (0..chats).fold(String::new(), |mut lines, n| {
        let record = serde_json::json!({
            "source": "generator 1", "platform": random.pick(&["whatsapp", "wechat"]), "id": format!("chat-{n}"),
            "conversation": {"id": format!("room-{}", n % 40), "name": format!("Room {}", n % 40), "type": "group"},
            "sent": date(n), "sender": {"address": format!("{}@firm.example", random.pick(&PEOPLE))},
            "recipients": [{"address": format!("{}@firm.example", random.pick(&PEOPLE))}],
            "text": format!("chat{n} {}", sentence(random, 8)),
        });
        writeln!(lines, "{record}").expect("strings take it");
        lines
    })
}

/// Writes mails and chats as files into a folder.
pub(crate) fn write(folder: &Path, seed: u64, mails: usize, chat_messages: usize) {
    write_with(folder, seed, mails, chat_messages, ATTACHMENT);
}

/// The same, with attachments of so many bytes.
pub(crate) fn write_with(folder: &Path, seed: u64, mails: usize, chat_messages: usize, attachment: usize) {
    let mut random = Random(seed);
    std::fs::create_dir_all(folder).expect("folder");
    std::fs::write(folder.join("mail.mbox"), mbox_with(&mut random, mails, attachment)).expect("mbox");
    std::fs::write(folder.join("chats.jsonl"), chats(&mut random, chat_messages)).expect("records");
}
