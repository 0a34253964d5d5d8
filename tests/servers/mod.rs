//! Real servers, started with their own configuration on this machine only, and ended with the test.

#![allow(dead_code, reason = "each test file uses a part of it")]

pub(crate) mod programs;

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Where a program is; says that the test is skipped where there is none.
pub(crate) fn program(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain(["/usr/sbin", "/usr/local/sbin", "/sbin"].map(PathBuf::from));
    let found = folders.map(|folder| folder.join(name)).find(|path| path.is_file());
    if found.is_none() {
        skipped(&format!("{name} is not installed"));
    }
    found
}

/// Says why a test does nothing here.
#[allow(clippy::print_stderr, reason = "the runner of the tests reads it")]
pub(crate) fn skipped(why: &str) {
    eprintln!("skipped: {why}");
}

/// A server at work. Dropped, it is killed.
pub(crate) struct Running {
    pub(crate) child: Child,
    pub(crate) port: u16,
}

impl Running {
    /// Starts `command` and waits until `port` answers; panics with what is in `log` if it does not.
    fn start(mut command: Command, port: u16, log: &Path) -> Self {
        let output = fs::File::create(log.with_extension("out")).expect("log");
        command.stdin(Stdio::null()).stdout(output.try_clone().expect("log")).stderr(output);
        let mut running = Self { child: command.spawn().expect("the server starts"), port };
        let deadline = Instant::now() + Duration::from_secs(30);
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            let ended = running.child.try_wait().expect("state");
            if ended.is_some() || Instant::now() > deadline {
                let said = [log.to_owned(), log.with_extension("out")]
                    .map(|path| fs::read_to_string(path).unwrap_or_default());
                panic!("{command:?} does not answer ({ended:?}): {}", said.concat());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        running
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Asked first, so that it ends its own children.
        run("kill", &["-TERM", &self.child.id().to_string()]);
        let deadline = Instant::now() + Duration::from_secs(5);
        while Instant::now() < deadline && matches!(self.child.try_wait(), Ok(None)) {
            std::thread::sleep(Duration::from_millis(10));
        }
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// A port that nobody uses.
pub(crate) fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("address").port()
}

/// Runs a program that has to succeed; what it prints.
pub(crate) fn run(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).stdin(Stdio::null()).output().expect("it runs");
    assert!(output.status.success(), "{program} {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

pub(crate) fn is_root() -> bool {
    run("id", &["-u"]).trim() == "0"
}

/// Writes a file that only its owner may read.
pub(crate) fn secret_file(path: &Path, text: &str) {
    fs::write(path, text).expect("file");
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).expect("mode");
}

/// Makes an authority (`ca.pem`) and a certificate of it (`server.pem`, `server.key`) for this machine in `folder`;
/// whether that can be done.
pub(crate) fn certificates(folder: &Path) -> bool {
    if program("openssl").is_none() {
        return false;
    }
    let path = |name: &str| folder.join(name).to_str().expect("UTF-8").to_owned();
    let key = ["req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj"];
    let authority = ["/CN=test authority", "-x509", "-days", "30", "-keyout", &path("ca.key"), "-out", &path("ca.pem")];
    run("openssl", &[&key[..], &authority].concat());
    run(
        "openssl",
        &[&key[..], &["/CN=localhost", "-keyout", &path("server.key"), "-out", &path("server.csr")]].concat(),
    );
    fs::write(path("extensions"), "subjectAltName=DNS:localhost,IP:127.0.0.1\nbasicConstraints=CA:FALSE\n")
        .expect("file");
    let signing =
        ["x509", "-req", "-days", "30", "-CAcreateserial", "-in", &path("server.csr"), "-CA", &path("ca.pem")];
    let result = ["-CAkey", &path("ca.key"), "-extfile", &path("extensions"), "-out", &path("server.pem")];
    run("openssl", &[&signing[..], &result].concat());
    true
}
