use super::session::{Action, Rules, Session};

fn rules() -> Rules {
    Rules { max_size: 1000, max_recipients: 2, max_errors: 5, tls: true, users: None }
}

/// The code with which each line is answered.
fn codes(session: &mut Session<'_>, lines: &[&str]) -> Vec<String> {
    lines
        .iter()
        .map(|line| match session.line(line.as_bytes()) {
            Action::Reply(reply) | Action::Data(reply) | Action::Close(reply) | Action::StartTls(reply) => {
                String::from_utf8_lossy(&reply.bytes()).chars().take(3).collect()
            }
            Action::Chunk { bytes, last, refusal } => {
                format!("{bytes}{}{}", if last { "L" } else { "" }, refusal.is_none())
            }
        })
        .collect()
}

#[test]
fn a_mail_is_taken_in_order() {
    let rules = rules();
    let mut session = Session::new(&rules, false, true);
    let lines =
        ["EHLO a", "MAIL FROM:<>", "RCPT TO:<ann@firm.example>", "rcpt to:<b@firm.example> NOTIFY=NEVER", "DATA"];
    assert_eq!(codes(&mut session, &lines), ["250", "250", "250", "250", "354"]);
    let envelope = session.end_of_mail();
    assert_eq!((envelope.sender.as_str(), envelope.recipients.len()), ("", 2));
    assert_eq!(codes(&mut session, &["DATA", "NOOP", "VRFY ann", "HELP", "QUIT"]), ["503", "250", "252", "214", "221"]);
}

#[test]
fn what_comes_out_of_order_or_is_too_much_is_refused() {
    for (lines, code) in [
        (vec!["MAIL FROM:<a@b.example>"], "503"),
        (vec!["EHLO a", "RCPT TO:<a@b.example>"], "503"),
        (vec!["EHLO a", "DATA"], "503"),
        (vec!["EHLO a", "MAIL FROM:<a@b.example>", "DATA"], "554"),
        (vec!["EHLO a", "MAIL FROM:<a@b.example>", "MAIL FROM:<a@b.example>"], "503"),
        (vec!["EHLO a", "MAIL FROM:<a@b.example> SIZE=1001"], "552"),
        (vec!["EHLO a", "MAIL FROM:<a@b.example> BODY=BINARYMIME"], "555"),
        (vec!["EHLO a", "MAIL FROM:a@b.example"], "501"),
        (vec!["HELO a", "MAIL FROM:<a>", "RSET"], "250"),
        (vec!["EHLO a", "MAIL FROM:<a@b.example>", "RSET", "RCPT TO:<a@b.example>"], "503"),
        (
            vec![
                "EHLO a",
                "MAIL FROM:<a@b.example>",
                "RCPT TO:<a@b.example>",
                "RCPT TO:<b@b.example>",
                "RCPT TO:<c@b.example>",
            ],
            "452",
        ),
        (vec!["GET / HTTP/1.1"], "500"),
        (vec!["\0\u{1}"], "500"),
        (vec!["AUTH PLAIN AGEAYg=="], "502"),
        (vec!["EHLO a", "MAIL FROM:<a@b.example>", "BDAT 1001"], "552"),
        (vec!["EHLO a", "BDAT 4 LAST"], "4Lfalse"),
        (vec!["EHLO a", "MAIL FROM:<a@b.example>", "RCPT TO:<a@b.example>", "BDAT 4", "DATA"], "503"),
        (vec!["EHLO a", "MAIL FROM:<a@b.example>", "RCPT TO:<a@b.example>", "BDAT 0 LAST"], "0Ltrue"),
        (vec!["STARTTLS"], "220"),
    ] {
        let rules = rules();
        let answers = codes(&mut Session::new(&rules, false, true), &lines);
        assert_eq!(answers.last().map(String::as_str), Some(code), "{lines:?}: {answers:?}");
    }
}

#[test]
fn errors_end_the_connection() {
    let rules = rules();
    let mut session = Session::new(&rules, false, true);
    assert_eq!(codes(&mut session, &["x"; 5]), ["500", "500", "500", "500", "421"]);
}

#[test]
fn who_is_not_trusted_logs_in_over_an_encrypted_connection() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(&file, "ann:secret\n").unwrap();
    let rules = Rules { users: Some(super::Users::read(file.path()).unwrap()), max_errors: 20, ..rules() };
    let mut session = Session::new(&rules, false, false);
    let plain = "AUTH PLAIN AGFubgBzZWNyZXQ=";
    let lines = ["EHLO a", "MAIL FROM:<a@b.example>", plain, "STARTTLS"];
    assert_eq!(codes(&mut session, &lines), ["250", "530", "538", "220"]);
    session.begin_encrypted();
    let lines =
        ["MAIL FROM:<a@b.example>", "EHLO a", "MAIL FROM:<a@b.example>", "AUTH PLAIN AGFubgB4", "AUTH PLAIN", "*"];
    assert_eq!(codes(&mut session, &lines), ["503", "250", "530", "535", "334", "501"]);
    let lines = ["AUTH LOGIN", "YW5u", "eA==", "AUTH LOGIN", "YW5u", "c2VjcmV0", "MAIL FROM:<a@b.example>"];
    assert_eq!(codes(&mut session, &lines), ["334", "334", "535", "334", "334", "235", "250"]);
    let mut session = Session::new(&rules, true, false);
    assert_eq!(codes(&mut session, &["EHLO a", plain, "MAIL FROM:<a@b.example>"]), ["250", "235", "250"]);
}

proptest::proptest! {
    #[test]
    fn no_line_makes_it_panic(lines in proptest::collection::vec(proptest::collection::vec(0_u8..=255, 0..40), 0..10)) {
        let rules = rules();
        let mut session = Session::new(&rules, true, true);
        for line in &lines {
            session.line(line);
        }
    }
}
