//! Letters as mails, ready to be sent.

use std::borrow::Cow;
use std::io::{self, Write as _};

use mail_builder::mime::MimePart;

use crate::message::converted::{phrase, unstructured};
use crate::model::{Digest, UtcTime};
use crate::people::header_form;

/// A letter from one person to another.
#[derive(Debug, Clone)]
pub struct Letter<'a> {
    /// Name, which may be empty, and address of who writes it.
    pub from: (&'a str, &'a str),
    /// Name, which may be empty, and address of who gets it.
    pub to: (&'a str, &'a str),
    /// Address of who gets a copy.
    pub copy_to: Option<&'a str>,
    /// What it is about.
    pub subject: &'a str,
    /// Its text.
    pub text: &'a str,
    /// Its date.
    pub date: UtcTime,
}

impl Letter<'_> {
    /// The letter as an RFC 5322 message. The same letter gives the same bytes. Nothing in names, subject or text can add to its
    /// header.
    ///
    /// # Errors
    /// Mail cannot be sent to one of the addresses ([`header_form`]).
    pub fn to_mail(&self) -> io::Result<Vec<u8>> {
        let from = address(self.from.1)?;
        let to = address(self.to.1)?;
        let copy_to = self.copy_to.map(address).transpose()?;
        let mut body = Vec::new();
        let text: Cow<'_, str> = self.text.replace("\r\n", "\n").replace('\r', "\n").replace('\n', "\r\n").into();
        MimePart::new("text/plain", text).write_part(&mut body);
        let fields = [
            ("From", person(self.from.0, &from)),
            ("To", person(self.to.0, &to)),
            ("Cc", copy_to.unwrap_or_default()),
            ("Subject", unstructured(&one_line(self.subject))),
            ("Date", self.date.to_chrono().to_rfc2822()),
            ("MIME-Version", "1.0".to_owned()),
        ];
        let mut mail = Vec::new();
        for (name, value) in fields.into_iter().filter(|(_, value)| !value.is_empty()) {
            write!(mail, "{name}: {}\r\n", folded(&value))?;
        }
        let id = Digest::of(&[mail.as_slice(), body.as_slice()].concat()).to_string();
        let domain = from.rsplit_once('@').map_or("custodia.invalid", |(_, domain)| domain);
        write!(mail, "Message-ID: <{}@{domain}>\r\n", id.get(..32).unwrap_or_default())?;
        mail.append(&mut body);
        Ok(mail)
    }
}

fn address(address: &str) -> io::Result<String> {
    let none = || io::Error::new(io::ErrorKind::InvalidInput, format!("mail cannot be sent to {address}"));
    header_form(address).ok_or_else(none)
}

fn person(name: &str, address: &str) -> String {
    let name = one_line(name);
    if name.is_empty() { address.to_owned() } else { format!("{} <{address}>", phrase(&name)) }
}

/// Encoded words on a line each, so that lines stay short (RFC 2047 section 2).
fn folded(value: &str) -> String {
    value.replace("?= ", "?=\r\n ")
}

fn one_line(text: &str) -> String {
    let shown: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    shown.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_is_a_mail_that_says_what_it_was_given() {
        let letter = Letter {
            from: ("Lena Löwe, Legal\r\nBcc: x@y.example", "lena@firm.example"),
            to: ("", "ann@firm.example"),
            copy_to: Some("boss@firm.example"),
            subject: "Pflicht zur Aufbewahrung: „Smith v. Firm“ – bitte lesen und innerhalb einer Woche bestätigen",
            text: "Liebe Ann,\nbitte nichts löschen.\n.\nFrom here on",
            date: UtcTime(1_768_478_400_000),
        };
        let mail = letter.to_mail().unwrap();
        assert_eq!(mail, letter.to_mail().unwrap());
        let text = String::from_utf8(mail.clone()).unwrap();
        assert!(!text.contains("\nBcc:"), "{text}");
        assert!(text.lines().all(|line| line.len() <= 200), "{text}");
        let parsed = mail_parser::MessageParser::default().parse(&mail).unwrap();
        assert_eq!(parsed.subject(), Some(letter.subject));
        assert_eq!(parsed.body_text(0).unwrap().replace("\r\n", "\n").trim_end(), letter.text);
        assert_eq!(parsed.cc().and_then(|cc| cc.first()?.address()), Some("boss@firm.example"));
        assert_eq!(parsed.from().and_then(|from| from.first()?.address()), Some("lena@firm.example"));
        assert_eq!(parsed.date().map(mail_parser::DateTime::to_timestamp), Some(1_768_478_400));
        assert!(parsed.message_id().is_some_and(|id| id.ends_with("@firm.example")));
    }

    #[test]
    fn a_letter_goes_to_its_address_alone() {
        let to = |address| Letter {
            from: ("", "lena@löwe.example"),
            to: ("Ann", address),
            copy_to: None,
            subject: "s",
            text: "t",
            date: UtcTime(1_768_478_400_000),
        };
        for (address, line) in [
            ("a(b)@firm.example", "To: Ann <\"a(b)\"@firm.example>"),
            ("ann@müller.example", "To: Ann <ann@xn--mller-kva.example>"),
        ] {
            let mail = String::from_utf8(to(address).to_mail().unwrap()).unwrap();
            assert!(mail.is_ascii() && mail.lines().any(|header| header == line), "{mail}");
        }
        assert!(to("ann@firm(x).example").to_mail().is_err());
    }
}
