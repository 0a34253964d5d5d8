//! The text of a journal report: the envelope, one value a line.

use super::JournalRecipient;
use crate::message::body_text::push_text;
use crate::model::Role;

/// Recipients of one report that are read.
const RECIPIENT_LIMIT: usize = 100_000;

/// What the text of a report says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Envelope {
    /// Address; empty if not said.
    pub(super) sender: String,
    /// Address; empty if not said.
    pub(super) on_behalf_of: String,
    /// Subject of the message.
    pub(super) subject: String,
    /// Message-ID of the message, without angle brackets.
    pub(super) message_id: String,
    /// In the order of the text.
    pub(super) recipients: Vec<JournalRecipient>,
    /// Lines that are none of this.
    pub(super) rest: String,
}

impl Envelope {
    /// Reads the text. A line that starts with white space continues the one before it.
    pub(super) fn parse(text: &str) -> Self {
        let mut envelope = Self::default();
        let mut lines: Vec<String> = Vec::new();
        for line in text.lines() {
            match lines.last_mut().filter(|before| line.starts_with([' ', '\t']) && !before.is_empty()) {
                Some(before) => {
                    before.push(' ');
                    before.push_str(line.trim());
                }
                None => lines.push(line.trim().to_owned()),
            }
        }
        for line in lines.iter().filter(|line| !line.is_empty()) {
            if !envelope.field(line) {
                push_text(&mut envelope.rest, line);
            }
        }
        envelope
    }

    /// Takes a line; `false` if it is none of the envelope.
    fn field(&mut self, line: &str) -> bool {
        let Some((name, value)) = line.split_once(':') else { return false };
        let value = value.trim();
        let role = match name.trim().to_ascii_lowercase().as_str() {
            "sender" => return set(&mut self.sender, address(value)),
            "on-behalf-of" => return set(&mut self.on_behalf_of, address(value)),
            "subject" => return set(&mut self.subject, value),
            "message-id" => return set(&mut self.message_id, value.trim_matches(['<', '>', ' '])),
            "to" => Role::To,
            "cc" => Role::Cc,
            "bcc" => Role::Bcc,
            "recipient" | "recipients" => Role::Envelope,
            _ => return false,
        };
        self.recipients.len() < RECIPIENT_LIMIT && self.recipients(role, value)
    }

    /// `ann@x.example, Expanded: list@x.example`: what follows an address says how it came to it. Several addresses
    /// may stand in one line; a piece without one is the beginning of a name with a comma in it.
    fn recipients(&mut self, role: Role, value: &str) -> bool {
        let mut name = String::new();
        let start = self.recipients.len();
        for piece in value.split(',').map(str::trim) {
            let last = self.recipients.get_mut(start..).and_then(<[JournalRecipient]>::last_mut);
            if let Some((list, last)) = after(piece, "expanded:").zip(last) {
                last.expanded.push(address(list).to_owned());
                continue;
            }
            let last = self.recipients.get_mut(start..).and_then(<[JournalRecipient]>::last_mut);
            if let Some((old, last)) = after(piece, "forwarded:").zip(last) {
                last.forwarded.push(address(old).to_owned());
                continue;
            }
            name.push_str(piece);
            if piece.contains('@') || piece.starts_with('/') {
                self.recipients.push(recipient(role, &name));
                name.clear();
            } else if !name.is_empty() {
                name.push_str(", ");
            }
        }
        let name = name.trim_end_matches([',', ' ']);
        if !name.is_empty() {
            self.recipients.push(recipient(role, name));
        }
        self.recipients.len() > start
    }
}

fn recipient(role: Role, text: &str) -> JournalRecipient {
    JournalRecipient { role, address: address(text).to_owned(), expanded: Vec::new(), forwarded: Vec::new() }
}

/// Sets a value that is not set yet: a second one is no part of the envelope.
fn set(field: &mut String, value: &str) -> bool {
    let is_first = field.is_empty() || field == value;
    if is_first {
        value.clone_into(field);
    }
    is_first
}

/// What follows `start` in whatever case.
fn after<'a>(text: &'a str, start: &str) -> Option<&'a str> {
    text.get(..start.len()).filter(|found| found.eq_ignore_ascii_case(start)).and_then(|_| text.get(start.len()..))
}

/// The address of `Name <address>`, or of an address alone.
fn address(text: &str) -> &str {
    let inner = text.rsplit_once('<').and_then(|(_, rest)| rest.split_once('>')).map_or(text, |(inner, _)| inner);
    let inner = inner.trim().trim_matches(['"', '\'']);
    after(inner, "smtp:").unwrap_or(inner).trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<String> {
        let line =
            |to: JournalRecipient| format!("{} {} {:?} {:?}", to.role.as_str(), to.address, to.expanded, to.forwarded);
        Envelope::parse(text).recipients.into_iter().map(line).collect()
    }

    #[test]
    fn each_recipient_is_read_with_the_way_it_came() {
        let text = "Sender: susan@company.example\r\nSubject: Quarter: figures\r\nMessage-Id: <abc@company.example>\r\n\
            To: jeff@company.example\r\nTo: ann@company.example, Expanded: list@company.example\r\n\
            CC: bo@company.example,\r\n Forwarded: old-bo@company.example\r\nBcc: \"Stone, J\" <s@company.example>\r\n\
            Recipient: out@partner.example, SMTP:two@partner.example\r\nOn-Behalf-Of: boss@company.example\r\n\
            Bcc: /O=ORG/CN=USER\r\nLabel: secret\r\nSender: other@company.example\r\n";
        let envelope = Envelope::parse(text);
        assert_eq!(envelope.sender, "susan@company.example");
        assert_eq!(envelope.on_behalf_of, "boss@company.example");
        assert_eq!(
            (envelope.subject.as_str(), envelope.message_id.as_str()),
            ("Quarter: figures", "abc@company.example")
        );
        assert_eq!(envelope.rest, "Label: secret\nSender: other@company.example");
        assert_eq!(
            shown(text),
            [
                "to jeff@company.example [] []",
                r#"to ann@company.example ["list@company.example"] []"#,
                r#"cc bo@company.example [] ["old-bo@company.example"]"#,
                "bcc s@company.example [] []",
                "envelope out@partner.example [] []",
                "envelope two@partner.example [] []",
                "bcc /O=ORG/CN=USER [] []",
            ]
        );
    }

    #[test]
    fn what_is_odd_is_kept() {
        assert_eq!(shown("To: nobody in particular"), ["to nobody in particular [] []"]);
        assert_eq!(shown("To: Expanded: x@y.example"), ["to Expanded: x@y.example [] []"]);
        assert_eq!(Envelope::parse("To:\nTo: ,,").rest, "To:\nTo: ,,");
        assert_eq!(Envelope::parse(" \n \n: :\n").rest, ": :");
        assert!(shown(&"To: a@b.example, \n".repeat(RECIPIENT_LIMIT + 1)).len() == RECIPIENT_LIMIT);
    }
}
