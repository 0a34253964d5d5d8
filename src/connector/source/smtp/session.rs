//! One conversation by SMTP (RFC 5321), without a network: what is answered to each command.

use std::borrow::Cow;

use data_encoding::BASE64;
use smtp_proto::{AUTH_LOGIN, AUTH_PLAIN, Error as Syntax, MAIL_BODY_BINARYMIME, MailFrom, Request};

use super::reply::Reply;
use super::users::Users;

/// Longest address, in bytes: a local part of 64 and a domain of 255 (RFC 5321 4.5.3.1), and what joins them.
const LONGEST_ADDRESS: usize = 320;

/// What holds for all conversations.
#[derive(Debug, Clone)]
pub(super) struct Rules {
    /// Bytes of the largest mail.
    pub(super) max_size: u64,
    /// Recipients of one mail.
    pub(super) max_recipients: usize,
    /// Errors after which the connection is closed.
    pub(super) max_errors: u32,
    /// Whether connections can be encrypted.
    pub(super) tls: bool,
    /// Who may log in; `None` if nobody has to.
    pub(super) users: Option<Users>,
}

/// From whom and for whom a mail is, by what the sending server says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Envelope {
    /// Address to which failures are reported; empty for reports of failures.
    pub(super) sender: String,
    /// Those it is delivered to.
    pub(super) recipients: Vec<String>,
}

/// What has to be done next.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Action {
    /// Say this, and read the next command.
    Reply(Reply),
    /// Say this, and read a mail up to its dot.
    Data(Reply),
    /// Read so many bytes of a mail as they are; say this instead of keeping them if there is a refusal.
    Chunk {
        /// Bytes that follow.
        bytes: u64,
        /// Whether the mail ends with them.
        last: bool,
        /// Why they are not wanted.
        refusal: Option<Reply>,
    },
    /// Say this, and begin encryption.
    StartTls(Reply),
    /// Say this, and end the connection.
    Close(Reply),
}

/// What a client that logs in has still to send.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Login {
    Plain,
    UserName,
    Password(String),
}

/// One conversation.
#[derive(Debug)]
pub(super) struct Session<'r> {
    rules: &'r Rules,
    encrypted: bool,
    /// Whether it may send mail.
    trusted: bool,
    greeted: bool,
    login: Option<Login>,
    begun: Option<Begun>,
    errors: u32,
}

/// A mail that was begun.
#[derive(Debug, Default)]
struct Begun {
    envelope: Envelope,
    /// Whether a part of it came by `BDAT`.
    in_chunks: bool,
}

impl<'r> Session<'r> {
    /// A conversation with somebody who may send as he is, or only after logging in.
    pub(super) fn new(rules: &'r Rules, encrypted: bool, trusted: bool) -> Self {
        Self { rules, encrypted, trusted, greeted: false, login: None, begun: None, errors: 0 }
    }

    /// Said before everything else.
    pub(super) fn greeting() -> Reply {
        Reply::new(220, "custodia ESMTP")
    }

    /// The connection is encrypted now; all that was said before is forgotten (RFC 3207 4.2).
    pub(super) fn begin_encrypted(&mut self) {
        *self = Self { errors: self.errors, ..Self::new(self.rules, true, self.trusted) };
    }

    /// Takes one line without its end.
    pub(super) fn line(&mut self, line: &[u8]) -> Action {
        let action = match self.login.take() {
            Some(step) => Action::Reply(self.log_in(step, line)),
            None => self.command(line),
        };
        match action {
            Action::Reply(reply) if reply.is_refusal() => self.refuse(reply),
            other => other,
        }
    }

    /// Counts an error; too many end the connection.
    pub(super) fn refuse(&mut self, reply: Reply) -> Action {
        self.errors += 1;
        if self.errors >= self.rules.max_errors {
            return Action::Close(Reply::new(421, "4.7.0 too many errors"));
        }
        Action::Reply(reply)
    }

    /// Whether parts of a mail came, and more are to come.
    pub(super) fn is_in_chunks(&self) -> bool {
        self.begun.as_ref().is_some_and(|begun| begun.in_chunks)
    }

    /// The mail was read to its end: from whom and for whom it is.
    pub(super) fn end_of_mail(&mut self) -> Envelope {
        self.begun.take().unwrap_or_default().envelope
    }

    fn command(&mut self, line: &[u8]) -> Action {
        // The library reads up to a line feed.
        let line = [line, b"\r\n"].concat();
        let request = match Request::parse(&mut line.iter()) {
            Ok(request) => request,
            Err(error) => return Action::Reply(misunderstood(&error)),
        };
        Action::Reply(match request {
            Request::Ehlo { .. } => self.hello(true),
            Request::Helo { .. } => self.hello(false),
            Request::Mail { from } => self.mail(&from),
            Request::Rcpt { to } => self.recipient(&to.address),
            Request::Data => return self.data(),
            Request::Bdat { chunk_size, is_last } => return self.chunk(chunk_size as u64, is_last),
            Request::Rset => {
                self.begun = None;
                Reply::new(250, "2.0.0 forgotten")
            }
            Request::Noop { .. } => Reply::new(250, "2.0.0 nothing done"),
            Request::Help { .. } => Reply::new(214, "2.0.0 this server takes mail into an archive"),
            Request::Vrfy { .. } | Request::Expn { .. } => Reply::new(252, "2.1.5 send it, and it is kept"),
            Request::Quit => return Action::Close(Reply::new(221, "2.0.0 goodbye")),
            Request::StartTls => return self.start_tls(),
            Request::Auth { mechanism, initial_response } => self.auth(mechanism, &initial_response),
            _ => Reply::new(502, "5.5.1 not implemented"),
        })
    }

    fn hello(&mut self, extended: bool) -> Reply {
        self.begun = None;
        self.greeted = true;
        if !extended {
            return Reply::new(250, "custodia");
        }
        let mut lines: Vec<String> =
            ["custodia", "PIPELINING", "8BITMIME", "SMTPUTF8", "CHUNKING", "ENHANCEDSTATUSCODES"]
                .map(str::to_owned)
                .to_vec();
        lines.push(format!("SIZE {}", self.rules.max_size));
        if self.rules.tls && !self.encrypted {
            lines.push("STARTTLS".to_owned());
        }
        if self.may_log_in() {
            lines.push("AUTH PLAIN LOGIN".to_owned());
        }
        Reply::lines(250, lines)
    }

    /// A password goes over encrypted connections only.
    fn may_log_in(&self) -> bool {
        self.rules.users.is_some() && self.encrypted
    }

    fn mail(&mut self, from: &MailFrom<Cow<'_, str>>) -> Reply {
        if !self.greeted {
            return Reply::new(503, "5.5.1 say EHLO first");
        }
        if !self.trusted {
            let how = if self.encrypted { "AUTH" } else { "STARTTLS and AUTH" };
            return Reply::new(530, format!("5.7.0 log in first: {how}"));
        }
        if self.begun.is_some() {
            return Reply::new(503, "5.5.1 a mail is begun already");
        }
        if from.address.len() > LONGEST_ADDRESS {
            return too_long();
        }
        if from.size as u64 > self.rules.max_size {
            return too_large(self.rules.max_size);
        }
        if from.flags & MAIL_BODY_BINARYMIME != 0 {
            return Reply::new(555, "5.5.4 BODY=BINARYMIME is not offered");
        }
        let envelope = Envelope { sender: from.address.clone().into_owned(), recipients: Vec::new() };
        self.begun = Some(Begun { envelope, in_chunks: false });
        Reply::new(250, "2.1.0 sender taken")
    }

    fn recipient(&mut self, address: &str) -> Reply {
        let Some(Begun { envelope, .. }) = &mut self.begun else { return Reply::new(503, "5.5.1 say MAIL first") };
        if envelope.recipients.len() >= self.rules.max_recipients {
            return Reply::new(452, "4.5.3 too many recipients: send the rest with another copy");
        }
        if address.len() > LONGEST_ADDRESS {
            return too_long();
        }
        envelope.recipients.push(address.to_owned());
        Reply::new(250, "2.1.5 recipient taken")
    }

    fn data(&mut self) -> Action {
        if self.is_in_chunks() {
            return Action::Reply(Reply::new(503, "5.5.1 this mail comes by BDAT"));
        }
        match &self.begun {
            None => Action::Reply(Reply::new(503, "5.5.1 say MAIL first")),
            Some(begun) if begun.envelope.recipients.is_empty() => {
                Action::Reply(Reply::new(554, "5.5.1 there is no recipient"))
            }
            Some(_) => Action::Data(Reply::new(354, "go on, and end with a dot")),
        }
    }

    fn chunk(&mut self, bytes: u64, last: bool) -> Action {
        let refusal = match &mut self.begun {
            None => Some(Reply::new(503, "5.5.1 say MAIL first")),
            Some(begun) if begun.envelope.recipients.is_empty() => Some(Reply::new(554, "5.5.1 there is no recipient")),
            Some(begun) => {
                begun.in_chunks = true;
                None
            }
        };
        if bytes > self.rules.max_size {
            // So much is not read to throw it away.
            return Action::Close(too_large(self.rules.max_size));
        }
        Action::Chunk { bytes, last, refusal }
    }

    fn start_tls(&mut self) -> Action {
        Action::Reply(match (self.rules.tls, self.encrypted) {
            (false, _) => Reply::new(502, "5.5.1 not offered"),
            (true, true) => Reply::new(503, "5.5.1 the connection is encrypted already"),
            (true, false) => return Action::StartTls(Reply::new(220, "2.0.0 begin")),
        })
    }

    fn auth(&mut self, mechanism: u64, initial: &str) -> Reply {
        if !self.may_log_in() {
            return Reply::new(if self.rules.users.is_some() { 538 } else { 502 }, "5.7.11 not offered here");
        }
        if self.begun.is_some() {
            return Reply::new(503, "5.5.1 not within a mail");
        }
        let (step, challenge) = match mechanism {
            AUTH_PLAIN => (Login::Plain, ""),
            AUTH_LOGIN => (Login::UserName, "VXNlcm5hbWU6"),
            _ => return Reply::new(504, "5.5.4 log in by PLAIN or LOGIN"),
        };
        if initial.is_empty() {
            self.login = Some(step);
            return Reply::new(334, challenge);
        }
        self.log_in(step, initial.as_bytes())
    }

    fn log_in(&mut self, step: Login, line: &[u8]) -> Reply {
        let wrong = || Reply::new(535, "5.7.8 wrong user name or password");
        if line == b"*" {
            return Reply::new(501, "5.7.0 given up");
        }
        // RFC 4954 4: a lone "=" is an empty response.
        let text = if line == b"=" { Some(Vec::new()) } else { BASE64.decode(line).ok() };
        let Some(text) = text.and_then(|text| String::from_utf8(text).ok()) else {
            return Reply::new(501, "5.5.2 this is no base64 of a text");
        };
        let (user, password) = match step {
            Login::UserName => {
                self.login = Some(Login::Password(text));
                return Reply::new(334, "UGFzc3dvcmQ6");
            }
            Login::Password(user) => (user, text),
            Login::Plain => match text.split('\0').collect::<Vec<_>>().as_slice() {
                [_, user, password] => ((*user).to_owned(), (*password).to_owned()),
                _ => return wrong(),
            },
        };
        if !self.rules.users.as_ref().is_some_and(|users| users.know(&user, &password)) {
            return wrong();
        }
        self.trusted = true;
        Reply::new(235, "2.7.0 welcome")
    }
}

fn too_long() -> Reply {
    Reply::new(553, format!("5.1.3 an address may have {LONGEST_ADDRESS} bytes"))
}

/// The answer to a mail that is too large.
pub(super) fn too_large(max_size: u64) -> Reply {
    Reply::new(552, format!("5.3.4 mails of more than {max_size} bytes are not taken"))
}

fn misunderstood(error: &Syntax) -> Reply {
    match error {
        Syntax::UnknownCommand => Reply::new(500, "5.5.2 no such command"),
        Syntax::InvalidSenderAddress => Reply::new(501, "5.1.7 this is no address of a sender"),
        Syntax::InvalidRecipientAddress => Reply::new(501, "5.1.3 this is no address of a recipient"),
        Syntax::UnsupportedParameter { param } => Reply::new(555, format!("5.5.4 parameter {param} is not offered")),
        Syntax::InvalidParameter { param } => Reply::new(501, format!("5.5.4 parameter {param} is wrong")),
        Syntax::SyntaxError { syntax } => Reply::new(501, format!("5.5.2 write it as {syntax}")),
        _ => Reply::new(500, "5.5.2 this is no command"),
    }
}
