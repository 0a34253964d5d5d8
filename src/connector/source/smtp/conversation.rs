//! One conversation over a connection.

use std::io;
use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::SyncSender;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::{oneshot, watch};

use super::arrival::{Arrival, Verdict};
use super::decode::DataDecoder;
use super::reply::Reply;
use super::session::{Action, Rules, Session, too_large};
use super::spool::Spool;
use super::wire::{Line, Wire};

/// What all conversations share.
pub(super) struct Counter {
    pub(super) rules: Rules,
    pub(super) directory: PathBuf,
    pub(super) intake: SyncSender<Arrival>,
    pub(super) stop: watch::Receiver<bool>,
    pub(super) command_timeout: Duration,
    pub(super) data_timeout: Duration,
}

/// How a conversation ended.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum End {
    /// It is over.
    Closed,
    /// It goes on encrypted.
    StartTls,
}

/// A conversation and its connection.
pub(super) struct Conversation<'c, S> {
    pub(super) counter: &'c Arc<Counter>,
    pub(super) peer: IpAddr,
    pub(super) wire: Wire<S>,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Conversation<'_, S> {
    /// Answers commands until the end.
    pub(super) async fn run(&mut self, session: &mut Session<'_>) -> io::Result<End> {
        let mut spool = None;
        loop {
            let Some(line) = self.next_line().await? else { return Ok(End::Closed) };
            let action = match line {
                Line::Whole(line) => session.line(&line),
                Line::Bare => session.refuse(Reply::new(500, "5.5.2 lines end with carriage return and line feed")),
                Line::TooLong => Action::Close(Reply::new(500, "5.5.2 the line is too long")),
                Line::Closed => return Ok(End::Closed),
            };
            match action {
                Action::Reply(reply) => self.say(&reply).await?,
                Action::Close(reply) => {
                    self.say(&reply).await?;
                    return Ok(End::Closed);
                }
                Action::StartTls(reply) => {
                    self.say(&reply).await?;
                    return Ok(End::StartTls);
                }
                Action::Data(reply) => {
                    self.say(&reply).await?;
                    let reply = self.data(session).await?;
                    self.say(&reply).await?;
                }
                Action::Chunk { bytes, last, refusal } => {
                    let reply = self.chunk(session, &mut spool, (bytes, last), refusal).await?;
                    self.say(&reply).await?;
                }
            }
            if !session.is_in_chunks() {
                spool = None;
            }
        }
    }

    /// The next line; `None` once the server is about to end, of which the client was told.
    async fn next_line(&mut self) -> io::Result<Option<Line>> {
        let mut stop = self.counter.stop.clone();
        let line = tokio::select! {
            biased;
            _ = stop.wait_for(|stop| *stop) => Err(Reply::new(421, "4.3.2 the server is being stopped")),
            line = self.wire.line(self.counter.command_timeout) => match line {
                Err(error) if error.kind() == io::ErrorKind::TimedOut => Err(Reply::new(421, "4.4.2 no command came")),
                line => Ok(line?),
            },
        };
        match line {
            Ok(line) => Ok(Some(line)),
            Err(reply) => self.say(&reply).await.map(|()| None),
        }
    }

    async fn say(&mut self, reply: &Reply) -> io::Result<()> {
        self.wire.say(reply, self.counter.command_timeout).await
    }

    fn spool(&self) -> Spool {
        Spool::new(&self.counter.directory, self.counter.rules.max_size)
    }

    /// Reads a mail up to its dot, and hands it over.
    async fn data(&mut self, session: &mut Session<'_>) -> io::Result<Reply> {
        let (mut spool, mut decoder) = (self.spool(), DataDecoder::default());
        loop {
            let bytes = self.wire.bytes(self.counter.data_timeout).await?;
            if bytes.is_empty() {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            let end = decoder.take(bytes, spool.tail());
            let used = end.unwrap_or(bytes.len());
            self.wire.consume(used);
            spool.settle();
            if end.is_some() {
                break;
            }
        }
        if decoder.has_bare_line_feed() {
            session.end_of_mail();
            return Ok(Reply::new(554, "5.6.0 lines must end with carriage return and line feed"));
        }
        self.hand_over(session, spool).await
    }

    /// Reads a part of a mail as it is; hands the mail over after the last.
    async fn chunk(
        &mut self,
        session: &mut Session<'_>,
        spool: &mut Option<Spool>,
        (bytes, last): (u64, bool),
        refusal: Option<Reply>,
    ) -> io::Result<Reply> {
        let mut kept = spool.take().unwrap_or_else(|| self.spool());
        let mut left = bytes;
        while left > 0 {
            let read = self.wire.bytes(self.counter.data_timeout).await?;
            let take = read.len().min(usize::try_from(left).unwrap_or(usize::MAX));
            if take == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            if refusal.is_none() {
                kept.tail().extend_from_slice(read.get(..take).unwrap_or_default());
            }
            self.wire.consume(take);
            kept.settle();
            left -= take as u64;
        }
        if let Some(refusal) = refusal {
            return Ok(refusal);
        }
        if last {
            return self.hand_over(session, kept).await;
        }
        if kept.is_too_large() {
            session.end_of_mail();
            return Ok(too_large(self.counter.rules.max_size));
        }
        *spool = Some(kept);
        Ok(Reply::new(250, "2.0.0 part taken"))
    }

    /// Hands a mail over, and waits until it is on disk.
    async fn hand_over(&mut self, session: &mut Session<'_>, spool: Spool) -> io::Result<Reply> {
        let envelope = session.end_of_mail();
        if spool.is_too_large() {
            return Ok(too_large(self.counter.rules.max_size));
        }
        let Ok(raw) = spool.into_raw() else {
            return Ok(Reply::new(452, "4.3.1 the mail cannot be kept now: the disk is full or fails"));
        };
        let (answer, verdict) = oneshot::channel();
        let arrival = Arrival::new(&envelope, self.peer, raw, answer);
        if self.counter.intake.try_send(arrival).is_err() {
            return Ok(Reply::new(451, "4.3.2 the archive is busy: send it again later"));
        }
        Ok(match verdict.await {
            Ok(Verdict::Stored) => Reply::new(250, "2.0.0 kept"),
            Ok(Verdict::Refused(reason)) => Reply::new(554, format!("5.6.0 {reason}")),
            Ok(Verdict::Later) | Err(_) => Reply::new(451, "4.3.0 the archive cannot take it now: send it again later"),
        })
    }
}
