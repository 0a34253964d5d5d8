//! Random queries find exactly the messages that a plain reading of each message finds: a thousand queries, generated
//! from the grammar, against an evaluator that shares nothing with parser and index.

#![allow(
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::explicit_auto_deref,
    reason = "all numbers are drawn below the lengths of the lists"
)]

mod support;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use custodia::archive::SearchRequest;
use custodia::model::Digest;
use support::TestArchive;
use support::firm::Random;

const MESSAGES: usize = 120;
const QUERIES: usize = 1_000;

/// Words as they are written in messages; some begin others, and some fold to the same.
const WORDS: [&str; 12] = [
    "alpha",
    "alphabet",
    "ALPINE",
    "beta",
    "betamax",
    "gamma",
    "\u{17B}\u{F3}\u{142}w",
    "zolwie",
    "R\u{E9}sum\u{E9}",
    "resumed",
    "42",
    "4200",
];
/// The same as they are compared, in the order of [`WORDS`].
const FOLDED: [&str; 12] =
    ["alpha", "alphabet", "alpine", "beta", "betamax", "gamma", "zolw", "zolwie", "resume", "resumed", "42", "4200"];
const PREFIXES: [&str; 5] = ["alp", "alpha", "bet", "zolw", "resume"];
const SEPARATORS: [&str; 5] = [" ", ", ", "-", ". ", " / "];
/// Display name, local part, domain. A number is a local part, or what follows the first word of a name.
const PEOPLE: [(&str, &str, &str); 11] = [
    ("Ann Beta", "ann", "firm.example"),
    ("Ben Alpha", "ben", "mail.firm.example"),
    ("Alpha Ann", "gamma", "other.example"),
    ("Carl", "ann", "other.example"),
    ("Beta Ben", "dora", "notfirm.example"),
    ("Ed", "447700900102", "wa.example"),
    ("Flo 487700900102", "flo", "wa.example"),
    ("Gus 07700900102", "gus", "wa.example"),
    ("Hal", "447700900103", "wa.example"),
    ("Ida +44 7700-900 102", "ida", "wa.example"),
    ("Jon 07700 900103", "jon", "wa.example"),
];
/// Values of people properties that are numbers, and beginnings of some.
const NUMBERS: [&str; 12] = [
    "07700900102",
    "+447700900102",
    "\"+44 (0)7700 900102\"",
    "\"+48 7700-900-102\"",
    "00447700900103",
    "7700900102",
    "487700900102",
    "\"(07700) 900103\"",
    "+44770*",
    "\"00487 700*\"",
    "0770*",
    "44770*",
];

/// Numbers in texts, each in writings that find each other: as written, and as words.
const WRITTEN: [[(&str, &[&str]); 6]; 2] = [
    [
        ("+44 7700 900104", &["44", "7700", "900104"]),
        ("0044-7700.900104", &["0044", "7700", "900104"]),
        ("+44 (0)7700/900104", &["44", "0", "7700", "900104"]),
        ("447700900104", &["447700900104"]),
        ("07700\u{200e} 900\u{ad}104", &["07700", "900104"]),
        ("+\u{664}\u{664} \u{667}\u{667}\u{660}\u{660} 900104", &["44", "7700", "900104"]),
    ],
    [
        ("+7 912 345-67-89", &["7", "912", "345", "67", "89"]),
        ("8 (912) 345-67-89", &["8", "912", "345", "67", "89"]),
        ("89123456789", &["89123456789"]),
        ("0079123456789", &["0079123456789"]),
        ("912 3456789", &["912", "3456789"]),
        ("+7 9 1 2 3 4 5 6 7 8 9", &["7", "9", "1", "2", "3", "4", "5", "6", "7", "8", "9"]),
    ],
];

type Part = Vec<&'static str>;

struct Message {
    subject: Part,
    body: Part,
    names: Vec<Part>,
    texts: Vec<Part>,
    /// From, To, Cc as places in [`PEOPLE`].
    people: [Vec<usize>; 3],
    /// Days after 1 January 2024, at noon.
    day: u32,
    importance: &'static str,
    read: bool,
    raw: String,
}

fn written(random: &mut Random, count: usize) -> (String, Part) {
    let (mut text, mut part) = (String::new(), Part::new());
    for n in 0..count {
        if random.below(10) == 0 {
            let same = random.below(WRITTEN.len());
            let (number, words) = *random.pick(&WRITTEN[same]);
            write!(text, "{}{number}", if n > 0 { "; " } else { "" }).expect("text");
            part.extend(words);
            text.push_str(", ");
            continue;
        }
        let word = random.below(WORDS.len());
        if n > 0 && !text.ends_with(", ") {
            text.push_str(SEPARATORS[random.below(SEPARATORS.len())]);
        }
        text.push_str(WORDS[word]);
        part.push(FOLDED[word]);
    }
    (text, part)
}

fn day(number: u32) -> String {
    let date = chrono::NaiveDate::from_ymd_opt(2024, 1, 1).expect("a date") + chrono::Days::new(number.into());
    date.to_string()
}

fn message(random: &mut Random) -> Message {
    let subject_words = random.below(4);
    let (subject, subject_part) = written(random, subject_words);
    let body_words = 1 + random.below(14);
    let (body, body_part) = written(random, body_words);
    let people = [1, 1 + random.below(2), random.below(2)].map(|count| {
        (0..count).map(|_| random.below(PEOPLE.len())).collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>()
    });
    let (day, importance, read) =
        (random.below(20) as u32, *random.pick(&["high", "normal", "low"]), random.below(2) == 1);
    let mut raw = String::new();
    for (name, people) in ["From", "To", "Cc"].iter().zip(&people) {
        let named = people.iter().map(|&n| format!("{} <{}@{}>", PEOPLE[n].0, PEOPLE[n].1, PEOPLE[n].2));
        if !people.is_empty() {
            write!(raw, "{name}: {}\r\n", named.collect::<Vec<_>>().join(", ")).expect("text");
        }
    }
    let date = chrono::DateTime::parse_from_rfc3339(&format!("{}T12:00:00Z", self::day(day))).expect("a time");
    write!(
        raw,
        "Subject: {subject}\r\nDate: {}\r\nImportance: {importance}\r\nStatus: {}\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{body}\r\n",
        date.to_rfc2822(),
        if read { "RO" } else { "O" }
    )
    .expect("text");
    let (mut names, mut texts) = (Vec::new(), Vec::new());
    for _ in 0..random.below(3) {
        let name_words = 1 + random.below(2);
        // A name is written with blanks only, and with letters that need no encoding.
        let plain: Vec<usize> = (0..name_words).map(|_| [0, 1, 3, 5][random.below(4)]).collect();
        let name = plain.iter().map(|&n| FOLDED[n]).collect::<Vec<_>>().join(" ");
        names.push(plain.iter().map(|&n| FOLDED[n]).chain(["txt"]).collect());
        let text_words = 1 + random.below(6);
        let (text, part) = written(random, text_words);
        texts.push(part);
        write!(
            raw,
            "--b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Disposition: attachment; \
             filename=\"{name}.txt\"\r\n\r\n{text}\r\n"
        )
        .expect("text");
    }
    raw.push_str("--b--\r\n");
    Message { subject: subject_part, body: body_part, names, texts, people, day, importance, read, raw }
}

/// A word, phrase or prefix, or nearness of them.
enum Text {
    Words(Vec<usize>, Option<&'static str>),
    /// One of [`WRITTEN`], in one of its writings.
    Number(usize, usize),
    Any(Vec<Text>),
    Near(bool, usize, Box<Text>, Box<Text>),
}

enum Query {
    Anywhere(Text),
    /// `subject`, `body` or `attachmentnames`.
    In(&'static str, Text),
    People(&'static str, String),
    Sent(&'static str, u32, u32),
    Size(&'static str, usize),
    Flag(&'static str, bool),
    Importance(&'static str),
    Has(&'static str),
    And(Vec<Query>),
    /// Without an operator between them.
    Run(Vec<Query>),
    Or(Vec<Query>),
    Not(Box<Query>),
    /// A property and a group of words, which must all be there.
    Group(&'static str, Vec<Text>),
}

fn words(random: &mut Random) -> Text {
    if random.below(8) == 0 {
        let number = random.below(WRITTEN.len());
        return Text::Number(number, random.below(WRITTEN[number].len()));
    }
    let count = [1, 1, 1, 2, 2, 3][random.below(6)];
    let prefix = (random.below(4) == 0).then(|| *random.pick(&PREFIXES));
    Text::Words((usize::from(prefix.is_some())..count).map(|_| random.below(WORDS.len())).collect(), prefix)
}

fn near(random: &mut Random) -> Text {
    let operand = |random: &mut Random| match random.below(3) {
        0 => Text::Any((0..2 + random.below(2)).map(|_| words(random)).collect()),
        _ => words(random),
    };
    let mut left = operand(random);
    for _ in 0..=random.below(2) {
        left = Text::Near(random.below(2) == 0, random.below(6), Box::new(left), Box::new(operand(random)));
    }
    left
}

fn leaf(random: &mut Random) -> Query {
    let field = *random.pick(&["subject", "body", "attachmentnames"]);
    match random.below(13) {
        0..=2 => Query::Anywhere(words(random)),
        3 | 4 => Query::Anywhere(near(random)),
        5 => Query::In(field, words(random)),
        6 => Query::Group(field, (0..=random.below(3)).map(|_| words(random)).collect()),
        7 | 8 => {
            let property = *random.pick(&["from", "to", "cc", "recipients", "participants"]);
            let values = ["ann", "beta", "gamma", "firm.example", "ann@firm.example", "\"alpha ann\"", "ben*"];
            let more = ["\"ann@other*\"", "other.example", "alp*", "\"Beta Ben\"", "ANN@OTHER.EXAMPLE", "carl"];
            let value = *random.pick(&[&values[..], &more[..], &NUMBERS[..]].concat());
            Query::People(property, value.to_owned())
        }
        9 => {
            let from = random.below(20) as u32;
            let operator = *random.pick(&[":", "=", "<", ">", "<=", ">=", "<>", ".."]);
            Query::Sent(operator, from, from + random.below(6) as u32)
        }
        10 => Query::Size(*random.pick(&[":", "<", ">", "<=", ">=", "<>"]), 400 + random.below(500)),
        11 => Query::Flag(*random.pick(&["hasattachment", "isread"]), random.below(2) == 0),
        _ => match random.below(2) {
            0 => Query::Importance(*random.pick(&["high", "medium", "normal", "low"])),
            _ => Query::Has(*random.pick(&["subject", "attachmentnames", "cc"])),
        },
    }
}

fn query(random: &mut Random, depth: usize) -> Query {
    if depth == 0 {
        return leaf(random);
    }
    let some = |random: &mut Random| (0..2 + random.below(2)).map(|_| query(random, depth - 1)).collect();
    match random.below(6) {
        0 => Query::And(some(random)),
        1 | 2 => Query::Run((0..2 + random.below(3)).map(|_| query(random, random_depth(depth))).collect()),
        3 => Query::Or(some(random)),
        4 => Query::Not(Box::new(query(random, depth - 1))),
        _ => leaf(random),
    }
}

/// Runs of plain restrictions are what the same-property rule is about.
fn random_depth(depth: usize) -> usize {
    depth.saturating_sub(2)
}

impl Text {
    fn print(&self) -> String {
        match self {
            Self::Words(words, prefix) => {
                let star = prefix.map(|prefix| format!("{prefix}*"));
                let all: Vec<String> = words.iter().map(|&n| WORDS[n].to_owned()).chain(star).collect();
                if all.len() > 1 { format!("\"{}\"", all.join(" ")) } else { all.concat() }
            }
            Self::Number(number, writing) => format!("\"{}\"", WRITTEN[*number][*writing].0),
            Self::Any(texts) => format!("({})", texts.iter().map(Self::print).collect::<Vec<_>>().join(" OR ")),
            Self::Near(ordered, distance, left, right) => {
                format!("{} {}({distance}) {}", left.print(), if *ordered { "ONEAR" } else { "NEAR" }, right.print())
            }
        }
    }

    fn spans(&self, part: &[&str]) -> BTreeSet<(usize, usize)> {
        match self {
            Self::Words(words, prefix) => {
                let length = words.len() + usize::from(prefix.is_some());
                let fits = |at: &usize| {
                    let Some(window) = part.get(*at..at + length) else { return false };
                    words.iter().zip(window).all(|(&n, token)| FOLDED[n] == *token)
                        && prefix.is_none_or(|prefix| window[length - 1].starts_with(prefix))
                };
                (0..part.len()).filter(fits).map(|at| (at, at + length)).collect()
            }
            Self::Number(number, _) => {
                let stands = |words: &[&str], at: usize| part.get(at..at + words.len()).is_some_and(|w| w == words);
                let of = |words: &'static [&'static str]| {
                    (0..part.len()).filter(move |at| stands(words, *at)).map(|at| (at, at + words.len()))
                };
                WRITTEN[*number].iter().flat_map(|(_, words)| of(words)).collect()
            }
            Self::Any(texts) => texts.iter().flat_map(|text| text.spans(part)).collect(),
            Self::Near(ordered, distance, left, right) => {
                let (left, right) = (left.spans(part), right.spans(part));
                let follows = |a: (usize, usize), b: (usize, usize)| a.1 <= b.0 && b.0 - a.1 <= *distance;
                let mut found = BTreeSet::new();
                for &a in &left {
                    for &b in &right {
                        if follows(a, b) {
                            found.insert((a.0, b.1));
                        }
                        if !ordered && follows(b, a) {
                            found.insert((b.0, a.1));
                        }
                    }
                }
                found
            }
        }
    }

    fn stands_in<'p>(&self, mut parts: impl Iterator<Item = &'p Part>) -> bool {
        parts.any(|part| !self.spans(part).is_empty())
    }
}

fn tokens(text: &str) -> Vec<String> {
    text.to_lowercase().split(|c: char| !c.is_alphanumeric()).filter(|t| !t.is_empty()).map(str::to_owned).collect()
}

/// Whether a people value means this person.
fn means(value: &str, (name, local, domain): (&str, &str, &str)) -> bool {
    let address = format!("{local}@{domain}");
    let folded = value.trim_matches('"').to_lowercase();
    let behind: String = name.chars().filter(char::is_ascii_digit).collect();
    let number = [local, &behind].into_iter().find(|word| word.starts_with(|c: char| c.is_ascii_digit()));
    if folded.starts_with(['+', '(', '0', '4', '7']) {
        return number.is_some_and(|number| is_number(&folded.replace("(0)", ""), number));
    }
    match folded.strip_suffix('*') {
        Some(prefix) if prefix.contains('@') => address.starts_with(prefix),
        Some(prefix) => local.starts_with(prefix) || tokens(name).iter().any(|word| word.starts_with(prefix)),
        None if folded.contains('@') => folded == address,
        None if folded.contains('.') => domain == folded || domain.ends_with(&format!(".{folded}")),
        None => local == folded || tokens(name).windows(tokens(&folded).len()).any(|words| words == tokens(&folded)),
    }
}

/// Whether a value means a number with a country code of two digits, or a national one.
fn is_number(value: &str, number: &str) -> bool {
    let digits: String = value.chars().filter(char::is_ascii_digit).collect();
    let international = digits.strip_prefix("00").or_else(|| value.strip_prefix('+').map(|_| digits.as_str()));
    let (country, behind) = match number.strip_prefix('0') {
        Some(behind) => ("", behind),
        None => number.split_at(2),
    };
    if value.ends_with('*') {
        let national = digits.strip_prefix('0').filter(|_| international.is_none());
        return number.starts_with(international.unwrap_or(&digits))
            || national.is_some_and(|national| !country.is_empty() && behind.starts_with(national));
    }
    let is_one = |digits: &str| digits == number || (country.is_empty() && digits.get(2..) == Some(behind));
    match (international, digits.strip_prefix('0')) {
        (Some(international), _) => is_one(international),
        (None, Some(national)) => national == behind,
        (None, None) => is_one(&digits) || digits == behind,
    }
}

impl Message {
    fn field(&self, name: &str) -> Vec<&Part> {
        match name {
            "subject" => vec![&self.subject],
            "body" => vec![&self.body],
            _ => self.names.iter().collect(),
        }
    }

    fn people(&self, property: &str) -> Vec<usize> {
        let [from, to, cc] = &self.people;
        match property {
            "from" => from.clone(),
            "to" => to.clone(),
            "cc" => cc.clone(),
            "recipients" => [to.as_slice(), cc].concat(),
            _ => [from.as_slice(), to, cc].concat(),
        }
    }

    /// Everything that free text is looked for in.
    fn parts(&self) -> Vec<Vec<String>> {
        let texts = self.texts.iter().chain(&self.names).chain([&self.subject, &self.body]);
        let people = self.people("participants").into_iter().map(|n| {
            let (name, local, domain) = PEOPLE[n];
            tokens(&format!("{name} {local}@{domain}"))
        });
        texts.map(|part| part.iter().map(|&word| word.to_owned()).collect()).chain(people).collect()
    }
}

fn compare<T: PartialOrd>(value: &T, operator: &str, other: &T) -> bool {
    match operator {
        "<" => value < other,
        ">" => value > other,
        "<=" => value <= other,
        ">=" => value >= other,
        "<>" => value != other,
        _ => value == other,
    }
}

impl Query {
    /// The property that the same-property rule goes by.
    fn property(&self) -> Option<&str> {
        match self {
            Self::In(field, _) | Self::Has(field) => Some(field),
            Self::People(property, _) => Some(property),
            Self::Sent(operator, ..) if *operator != "<>" => Some("sent"),
            Self::Size(operator, _) if *operator != "<>" => Some("size"),
            Self::Flag(name, _) => Some(name),
            Self::Importance(_) => Some("importance"),
            _ => None,
        }
    }

    fn matches(&self, message: &Message) -> bool {
        match self {
            Self::Anywhere(text) => message
                .parts()
                .iter()
                .any(|part| !text.spans(&part.iter().map(String::as_str).collect::<Vec<_>>()).is_empty()),
            Self::In(field, text) => text.stands_in(message.field(field).into_iter()),
            Self::Group(field, texts) => texts.iter().all(|text| text.stands_in(message.field(field).into_iter())),
            Self::People(property, value) => message.people(property).iter().any(|&n| means(value, PEOPLE[n])),
            Self::Sent("..", from, to) => (*from..=*to).contains(&message.day),
            Self::Sent(operator, day, _) => compare(&message.day, operator, day),
            Self::Size(operator, size) => compare(&message.raw.len(), operator, size),
            Self::Flag("isread", wanted) => message.read == *wanted,
            Self::Flag(_, wanted) => message.names.is_empty() != *wanted,
            Self::Importance(wanted) => message.importance == if *wanted == "medium" { "normal" } else { wanted },
            Self::Has("cc") => !message.people("cc").is_empty(),
            Self::Has(field) => message.field(field).iter().any(|part| !part.is_empty()),
            Self::And(queries) => queries.iter().all(|query| query.matches(message)),
            Self::Or(queries) => queries.iter().any(|query| query.matches(message)),
            Self::Not(query) => !query.matches(message),
            Self::Run(queries) => queries.iter().all(|query| match query.property() {
                None => query.matches(message),
                property => queries.iter().any(|other| other.property() == property && other.matches(message)),
            }),
        }
    }

    fn print(&self) -> String {
        let list =
            |queries: &[Self], between: &str| queries.iter().map(Self::operand).collect::<Vec<_>>().join(between);
        match self {
            Self::Anywhere(text) => text.print(),
            Self::In(field, text) => format!("{field}:{}", text.print()),
            Self::Group(field, texts) => {
                format!("{field}:({})", texts.iter().map(Text::print).collect::<Vec<_>>().join(" "))
            }
            Self::People(property, value) => format!("{property}:{value}"),
            Self::Sent("..", from, to) => format!("sent:{}..{}", day(*from), day(*to)),
            Self::Sent(operator, from, _) => format!("sent{operator}{}", day(*from)),
            Self::Size(operator, size) => format!("size{operator}{size}"),
            Self::Flag(name, value) => format!("{name}:{value}"),
            Self::Importance(value) => format!("importance:{value}"),
            Self::Has(field) => format!("{field}:*"),
            Self::And(queries) => list(queries, " AND "),
            Self::Run(queries) => list(queries, " "),
            Self::Or(queries) => list(queries, " OR "),
            Self::Not(query) => format!("NOT {}", query.operand()),
        }
    }

    fn operand(&self) -> String {
        if matches!(self, Self::And(_) | Self::Run(_) | Self::Or(_)) {
            format!("({})", self.print())
        } else {
            self.print()
        }
    }
}

#[test]
fn a_thousand_random_queries_find_what_a_plain_reading_finds() {
    let mut random = Random(7);
    let archive = TestArchive::new();
    let messages: Vec<Message> = (0..MESSAGES).map(|_| message(&mut random)).collect();
    for (number, message) in messages.iter().enumerate() {
        archive.write(&format!("mail/{number}.eml"), &message.raw);
    }
    archive.import(&archive.path("mail"), &["--create-mailboxes"]);
    let mut archive = archive.open();
    let (mut with_hits, mut without) = (0, 0);
    for _ in 0..QUERIES {
        let depth = random.below(4);
        let query = query(&mut random, depth);
        let text = query.print();
        let request = SearchRequest { query: Some(text.clone()), no_expand: true, ..SearchRequest::default() };
        let mut found = BTreeSet::new();
        archive
            .search(&request, &mut |_| Ok(()), &mut |hit| {
                found.insert(hit.digest);
                Ok(())
            })
            .unwrap_or_else(|error| panic!("{text}: {error:?}"));
        let expected: BTreeSet<Digest> = messages
            .iter()
            .filter(|message| query.matches(message))
            .map(|message| Digest::of(message.raw.as_bytes()))
            .collect();
        assert_eq!(found.len(), expected.len(), "{text}");
        assert_eq!(found, expected, "{text}");
        if expected.is_empty() { without += 1 } else { with_hits += 1 }
    }
    assert!(with_hits > QUERIES / 3 && without > QUERIES / 20, "{with_hits} with hits, {without} without");
}
