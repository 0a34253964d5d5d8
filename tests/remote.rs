//! Deliveries are fetched from real servers whole, exactly and only from the right one.
#![cfg(feature = "remote")]

mod servers;

use std::fs;
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use custodia::connector::remote::{Checkpoint, Listed, Patience, Remote, connect_patiently};
use custodia::connector::{Credentials, Location};
use custodia::model::{ConnectorSource, CredentialSource, OauthClient};
use servers::{free_port, is_root, run, secret_file};
use tempfile::TempDir;

/// A source, as somebody would configure it.
struct Source {
    from: String,
    host_key: Option<String>,
    key_file: Option<String>,
    ca_file: Option<String>,
    oauth: Option<OauthClient>,
    secret: Option<&'static str>,
}

fn source(from: String) -> Source {
    Source { from, host_key: None, key_file: None, ca_file: None, oauth: None, secret: None }
}

fn hasty() -> Patience {
    Patience {
        connect: Duration::from_secs(10),
        answer: Duration::from_secs(10),
        pauses: vec![Duration::from_millis(5); 2],
    }
}

impl Source {
    fn open(&self) -> custodia::Result<Box<dyn Remote>> {
        let folder = TempDir::new().expect("folder");
        let credentials = match self.secret {
            None => CredentialSource::None,
            Some(secret) => {
                let path = folder.path().join("secret");
                secret_file(&path, secret);
                CredentialSource::File(path.display().to_string())
            }
        };
        let location = Location::of(&ConnectorSource {
            from: self.from.clone(),
            host_key: self.host_key.clone(),
            key_file: self.key_file.clone(),
            ca_file: self.ca_file.clone(),
            oauth: self.oauth.clone(),
            credentials: credentials.clone(),
        })?;
        connect_patiently(&location, &Credentials::read(&credentials)?, hasty())
    }

    fn list(&self) -> Vec<Listed> {
        self.open().and_then(|mut remote| remote.list(&Checkpoint::new())).expect("it can be listed")
    }

    /// Why it cannot be listed, with all causes.
    fn refusal(&self) -> String {
        let error = self.open().and_then(|mut remote| remote.list(&Checkpoint::new())).expect_err("it is refused");
        let cause = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
        let text = format!("{error}: {cause}");
        assert!(!text.contains("s3cret"), "the secret shows: {text}");
        text
    }
}

fn fetched(remote: &mut dyn Remote, listed: &Listed) -> Vec<u8> {
    let mut file = tempfile::tempfile().expect("file");
    // What an attempt before left has to go.
    file.write_all(b"left over, and longer than what comes, left over, left over").expect("file");
    remote.fetch(listed, &mut file).expect("it can be fetched");
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(0)).expect("seek");
    file.read_to_end(&mut bytes).expect("read");
    bytes
}

/// Files for a source, among them an empty one, one with every byte, one that is not small, and one with a difficult name.
fn fill(folder: &Path) -> Vec<(&'static str, Vec<u8>)> {
    let large: Vec<u8> = (0..5_000_003_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    let files = vec![
        ("empty.eml", Vec::new()),
        ("every byte.bin", (0..=255).collect()),
        ("large.zip", large),
        ("sub/deeper/\u{5831}\u{544a} #1 50%.eml", b"From: a@b.example\r\n\r\ntext\r\n".to_vec()),
    ];
    for (name, bytes) in &files {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().expect("it has one")).expect("folder");
        fs::write(path, bytes).expect("file");
    }
    files
}

/// Checks that exactly `files` are listed, and that each comes whole.
fn assert_serves(source: &Source, files: &[(&str, Vec<u8>)]) {
    let mut remote = source.open().expect("a client");
    let listed = remote.list(&Checkpoint::new()).expect("it can be listed");
    let names: Vec<&str> = listed.iter().map(|listed| listed.name.as_str()).collect();
    let expected: Vec<&str> = files.iter().map(|(name, _)| name.rsplit('/').next().expect("name")).collect();
    assert_eq!(names, expected);
    assert_eq!(remote.list(&Checkpoint::new()).expect("again"), listed, "a list is stable");
    for (listed, (name, bytes)) in listed.iter().zip(files) {
        assert_eq!(listed.bytes, Some(bytes.len() as u64), "{name}");
        assert!(!listed.version.is_empty(), "{name}");
        assert!(fetched(remote.as_mut(), listed) == *bytes, "{name} comes as it is");
    }
}

fn sftp(folder: &Path, port: u16) -> Source {
    let key_file = Some(folder.join("client").display().to_string());
    let host_key = Some(fingerprint(folder, "host_ed25519"));
    let from = format!("sftp://{}@127.0.0.1:{port}{}/www", run("id", &["-un"]).trim(), folder.display());
    Source { host_key, key_file, ..source(from) }
}

fn fingerprint(folder: &Path, key: &str) -> String {
    let said = run("ssh-keygen", &["-l", "-E", "sha256", "-f", folder.join(key).to_str().expect("UTF-8")]);
    said.split_whitespace().nth(1).expect("a fingerprint").to_owned()
}

#[test]
fn sftp_serves_who_knows_it() {
    let folder = TempDir::new().expect("folder");
    let Some(server) = servers::programs::sshd(folder.path()) else { return };
    let files = fill(&folder.path().join("www"));
    let good = sftp(folder.path(), server.port);
    assert_serves(&good, &files);

    let locked = Some(folder.path().join("locked").display().to_string());
    assert_serves(
        &Source { key_file: locked.clone(), secret: Some("open sesame"), ..sftp(folder.path(), server.port) },
        &files,
    );
    for secret in [None, Some("s3cret")] {
        let refusal = Source { key_file: locked.clone(), secret, ..sftp(folder.path(), server.port) }.refusal();
        assert!(refusal.contains("passphrase"), "{refusal}");
    }
    let one = Source { from: format!("{}/every%20byte.bin", good.from), ..sftp(folder.path(), server.port) };
    assert_eq!(one.list().len(), 1);
    let none = Source { from: format!("{}/nothing", good.from), ..sftp(folder.path(), server.port) };
    assert!(none.refusal().contains("no such file"), "{}", none.refusal());
    let wrong_key = Source {
        key_file: Some(folder.path().join("host_rsa").display().to_string()),
        ..sftp(folder.path(), server.port)
    };
    assert!(wrong_key.refusal().contains("does not let"), "{}", wrong_key.refusal());
}

#[test]
fn sftp_speaks_to_the_right_server_only() {
    let folder = TempDir::new().expect("folder");
    let Some(server) = servers::programs::sshd(folder.path()) else { return };
    let files = fill(&folder.path().join("www"));
    let known = folder.path().join("known_hosts");
    let with = |host_key: &str| Source { host_key: Some(host_key.to_owned()), ..sftp(folder.path(), server.port) };
    let refusal = with(&fingerprint(folder.path(), "client")).refusal();
    let shown = fingerprint(folder.path(), "host_ed25519");
    assert!(refusal.contains(&shown) && refusal.contains("is expected"), "{refusal}");

    let file = known.display().to_string();
    let refusal = with(&file).refusal();
    assert!(refusal.contains(&shown) && refusal.contains("is not known"), "{refusal}");
    let line = refusal.rsplit(": ").next().expect("a line").to_owned();
    assert!(line.starts_with(&format!("[127.0.0.1]:{} ssh-ed25519 ", server.port)), "{line}");
    // What the refusal says to write is enough.
    fs::write(&known, format!("# hosts\n{line}\n")).expect("file");
    assert_serves(&with(&file), &files);

    // Of the server's keys the one that is known is asked for.
    let rsa = fs::read_to_string(folder.path().join("host_rsa.pub")).expect("key");
    fs::write(&known, format!("[127.0.0.1]:{} {rsa}", server.port)).expect("file");
    assert_serves(&with(&file), &files);
    let key = fs::read_to_string(folder.path().join("client.pub")).expect("key");
    fs::write(&known, format!("[127.0.0.1]:{} {key}", server.port)).expect("file");
    let refusal = with(&file).refusal();
    assert!(refusal.contains("posing"), "{refusal}");
    fs::write(&known, format!("{line}\n@revoked * {}\n", line.split_once(' ').expect("key").1)).expect("file");
    assert!(with(&file).refusal().contains("revoked"));
}

#[test]
fn sftp_takes_passwords_and_notices_changes() {
    let folder = TempDir::new().expect("folder");
    let Some(server) = servers::programs::sshd(folder.path()) else { return };
    fill(&folder.path().join("www"));
    let mut remote = sftp(folder.path(), server.port).open().expect("a client");
    let listed = remote.list(&Checkpoint::new()).expect("list");
    let large = listed.iter().find(|listed| listed.name == "large.zip").expect("it is there");
    fs::OpenOptions::new()
        .append(true)
        .open(folder.path().join("www/large.zip"))
        .expect("file")
        .write_all(b"x")
        .expect("write");
    let mut file = tempfile::tempfile().expect("file");
    assert!(remote.fetch(large, &mut file).is_err(), "a file that grew is not what was listed");
    let again = remote.list(&Checkpoint::new()).expect("list");
    let grown = again.iter().find(|listed| listed.name == "large.zip").expect("it is there");
    assert!(grown.version != large.version && fetched(remote.as_mut(), grown).len() == 5_000_004);

    let user = format!("custodia{}", std::process::id());
    if !is_root() || servers::program("useradd").is_none() {
        return servers::skipped("a user with a password can only be made by root");
    }
    fs::set_permissions(folder.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755)).expect("mode");
    run("useradd", &["--no-create-home", "--home-dir", "/", "--shell", "/usr/sbin/nologin", &user]);
    run("sh", &["-c", &format!("echo {user}:s3cret | chpasswd")]);
    let from = format!("sftp://{user}@127.0.0.1:{}{}/www", server.port, folder.path().display());
    let login = |secret| Source {
        from: from.clone(),
        key_file: None,
        secret: Some(secret),
        ..sftp(folder.path(), server.port)
    };
    let (good, bad) =
        (login("s3cret").open().and_then(|mut remote| remote.list(&Checkpoint::new())), login("wrong").refusal());
    run("userdel", &[&user]);
    assert_eq!(good.expect("the password is taken").len(), 4);
    assert!(bad.contains("does not let"), "{bad}");
}

#[test]
fn a_server_that_is_not_there_or_silent_is_an_error_in_time() {
    let port = free_port();
    for from in [format!("imap://a@127.0.0.1:{port}/"), format!("http://127.0.0.1:{port}/")] {
        let secret = from.starts_with("imap").then_some("s3cret");
        assert!(Source { secret, ..source(from) }.refusal().contains("connection failed"));
    }
    let silent = TcpListener::bind("127.0.0.1:0").expect("port");
    let port = silent.local_addr().expect("address").port();
    let location = format!("sftp://a@127.0.0.1:{port}/");
    let key = ConnectorSource {
        from: location,
        host_key: Some("SHA256:x".to_owned()),
        key_file: Some("/nonexistent".to_owned()),
        oauth: None,
        ca_file: None,
        credentials: CredentialSource::None,
    };
    let patience = Patience { connect: Duration::from_millis(100), pauses: vec![Duration::ZERO; 2], ..hasty() };
    let location = Location::of(&key).expect("location");
    let mut remote = connect_patiently(&location, &Credentials::default(), patience).expect("a client");
    let error = remote.list(&Checkpoint::new()).expect_err("nobody answers");
    assert!(std::error::Error::source(&error).expect("cause").to_string().contains("no connection within"));
    silent.set_nonblocking(true).expect("mode");
    assert_eq!(std::iter::from_fn(|| silent.accept().ok()).count(), 3, "it was tried three times");
}

fn deliver(folder: &Path, n: u32, bytes: &[u8]) {
    let name = format!("{}.M{n}P1.host", 1_700_000_000 + n);
    let path = folder.join("mail/cur").join(format!("{name}:2,"));
    fs::write(&path, bytes).expect("message");
    if is_root() {
        run("chown", &["nobody:nogroup", path.to_str().expect("UTF-8")]);
    }
}

fn message(n: u32, bytes: usize) -> Vec<u8> {
    let lines = (0..bytes as u64 / 64).map(|line| format!("{:062x}\r\n", u64::from(n) << 32 | line));
    let body = lines.collect::<Vec<_>>().concat();
    format!("From: a@b.example\r\nSubject: {n}\r\n\r\n{body}").into_bytes()
}

#[test]
fn imap_serves_each_message_once_and_leaves_it_as_it_is() {
    let folder = TempDir::new().expect("folder");
    let Some((server, tls)) = servers::programs::dovecot(folder.path()) else { return };
    let ca_file = Some(folder.path().join("ca.pem").display().to_string());
    let sizes = [100, 3_000_000, 0, 4 << 20, 2 << 20];
    let messages: Vec<Vec<u8>> = sizes.iter().zip(1..).map(|(size, n)| message(n, *size)).collect();
    messages.iter().zip(1..).for_each(|(bytes, n)| deliver(folder.path(), n, bytes));
    let secret = Some("s3cret");
    for from in [format!("imaps://journal@localhost:{tls}/INBOX"), format!("imap://journal@localhost:{}/", server.port)]
    {
        let mailbox = Source { ca_file: ca_file.clone(), secret, ..source(from) };
        let mut remote = mailbox.open().expect("a client");
        let listed = remote.list(&Checkpoint::new()).expect("list");
        assert_eq!(listed.len(), messages.len());
        for (listed, bytes) in listed.iter().zip(&messages) {
            assert!(fetched(remote.as_mut(), listed) == *bytes, "{listed:?}");
        }
        let checkpoint = remote.checkpoint();
        assert!(remote.list(&checkpoint).expect("list").is_empty(), "nothing is new after {checkpoint}");
        assert_eq!(remote.checkpoint(), checkpoint);
        let (_, last) = checkpoint.split_once('/').expect("two numbers");
        assert_eq!(remote.list(&format!("1/{last}")).expect("list"), listed, "other numbers are other messages");
    }
    let names =
        fs::read_dir(folder.path().join("mail/cur")).expect("folder").map(|file| file.expect("file").file_name());
    assert!(names.into_iter().all(|name| name.to_string_lossy().ends_with(":2,")), "nothing was marked as seen");

    let good =
        || Source { ca_file: ca_file.clone(), secret, ..source(format!("imaps://journal@localhost:{tls}/INBOX")) };
    let mut remote = good().open().expect("a client");
    remote.list(&Checkpoint::new()).expect("list");
    let checkpoint = remote.checkpoint();
    deliver(folder.path(), 9, &message(9, 10));
    let new = remote.list(&checkpoint).expect("list");
    assert_eq!(new.iter().map(|listed| listed.name.as_str()).collect::<Vec<_>>(), ["6.eml"]);
    assert!(fetched(remote.as_mut(), new.first().expect("one")) == message(9, 10));

    let refusal = Source { secret: Some("wrong"), ..good() }.refusal();
    assert!(refusal.contains("does not let"), "{refusal}");
    let refusal = Source { ca_file: None, ..good() }.refusal();
    assert!(refusal.contains("cannot be trusted"), "{refusal}");
    let refusal = Source { from: format!("imaps://journal@localhost:{tls}/Entw\u{fc}rfe"), ..good() }.refusal();
    assert!(refusal.contains("cannot be opened"), "{refusal}");
}

/// A provider that grants the token `granted` to whoever sends what `wanted` lists, and vouches for it.
fn provider(wanted: Vec<&'static str>) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("port");
    let port = listener.local_addr().expect("address").port();
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            answer(stream, &wanted);
        }
    });
    port
}

fn answer(mut stream: TcpStream, wanted: &[&str]) {
    let (mut request, mut buffer) = (String::new(), [0; 4096]);
    let length = |request: &str| {
        let (head, body) = request.split_once("\r\n\r\n")?;
        let announced =
            head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
        Some(announced.unwrap_or(0) <= body.len())
    };
    while length(&request) != Some(true) {
        match stream.read(&mut buffer) {
            Ok(0) | Err(_) => return,
            Ok(bytes) => request.push_str(&String::from_utf8_lossy(buffer.get(..bytes).unwrap_or_default())),
        }
    }
    let body = request.split("\r\n\r\n").nth(1).unwrap_or_default();
    let is_granted =
        wanted.len() == body.split('&').count() && wanted.iter().all(|pair| body.split('&').any(|p| p == *pair));
    let (status, answer) = match request.starts_with("POST /token ") {
        true if is_granted => ("200 OK", r#"{"token_type":"Bearer","expires_in":3599,"access_token":"granted"}"#),
        true => (
            "401 Unauthorized",
            r#"{"error":"invalid_client","error_description":"AADSTS7000215:\u001b[31m wrong, other"}"#,
        ),
        false if request.contains("Bearer granted\r\n") => ("200 OK", r#"{"active":true,"name":"journal"}"#),
        false => ("401 Unauthorized", "{}"),
    };
    let length = answer.len();
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{answer}"
    )
    .ok();
}

#[test]
fn imap_is_opened_with_tokens() {
    let scope = "scope=https%3A%2F%2Fmail.example%2F.default";
    for (wanted, secret) in [
        (vec!["client_id=app", "client_secret=s%2Bcret", "grant_type=client_credentials", scope], "s+cret"),
        (
            vec!["client_id=app", "client_secret=s%2Bcret", "grant_type=refresh_token", "refresh_token=again", scope],
            "s+cret\nagain",
        ),
    ] {
        let folder = TempDir::new().expect("folder");
        let port = provider(wanted);
        let Some((_server, tls)) = servers::programs::dovecot_with_tokens(folder.path(), port) else { return };
        deliver(folder.path(), 1, &message(1, 100));
        let from = |user: &str| format!("imaps://{user}@localhost:{tls}/INBOX");
        let ca_file = Some(folder.path().join("ca.pem").display().to_string());
        let client = OauthClient {
            token_url: format!("http://127.0.0.1:{port}/token"),
            client_id: "app".to_owned(),
            scope: Some("https://mail.example/.default".to_owned()),
        };
        let good = || Source {
            ca_file: ca_file.clone(),
            oauth: Some(client.clone()),
            secret: Some(secret),
            ..source(from("journal"))
        };
        let mut remote = good().open().expect("a client");
        let listed = remote.list(&Checkpoint::new()).expect("list");
        assert_eq!(listed.len(), 1);
        assert!(fetched(remote.as_mut(), listed.first().expect("one")) == message(1, 100));

        let refusal = Source { secret: Some("other"), ..good() }.refusal();
        assert!(refusal.contains("invalid_client AADSTS7000215: [31m wrong"), "{refusal:?}");
        assert!(!refusal.contains("other") && refusal.contains("--client-id"), "{refusal}");
        let refusal = Source { from: from("ann"), ..good() }.refusal();
        assert!(refusal.contains("does not let `ann` in"), "{refusal}");
        let elsewhere = OauthClient { token_url: "http://mail.example/token".to_owned(), ..client.clone() };
        assert!(Source { oauth: Some(elsewhere), ..good() }.open().is_err(), "a secret is not sent in clear");
        let no_mail = Source { oauth: Some(client.clone()), ..source("https://mail.example/in/".to_owned()) };
        assert!(no_mail.open().is_err());
    }
}

#[test]
fn secrets_can_be_kept_in_the_keyring_of_the_system() {
    let folder = TempDir::new().expect("folder");
    let needed = ["dbus-run-session", "gnome-keyring-daemon", "secret-tool"];
    if needed.iter().any(|name| servers::program(name).is_none()) {
        return;
    }
    let Some((_server, tls)) = servers::programs::dovecot(folder.path()) else { return };
    deliver(folder.path(), 1, &message(1, 100));
    let script = r#"
        printf unlocked | gnome-keyring-daemon --unlock --components=secrets >/dev/null &&
        "$CUSTODIA" init "$HOME/archive" >/dev/null &&
        set -- "$CUSTODIA" --archive "$HOME/archive" connector &&
        if "$@" add journal --kind mail --from "$FROM" --ca-file "$CA" --secret-keyring journal; then exit 90; fi &&
        printf s3cret | secret-tool store --label=custodia service journal username custodia &&
        "$@" add journal --kind mail --from "$FROM" --ca-file "$CA" --secret-keyring journal &&
        "$@" run journal --json
    "#;
    let home = folder.path().join("home");
    fs::create_dir_all(&home).expect("folder");
    let output = Command::new("dbus-run-session")
        .args(["--", "sh", "-c", script])
        .env("CUSTODIA", env!("CARGO_BIN_EXE_custodia"))
        .env("HOME", &home)
        .env("XDG_RUNTIME_DIR", &home)
        .env("XDG_DATA_HOME", &home)
        .env("FROM", format!("imaps://journal@localhost:{tls}/INBOX"))
        .env("CA", folder.path().join("ca.pem"))
        .stdin(Stdio::null())
        .output()
        .expect("it runs");
    let (said, errors) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(errors.contains("secret-tool store"), "it says how a secret gets there: {errors}");
    assert!(output.status.success() && said.contains("\"state\":\"complete\""), "{said}{errors}");
}

#[test]
fn https_serves_what_its_index_names() {
    let folder = TempDir::new().expect("folder");
    let Some(server) = servers::programs::nginx(folder.path()) else { return };
    let ca_file = Some(folder.path().join("ca.pem").display().to_string());
    let files = fill(&folder.path().join("www/open"));
    fill(&folder.path().join("www/json"));
    fill(&folder.path().join("www/closed"));
    let at =
        |path: &str| Source { ca_file: ca_file.clone(), ..source(format!("https://localhost:{}/{path}", server.port)) };
    assert_serves(&at("open/"), &files);
    assert_serves(&at("json/"), &files);
    let closed = |secret| Source { secret, ..source(format!("https://ann@localhost:{}/closed/", server.port)) };
    assert_serves(&Source { ca_file: ca_file.clone(), ..closed(Some("s3cret")) }, &files);
    for (source, why) in [
        (Source { ca_file: ca_file.clone(), ..closed(Some("wrong")) }, "does not let us read"),
        (at("closed/"), "does not let us read"),
        (closed(Some("s3cret")), "cannot be trusted"),
        (at("nothing/"), "there is no"),
        (at("away/"), "another server"),
    ] {
        assert!(source.refusal().contains(why), "{}", source.refusal());
    }
    let mut remote = at("open/").open().expect("a client");
    let listed = remote.list(&Checkpoint::new()).expect("list");
    fs::write(folder.path().join("www/open/large.zip"), "other").expect("file");
    let large = listed.iter().find(|listed| listed.name == "large.zip").expect("it is there");
    assert!(
        remote.fetch(large, &mut tempfile::tempfile().expect("file")).is_err(),
        "a changed file is not what was listed"
    );
}

/// Speaks HTTP to the storage, which asks for no signature.
fn put(port: u16, path: &str, body: &[u8]) {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("storage");
    let head = format!(
        "PUT {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: AWS4-HMAC-SHA256 Credential=id/20260101/us-east-1/s3/\
         aws4_request, SignedHeaders=host, Signature=0\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body)).expect("request");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("answer");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

#[test]
fn s3_serves_what_begins_with_the_prefix() {
    let folder = TempDir::new().expect("folder");
    let Some(server) = servers::programs::moto(folder.path()) else { return };
    put(server.port, "/journal", b"");
    let files = fill(folder.path());
    for (name, bytes) in &files {
        let key: String = name
            .bytes()
            .map(|byte| if byte == b'/' { "/".to_owned() } else { format!("%{byte:02x}") })
            .collect::<Vec<_>>()
            .concat();
        put(server.port, &format!("/journal/in/{key}"), bytes);
    }
    put(server.port, "/journal/other/x.eml", b"x");
    let endpoint = format!("endpoint=http://127.0.0.1:{}", server.port);
    let bucket = |name: &str| Source { secret: Some("id:s3cret"), ..source(format!("s3://{name}?{endpoint}")) };
    assert_serves(&bucket("journal/in/"), &files);
    assert_eq!(bucket("journal").list().len(), files.len() + 1);
    assert!(bucket("nothing/").refusal().contains("no such bucket"), "{}", bucket("nothing/").refusal());
}
