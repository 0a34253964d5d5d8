//! Mail that was acknowledged is in the archive, exactly once and exactly as it was sent, whatever happens.
#![cfg(all(feature = "cli", feature = "remote"))]

mod servers;
mod support;

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use custodia::model::Digest;
use servers::{certificates, program, run, secret_file};
use support::{TestArchive, number, text};

/// A receiver at work.
struct Receiver {
    child: Child,
    output: BufReader<ChildStdout>,
    port: u16,
}

impl Receiver {
    fn start(archive: &TestArchive, options: &[&str]) -> Self {
        let mut command = archive.command(&[&["receive", "--listen", "127.0.0.1:0", "--json"], options].concat());
        let mut child = command.stderr(Stdio::inherit()).spawn().expect("the binary runs");
        let mut output = BufReader::new(child.stdout.take().expect("it is piped"));
        let mut line = String::new();
        output.read_line(&mut line).expect("a line");
        let line: serde_json::Value = serde_json::from_str(&line).expect("JSON");
        let port = text(&line, "address").rsplit(':').next().and_then(|port| port.parse().ok()).expect("a port");
        Self { child, output, port }
    }

    /// Stops it in order; its summary.
    fn stop(mut self) -> serde_json::Value {
        run("kill", &["-TERM", &self.child.id().to_string()]);
        let mut rest = String::new();
        self.output.read_to_string(&mut rest).expect("output");
        assert!(self.child.wait().expect("it ends").success());
        let summary: serde_json::Value = serde_json::from_str(rest.lines().last().expect("a summary")).expect("JSON");
        let parts = ["stored", "duplicate", "quarantined", "rejected"];
        assert_eq!(number(&summary, "offered"), parts.iter().map(|name| number(&summary, name)).sum::<u64>());
        summary
    }

    fn kill(mut self) {
        self.child.kill().expect("it is killed");
        self.child.wait().expect("it ends");
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// A client that says what it is told to.
struct Client {
    stream: BufReader<TcpStream>,
}

impl Client {
    fn connect(port: u16) -> Self {
        let stream = TcpStream::connect(("127.0.0.1", port)).expect("it listens");
        stream.set_read_timeout(Some(Duration::from_mins(1))).expect("timeout");
        Self { stream: BufReader::new(stream) }
    }

    /// The code of the next reply; 0 at the end of the connection.
    fn reply(&mut self) -> u16 {
        loop {
            let mut line = String::new();
            if self.stream.read_line(&mut line).unwrap_or(0) == 0 {
                return 0;
            }
            if line.as_bytes().get(3) != Some(&b'-') {
                return line.get(..3).and_then(|code| code.parse().ok()).unwrap_or_else(|| panic!("no reply: {line}"));
            }
        }
    }

    fn send(&mut self, bytes: &[u8]) {
        self.stream.get_mut().write_all(bytes).expect("it is sent");
    }

    fn say(&mut self, line: &str) -> u16 {
        self.send(format!("{line}\r\n").as_bytes());
        self.reply()
    }

    /// Gets as far as the mail.
    fn begin(port: u16, recipient: &str) -> Self {
        let mut client = Self::connect(port);
        assert_eq!(client.reply(), 220);
        assert_eq!(client.say("EHLO test"), 250);
        assert_eq!(client.say("MAIL FROM:<ann@firm.example>"), 250);
        assert_eq!(client.say(&format!("RCPT TO:<{recipient}>")), 250);
        client
    }

    /// Sends a mail as it stands on the wire, with its dot.
    fn data(&mut self, wire: &[u8]) -> u16 {
        assert_eq!(self.say("DATA"), 354);
        self.send(wire);
        self.reply()
    }
}

fn mail(n: usize) -> Vec<u8> {
    format!("From: ann@firm.example\r\nTo: bob@other.example\r\nSubject: mail {n}\r\nMessage-ID: <{n}@firm.example>\r\n\r\nunique{n}\r\n")
        .into_bytes()
}

fn wire(mail: &[u8]) -> Vec<u8> {
    [mail, b".\r\n"].concat()
}

fn archive() -> TestArchive {
    let archive = TestArchive::new();
    archive.ok(&["mailbox", "add", "ann@firm.example"]);
    archive.ok(&["mailbox", "add", "carl@firm.example"]);
    archive
}

/// The digests in the archive, of which none stands twice in a mailbox.
fn digests(archive: &TestArchive) -> BTreeSet<String> {
    let hits = archive.hits(None);
    let places: BTreeSet<_> =
        hits.iter().map(|hit| (text(hit, "mailbox"), text(hit, "folder"), text(hit, "digest"))).collect();
    assert_eq!(places.len(), hits.len(), "nothing is there twice");
    places.into_iter().map(|(_, _, digest)| digest).collect()
}

#[test]
fn a_mail_is_kept_as_it_was_sent_and_goes_to_its_envelope() {
    let archive = archive();
    let receiver = Receiver::start(&archive, &["--max-size", "3000000"]);
    let mut client = Client::begin(receiver.port, "carl@firm.example");
    assert_eq!(client.data(b"Subject: x\r\n\r\n..dot\r\n.\r\n"), 250);
    assert_eq!(client.say("MAIL FROM:<nobody@else.example>"), 250);
    assert_eq!(client.say("RCPT TO:<who@else.example>"), 250);
    assert_eq!(client.data(&wire(b"From: nobody@else.example\r\n\r\nto nobody here\r\n")), 250);
    // The same again is known, and said to be taken.
    let mut again = Client::begin(receiver.port, "carl@firm.example");
    assert_eq!(again.data(b"Subject: x\r\n\r\n..dot\r\n.\r\n"), 250);
    // In parts, with bytes that no line could carry; and one beyond what stays in memory.
    let binary = [&b"From: ann@firm.example\r\n\r\n"[..], &[0, 10, 255, 13, 46, 10]].concat();
    let mut parts = Client::begin(receiver.port, "ann@firm.example");
    let (first, last) = binary.split_at(20);
    parts.send(&[b"BDAT 20\r\n", first, format!("BDAT {} LAST\r\n", last.len()).as_bytes(), last].concat());
    assert_eq!((parts.reply(), parts.reply()), (250, 250));
    let large = [&mail(1)[..], &b"0123456789\r\n".repeat(200_000)].concat();
    assert_eq!(Client::begin(receiver.port, "ann@firm.example").data(&wire(&large)), 250);
    // Refused, and the connection goes on.
    let mut client = Client::begin(receiver.port, "ann@firm.example");
    assert_eq!(client.data(&wire(&b"0123456789\r\n".repeat(250_001))), 552);
    assert_eq!(client.say("MAIL FROM:<a@b.example> SIZE=3000001"), 552);
    assert_eq!(client.say("MAIL FROM:<ann@firm.example>"), 250);
    assert_eq!(client.say("RCPT TO:<ann@firm.example>"), 250);
    assert_eq!(
        client.data(b"a\n.\r\nMAIL FROM:<smuggled@b.example>\r\nRCPT TO:<ann@firm.example>\r\nDATA\r\nx\r\n.\r\n"),
        554
    );
    assert_eq!(client.say("MAIL FROM:<ann@firm.example>"), 250);
    assert_eq!(client.say("RCPT TO:<ann@firm.example>"), 250);
    assert_eq!(client.data(b".\r\n"), 554, "an empty mail is none");
    assert_eq!(client.say("QUIT"), 221);

    // Other commands work meanwhile.
    archive.ok(&["search", "dot", "--wait", "10"]);
    let summary = receiver.stop();
    let counts = ["offered", "stored", "duplicate", "quarantined", "rejected"].map(|name| number(&summary, name));
    assert_eq!(counts, [6, 3, 1, 1, 1], "{summary}");
    let expected = [b"Subject: x\r\n\r\n.dot\r\n".to_vec(), binary, large];
    assert_eq!(digests(&archive), expected.iter().map(|mail| Digest::of(mail).to_string()).collect());
    let mailboxes: BTreeSet<String> = archive.hits(Some("dot")).iter().map(|hit| text(hit, "mailbox")).collect();
    assert_eq!(mailboxes, BTreeSet::from(["ann@firm.example".to_owned(), "carl@firm.example".to_owned()]));
    let item = text(archive.hits(Some("dot")).first().expect("a hit"), "item");
    assert_eq!(archive.run(&["show", &item, "--raw"]).stdout, b"Subject: x\r\n\r\n.dot\r\n");
    assert!(archive.run(&["batch", "list"]).text().contains("smtp://127.0.0.1"));
    archive.verify_clean();
}

#[test]
fn nobody_poses_as_a_journal_unless_senders_are_trusted() {
    let report = |n: u32| {
        format!(
            "From: x@evil.example\r\nMessage-ID: <r{n}@evil.example>\r\nSubject: Report\r\nX-MS-Journal-Report:\r\n\
             Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nSender: boss@firm.example\r\n\
             Bcc: carl@firm.example\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n\
             From: boss@firm.example\r\nSubject: Pay it{n}\r\n\r\npay{n}\r\n--b--\r\n"
        )
    };
    let converted = "From: boss@firm.example\r\nX-Custodia-Platform: whatsapp\r\nSubject: c\r\n\r\nposing\r\n";
    let archive = archive();
    for (options, n, found) in [
        (&[][..], 1, &["ann@firm.example"][..]),
        (&["--trust", "journal"], 2, &["ann@firm.example", "carl@firm.example"]),
    ] {
        let receiver = Receiver::start(&archive, options);
        assert_eq!(Client::begin(receiver.port, "ann@firm.example").data(&wire(report(n).as_bytes())), 250);
        receiver.stop();
        for rebuilt in [false, true] {
            let hits = archive.hits(Some(&format!("pay{n}")));
            let mut mailboxes: Vec<String> = hits.iter().map(|hit| text(hit, "mailbox")).collect();
            mailboxes.sort();
            assert_eq!(mailboxes, found, "{options:?}");
            let hit = hits.first().expect("a hit");
            let subject = if n == 1 { "Report".to_owned() } else { format!("Pay it{n}") };
            assert_eq!(text(hit, "subject"), subject, "{options:?}, index rebuilt: {rebuilt}");
            let by_boss = archive.hits(Some(&format!("from:boss@firm.example AND pay{n}")));
            assert_eq!(by_boss.is_empty(), n == 1, "{options:?}, index rebuilt: {rebuilt}");
            archive.ok(&["index", "rebuild"]);
        }
    }
    let receiver = Receiver::start(&archive, &["--trust", "journal"]);
    assert_eq!(Client::begin(receiver.port, "ann@firm.example").data(&wire(converted.as_bytes())), 250);
    receiver.stop();
    let item = text(archive.hits(Some("posing")).first().expect("a hit"), "item");
    let shown = archive.one("item", &["show", &item]);
    assert_eq!((text(&shown, "kind"), text(&shown, "folder")), ("email".to_owned(), "Inbox".to_owned()));
    archive.verify_clean();
}

#[test]
fn what_was_acknowledged_survives_kills() {
    let archive = archive();
    let mut acknowledged = BTreeSet::new();
    let next = AtomicUsize::new(0);
    for round in 0..8_u64 {
        let receiver = Receiver::start(&archive, &["--wait", "30"]);
        let port = receiver.port;
        let kill_at = Duration::from_millis(30 + round * 67 % 400);
        let taken: Vec<usize> = std::thread::scope(|scope| {
            let senders: Vec<_> = (0..6)
                .map(|_| {
                    scope.spawn(|| {
                        let mut taken = Vec::new();
                        loop {
                            let n = next.fetch_add(1, Ordering::SeqCst);
                            if send_until_killed(port, n) != Some(250) {
                                return taken;
                            }
                            taken.push(n);
                        }
                    })
                })
                .collect();
            std::thread::sleep(kill_at);
            receiver.kill();
            senders.into_iter().flat_map(|sender| sender.join().expect("a sender")).collect()
        });
        acknowledged.extend(taken);
    }
    assert!(acknowledged.len() > 20, "only {} mails were taken", acknowledged.len());
    // Their senders do not know of them, and send everything again.
    let receiver = Receiver::start(&archive, &["--wait", "30"]);
    let all = next.load(Ordering::SeqCst);
    for n in (0..all).step_by(3) {
        assert_eq!(send_until_killed(receiver.port, n), Some(250));
    }
    receiver.stop();
    let there = digests(&archive);
    for n in acknowledged.iter().copied().chain((0..all).step_by(3)) {
        assert!(there.contains(&Digest::of(&mail(n)).to_string()), "mail {n} was acknowledged and is not there");
    }
    archive.verify_clean();
}

/// Sends a mail; the reply to it, or `None` if the connection broke.
fn send_until_killed(port: u16, n: usize) -> Option<u16> {
    let stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
    let mut client = Client { stream: BufReader::new(stream) };
    let commands = "EHLO test\r\nMAIL FROM:<ann@firm.example>\r\nRCPT TO:<carl@firm.example>\r\nDATA\r\n";
    client.stream.get_mut().write_all(commands.as_bytes()).ok()?;
    for code in [220, 250, 250, 250, 354] {
        (client.reply() == code).then_some(())?;
    }
    client.stream.get_mut().write_all(&wire(&mail(n))).ok()?;
    Some(client.reply()).filter(|code| *code != 0)
}

#[test]
fn a_flood_is_told_to_come_again_and_loses_nothing() {
    let archive = archive();
    let receiver = Receiver::start(&archive, &["--max-connections", "40", "--timeout", "20"]);
    // Some say nothing, and hold their places.
    let silent: Vec<Client> = (0..10).map(|_| Client::connect(receiver.port)).collect();
    let (began, turned_away) = (Instant::now(), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for n in 0..200 {
            let (port, turned_away) = (receiver.port, &turned_away);
            scope.spawn(move || {
                while send_until_killed(port, n) != Some(250) {
                    turned_away.fetch_add(1, Ordering::SeqCst);
                    std::thread::sleep(Duration::from_millis(30));
                    assert!(began.elapsed() < Duration::from_mins(2), "mail {n} is never taken");
                }
            });
        }
    });
    drop(silent);
    let summary = receiver.stop();
    assert!(turned_away.load(Ordering::SeqCst) > 0, "40 connections are fewer than 200");
    assert_eq!(number(&summary, "messages"), 200, "{summary}");
    assert_eq!(digests(&archive), (0..200).map(|n| Digest::of(&mail(n)).to_string()).collect());
}

#[test]
fn mail_waits_while_others_use_the_archive() {
    let archive = archive();
    let receiver = Receiver::start(&archive, &[]);
    let held = archive.open();
    let mut client = Client::begin(receiver.port, "ann@firm.example");
    assert_eq!(client.say("DATA"), 354);
    client.send(&wire(&mail(1)));
    std::thread::sleep(Duration::from_millis(300));
    drop(held);
    assert_eq!(client.reply(), 250);
    // Stopped within a mail, it still takes that one, and nothing after it.
    let mut busy = Client::begin(receiver.port, "ann@firm.example");
    assert_eq!(busy.say("DATA"), 354);
    run("kill", &["-TERM", &receiver.child.id().to_string()]);
    std::thread::sleep(Duration::from_millis(300));
    busy.send(&wire(&mail(2)));
    assert_eq!((busy.reply(), busy.reply(), client.reply()), (250, 421, 421));
    assert_eq!(number(&receiver.stop(), "messages"), 2);
    assert_eq!(digests(&archive).len(), 2);
}

#[test]
fn who_may_not_send_does_not() {
    let archive = archive();
    let receiver = Receiver::start(&archive, &["--allow", "192.0.2.0/24"]);
    assert_eq!(Client::connect(receiver.port).reply(), 554);
    receiver.stop();
    for (options, why) in [
        (vec!["--allow", "nonsense"], "no range"),
        (vec!["--tls-cert", "/nonexistent", "--tls-key", "/nonexistent"], "/nonexistent"),
        (vec!["--mailbox", "unknown@firm.example"], "unknown@firm.example"),
        (vec!["--users", "/nonexistent"], "--tls-cert"),
    ] {
        let outcome = archive.run(&[&["receive", "--listen", "127.0.0.1:0"], &options[..]].concat());
        assert!(outcome.code != 0 && outcome.stderr.contains(why), "{options:?}: {}", outcome.stderr);
    }
}

fn swaks(port: u16, options: &[&str], body: &str) -> Option<i32> {
    program("swaks")?;
    let server = format!("127.0.0.1:{port}");
    let mut command = Command::new("swaks");
    command.args(["--server", &server, "--from", "ann@firm.example", "--to", "carl@firm.example", "--body", body]);
    let output = command.args(options).stdin(Stdio::null()).output().expect("it runs");
    output.status.code()
}

#[test]
fn real_clients_are_understood() {
    let archive = archive();
    let folder = archive.path("");
    if !certificates(&folder) {
        return;
    }
    let path = |name: &str| archive.path(name).display().to_string();
    secret_file(&archive.path("users"), "journal:s3cret\n");
    let tls = ["--tls-cert", &path("server.pem"), "--tls-key", &path("server.key"), "--users", &path("users")];
    let login = ["--auth-user", "journal", "--auth-password", "s3cret"];

    let receiver = Receiver::start(&archive, &tls);
    let mut expected = 0;
    for (options, code) in [
        (vec![], 0),
        (vec!["--tls"], 0),
        (vec!["--protocol", "SMTP"], 0),
        (vec!["--pipeline"], 0),
        (vec!["--from", "<>"], 0),
    ] {
        let body = format!("sent {expected}");
        let Some(exit) = swaks(receiver.port, &options, &body) else { break };
        assert_eq!(exit, code, "{options:?}");
        expected += 1;
    }
    if program("msmtp").is_some() {
        let (port, ca) = (receiver.port.to_string(), path("ca.pem"));
        let server = ["--host=localhost", "--port", &port, "--from=ann@firm.example", "--tls=on", "--tls-starttls=on"];
        let mut child = Command::new("msmtp")
            .args(server)
            .args([&format!("--tls-trust-file={ca}"), "--file=/dev/null", "carl@firm.example"])
            .stdin(Stdio::piped())
            .spawn()
            .expect("it runs");
        child.stdin.take().expect("piped").write_all(b"Subject: by msmtp\n\n.\n..\nend\n").expect("mail");
        assert!(child.wait().expect("it ends").success());
        expected += 1;
    }
    assert_eq!(number(&receiver.stop(), "stored"), expected);

    // From elsewhere only after logging in.
    let elsewhere = [&tls[..], &["--allow", "192.0.2.0/24"]].concat();
    let receiver = Receiver::start(&archive, &elsewhere);
    for (options, works) in [
        ([&["--tls"][..], &login].concat(), true),
        ([&["--tls", "--auth", "LOGIN"][..], &login].concat(), true),
        (vec!["--tls"], false),
        (vec!["--tls", "--auth-user", "journal", "--auth-password", "wrong"], false),
        (vec![], false),
    ] {
        let Some(exit) = swaks(receiver.port, &options, "from elsewhere") else { break };
        assert_eq!(exit == 0, works, "{options:?}: {exit}");
    }
    receiver.stop();
    let receiver = Receiver::start(&archive, &[&tls[..], &["--implicit-tls"]].concat());
    if let Some(exit) = swaks(receiver.port, &["--tls-on-connect"], "encrypted from the beginning") {
        assert_eq!(exit, 0);
    }
    receiver.stop();
    archive.verify_clean();
}
