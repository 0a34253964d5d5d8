//! A mail that was received and is not yet acknowledged.

use std::net::IpAddr;
use std::sync::Arc;

use tokio::sync::oneshot;

use super::session::Envelope;
use crate::connector::{Raw, SourceRecord};
use crate::model::{Participant, Role};

/// What the sending server is told of a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It is on disk; the sender may forget it.
    Stored,
    /// It cannot be taken now; the sender has to keep it and send it again.
    Later,
    /// It will never be taken, and why.
    Refused(String),
}

/// Recipients that are named where a mail came from.
const NAMED_RECIPIENTS: usize = 10;

/// A mail that was received and is not yet acknowledged. Dropped without an answer, it is to be sent again later.
#[derive(Debug)]
pub struct Arrival {
    /// The mail, and the people of its envelope.
    pub record: SourceRecord,
    /// Address of the envelope's sender; empty for reports of failures.
    pub sender: String,
    answer: oneshot::Sender<Verdict>,
}

impl Arrival {
    pub(super) fn new(envelope: &Envelope, peer: IpAddr, raw: Raw, answer: oneshot::Sender<Verdict>) -> Self {
        let Envelope { sender, recipients } = envelope;
        let named = recipients.iter().take(NAMED_RECIPIENTS).map(|address| format!("<{address}>"));
        let named = named.collect::<Vec<_>>().join(", ");
        let more = recipients.len().saturating_sub(NAMED_RECIPIENTS);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let mut record = SourceRecord::new(format!("smtp {peer}: <{sender}> to {named}{more}"), raw, None);
        let people = recipients.iter().filter(|address| !address.is_empty()).map(|address| Participant {
            role: Role::Envelope,
            name: String::new(),
            address: address.clone(),
            number: None,
            id: None,
        });
        record.others = people.collect::<Arc<[_]>>();
        Self { record, sender: sender.clone(), answer }
    }

    /// Takes it apart: the mail, and what answers for it.
    pub fn into_parts(self) -> (SourceRecord, Answer) {
        (self.record, Answer(self.answer))
    }
}

/// Answers for one mail.
#[derive(Debug)]
pub struct Answer(oneshot::Sender<Verdict>);

impl Answer {
    /// Tells the sending server. One that is gone by now sends the mail again, and it is known then.
    pub fn give(self, verdict: Verdict) {
        self.0.send(verdict).ok();
    }
}
