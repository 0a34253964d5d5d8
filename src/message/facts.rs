//! What can be read out of a message.

use std::ops::Range;

use serde_json::{Map, Value};

use super::JournalReport;
use crate::model::{
    AddressGroup, Attachment, CallFacts, ContentHash, Conversation, Defect, DocumentProperties, Importance, Kind,
    MessageEvent, Participant, Trust, UtcTime,
};

/// What can be read out of a message, for search, display and decisions. An opinion: the bytes are the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// Message-ID without angle brackets (RFC 5322 3.6.4).
    pub message_id: Option<String>,
    /// Message-IDs of In-Reply-To and References, in order, without repeats.
    pub thread_ids: Vec<String>,
    /// Subject, decoded; empty if there is none.
    pub subject: String,
    /// The sender's claim (`Date`).
    pub sent_at: Option<UtcTime>,
    /// The transport's: the date of the topmost `Received` field; unknown without one.
    pub received_at: Option<UtcTime>,
    /// Everybody named, in the order of the header.
    pub participants: Vec<Participant>,
    /// Who sent it in the name of its authors: `Sender` beside `From` (RFC 5322 3.6.2). No participants: searches for people
    /// do not find them.
    pub agents: Vec<Participant>,
    /// Groups of addresses that the header names, in its order, without repeats.
    pub groups: Vec<AddressGroup>,
    /// Text of the message for people: plain text bodies, else HTML bodies without tags and scripts.
    pub body: String,
    /// Lines of `body` that need not be shown, by their bytes, in order: the plain text before them says the same with links
    /// between the words, or the HTML does not show them. They are searched, for their phrases stand nowhere else.
    pub repeated: Vec<Range<usize>>,
    /// Attachments in the order of the message, and behind them the files that are written into its texts.
    pub attachments: Vec<AttachmentFacts>,
    /// What sort of communication it is.
    pub kind: Kind,
    /// `email`, or the chat platform in lower case.
    pub platform: String,
    /// As the sender set it.
    pub importance: Importance,
    /// Whether the program that kept the message before recorded it as read.
    pub read: bool,
    /// Keywords (`Keywords` header), one each.
    pub categories: Vec<String>,
    /// `IPM.Note` for mail; `IPM.ExternalData.<Platform>` for converted messages.
    pub item_class: String,
    /// What happened, and to which earlier message.
    pub event: MessageEvent,
    /// The chat that a converted message belongs to.
    pub conversation: Option<Conversation>,
    /// Facts of a call.
    pub call: Option<CallFacts>,
    /// The platform's id of the message replied to; empty if none.
    pub reply_to: String,
    /// The platform's own id of the message; empty if it has none.
    pub native_id: String,
    /// Who made the message out of what a platform delivered: a converter, a product; empty for mail.
    pub source: String,
    /// What a chat knows of the message beyond all this, by JSON Pointer (RFC 6901).
    pub details: Map<String, Value>,
    /// The journal report that the message came in. Everything else is said of the message in it, except that
    /// `participants` has those of the report too.
    pub journal: Option<JournalReport>,
    /// The least trust in its source with which all of this is read out of the message: `All`, unless a claim of it was
    /// not believed.
    pub trust: Trust,
    /// Equal for copies of the same message.
    pub content_hash: ContentHash,
    /// Damage that was met.
    pub defects: Vec<Defect>,
    /// Why not all of it can be searched; empty if all can.
    pub partially_indexed: Vec<Defect>,
    /// What attached documents say of themselves, as far as they were read.
    pub documents: DocumentProperties,
}

impl Facts {
    /// The text for people: `body` without the lines that only repeat.
    pub fn shown_text(&self) -> String {
        let mut shown = String::with_capacity(self.body.len());
        let mut at = 0;
        for range in &self.repeated {
            push_lines(&mut shown, self.body.get(at..range.start).unwrap_or_default());
            at = range.end;
        }
        push_lines(&mut shown, self.body.get(at..).unwrap_or_default());
        shown
    }

    /// Takes `word`, which has no line end, out of the body; whether it was there.
    pub fn take_from_body(&mut self, word: &str) -> bool {
        let places: Vec<usize> = self.body.match_indices(word).map(|(at, _)| at).collect();
        if places.is_empty() {
            return false;
        }
        let moved = |at: usize| at - word.len() * places.partition_point(|place| *place < at);
        for range in &mut self.repeated {
            *range = moved(range.start)..moved(range.end);
        }
        self.body = self.body.replace(word, "");
        true
    }
}

/// Appends lines behind others, of which some may have been left out.
fn push_lines(text: &mut String, lines: &str) {
    let doubled = text.is_empty() || text.ends_with('\n');
    text.push_str(lines.strip_prefix('\n').filter(|_| doubled).unwrap_or(lines));
}

/// An attachment and the text that search finds in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttachmentFacts {
    /// As declared.
    pub attachment: Attachment,
    /// Its text; empty if it has none or none could be read (then `partially_indexed` says so).
    pub text: String,
}

#[cfg(test)]
mod tests {
    use crate::message::facts;

    #[test]
    fn lines_that_repeat_are_searched_and_not_shown() {
        let mail = "Date: Mon, 3 Jan 2022 10:00:00 +0100\nContent-Type: multipart/alternative; boundary=b\n\n--b\n\n\
            See our <https://x.example> terms\nand omitted more\n--b\nContent-Type: text/html\n\n\
            <p>See <a href=\"https://x.example\">our</a> terms</p><p>and omitted more</p><p>or omitted not</p>\n--b--\n";
        let mut facts = facts(mail.as_bytes());
        let (plain, html) = ("See our <https://x.example> terms\nand omitted more", "See our terms\nand omitted more");
        assert_eq!(facts.body, format!("{plain}\n{html}\nor omitted not"));
        assert_eq!(facts.shown_text(), format!("{plain}\nand omitted more\nor omitted not"));
        assert!(facts.take_from_body("omitted ") && !facts.take_from_body("omitted "));
        assert_eq!(facts.shown_text(), "See our <https://x.example> terms\nand more\nand more\nor not");
    }
}
