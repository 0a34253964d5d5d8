//! The servers of the tests.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use super::{Running, certificates, free_port, is_root, program, run};

fn text(path: &Path) -> &str {
    path.to_str().expect("test paths are UTF-8")
}

/// OpenSSH with its files in `folder`: keys `client`, `host_ed25519`, `host_rsa`. It lets in whoever runs the test, and
/// all users that have passwords.
pub(crate) fn sshd(folder: &Path) -> Option<Running> {
    let (sshd, _) = (program("sshd")?, program("ssh-keygen")?);
    for (name, kind, passphrase) in [
        ("host_ed25519", "ed25519", ""),
        ("host_rsa", "rsa", ""),
        ("client", "ed25519", ""),
        ("locked", "ed25519", "open sesame"),
    ] {
        run("ssh-keygen", &["-q", "-t", kind, "-N", passphrase, "-f", text(&folder.join(name))]);
    }
    let keys = ["client.pub", "locked.pub"].map(|name| fs::read_to_string(folder.join(name)).expect("key")).concat();
    fs::write(folder.join("authorized_keys"), keys).expect("file");
    if is_root() {
        fs::create_dir_all("/run/sshd").expect("the folder that the server wants");
    }
    let (port, at) = (free_port(), folder.display());
    let configuration = format!(
        "Port {port}\nListenAddress 127.0.0.1\nHostKey {at}/host_ed25519\nHostKey {at}/host_rsa\nPidFile none\n\
         AuthorizedKeysFile {at}/authorized_keys\nStrictModes no\nUsePAM no\nPermitRootLogin yes\n\
         PasswordAuthentication yes\nSubsystem sftp internal-sftp\nMaxStartups 100\n"
    );
    let path = folder.join("sshd.conf");
    fs::write(&path, configuration).expect("file");
    let mut command = Command::new(sshd);
    command.args(["-D", "-e", "-f", text(&path)]);
    Some(Running::start(command, port, &folder.join("sshd")))
}

/// Dovecot with its files in `folder`: the account `journal` with the password `s3cret`, messages in `mail`. The second
/// port begins encrypted.
pub(crate) fn dovecot(folder: &Path) -> Option<(Running, u16)> {
    dovecot_with(folder, "auth_mechanisms = plain\npassdb {\n driver = static\n args = password=s3cret\n}\n")
}

/// The same, with the tokens that the provider at this port vouches for instead of a password.
pub(crate) fn dovecot_with_tokens(folder: &Path, provider: u16) -> Option<(Running, u16)> {
    let path = folder.join("tokens.conf");
    let configuration = format!(
        "introspection_url = http://127.0.0.1:{provider}/introspect\nintrospection_mode = auth\n\
         username_attribute = name\nactive_attribute = active\nactive_value = true\n"
    );
    fs::write(&path, configuration).expect("file");
    let passdb = format!(
        "auth_mechanisms = xoauth2\npassdb {{\n driver = oauth2\n mechanisms = xoauth2\n args = {}\n}}\n",
        text(&path)
    );
    dovecot_with(folder, &passdb)
}

fn dovecot_with(folder: &Path, passdb: &str) -> Option<(Running, u16)> {
    let dovecot = program("dovecot")?;
    if !certificates(folder) {
        return None;
    }
    fs::create_dir_all(folder.join("mail/cur")).expect("folder");
    let (user, group, uid, gid) = if is_root() {
        fs::set_permissions(folder, fs::Permissions::from_mode(0o755)).expect("mode");
        run("chown", &["-R", "nobody:nogroup", text(&folder.join("mail"))]);
        ("dovecot".to_owned(), "dovecot".to_owned(), run("id", &["-u", "nobody"]), run("id", &["-g", "nobody"]))
    } else {
        (run("id", &["-un"]), run("id", &["-gn"]), run("id", &["-u"]), run("id", &["-g"]))
    };
    let [user, group, uid, gid] = [user, group, uid, gid].map(|text| text.trim().to_owned());
    let (plain, tls, at) = (free_port(), free_port(), folder.display());
    let configuration = format!(
        "protocols = imap\nlisten = 127.0.0.1\nbase_dir = {at}/run\nstate_dir = {at}/state\nlog_path = {at}/dovecot.log\n\
         default_internal_user = {user}\ndefault_internal_group = {group}\ndefault_login_user = {user}\n\
         first_valid_uid = 1\nlast_valid_uid = 0\nmail_location = maildir:{at}/mail\n\
         ssl = required\nssl_cert = <{at}/server.pem\nssl_key = <{at}/server.key\n{passdb}\
         userdb {{\n driver = static\n args = uid={uid} gid={gid} home={at}\n}}\n\
         service imap-login {{\n chroot =\n inet_listener imap {{\n  port = {plain}\n }}\n\
         \u{20}inet_listener imaps {{\n  port = {tls}\n  ssl = yes\n }}\n}}\n\
         service anvil {{\n chroot =\n}}\nservice stats {{\n chroot =\n}}\n"
    );
    let path = folder.join("dovecot.conf");
    fs::write(&path, configuration).expect("file");
    let mut command = Command::new(dovecot);
    command.args(["-F", "-c", text(&path)]);
    Some((Running::start(command, plain, &folder.join("dovecot.log")), tls))
}

/// nginx with TLS, serving `folder/www`: `open/` to all, `json/` as a JSON list, `closed/` to `ann` with `s3cret`,
/// `away/` elsewhere.
pub(crate) fn nginx(folder: &Path) -> Option<Running> {
    let nginx = program("nginx")?;
    if !certificates(folder) {
        return None;
    }
    if is_root() {
        fs::set_permissions(folder, fs::Permissions::from_mode(0o755)).expect("mode");
    }
    fs::write(folder.join("users"), "ann:{PLAIN}s3cret\n").expect("file");
    let (port, at) = (free_port(), folder.display());
    let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|name| format!(" {name}_temp_path {at}/{name};\n"))
        .concat();
    let configuration = format!(
        "daemon off;\nmaster_process off;\npid {at}/nginx.pid;\nerror_log {at}/nginx.log;\nevents {{}}\n\
         http {{\n access_log off;\n{temporary} default_type application/octet-stream;\n server {{\n\
         \u{20} listen 127.0.0.1:{port} ssl;\n  ssl_certificate {at}/server.pem;\n  ssl_certificate_key {at}/server.key;\n\
         \u{20} root {at}/www;\n  autoindex on;\n  location /json/ {{ autoindex_format json; }}\n\
         \u{20} location /closed/ {{ auth_basic archive; auth_basic_user_file {at}/users; }}\n\
         \u{20} location /away/ {{ return 302 https://localhost:1/; }}\n }}\n}}\n"
    );
    let path = folder.join("nginx.conf");
    fs::write(&path, configuration).expect("file");
    let mut command = Command::new(nginx);
    command.args(["-c", text(&path), "-e", text(&folder.join("nginx.log"))]);
    Some(Running::start(command, port, &folder.join("nginx.log")))
}

/// A server that speaks S3, with its files in memory.
pub(crate) fn moto(folder: &Path) -> Option<Running> {
    let port = free_port();
    let mut command = Command::new(program("moto_server")?);
    command.args(["-H", "127.0.0.1", "-p", &port.to_string()]);
    Some(Running::start(command, port, &folder.join("moto")))
}
