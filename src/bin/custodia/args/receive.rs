//! What can be typed after `receive`.

use std::path::PathBuf;

use clap::Args;
use custodia::model::Trust;

#[derive(Args)]
pub(crate) struct ReceiveArgs {
    /// Address and port to wait at for connections
    #[arg(long, default_value = "127.0.0.1:2525", value_name = "ADDRESS:PORT")]
    pub(crate) listen: std::net::SocketAddr,
    /// PEM file with the server's certificate, and those that vouch for it: offers STARTTLS
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub(crate) tls_cert: Option<PathBuf>,
    /// PEM file with the private key of the certificate
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub(crate) tls_key: Option<PathBuf>,
    /// Encrypt from the beginning of each connection, in place of STARTTLS
    #[arg(long, requires = "tls_cert")]
    pub(crate) implicit_tls: bool,
    /// Who may send without logging in, such as 192.0.2.0/24, in place of this machine; may be repeated
    #[arg(long, value_name = "NETWORK")]
    pub(crate) allow: Vec<custodia::connector::smtp::Network>,
    /// File of lines user:password, readable by its owner only: others than --allow may send after logging in, which
    /// needs encryption
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub(crate) users: Option<PathBuf>,
    /// Largest mail in bytes
    #[arg(long, default_value_t = 150_000_000, value_name = "BYTES")]
    pub(crate) max_size: u64,
    /// Connections at a time; more are told to come again
    #[arg(long, default_value_t = 100, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) max_connections: u16,
    /// Seconds to wait for the next command or the next bytes of a mail; 300 and 180 unless said
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub(crate) timeout: Option<u64>,
    /// The mailbox that takes everything, whoever the participants are
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) mailbox: Option<String>,
    /// The folder that takes everything, in each mailbox
    #[arg(long, value_name = "PATH")]
    pub(crate) folder: Option<String>,
    /// Create mailboxes that are not there: that of --mailbox, else one for each participant and recipient
    #[arg(long)]
    pub(crate) create_mailboxes: bool,
    /// How far those are believed who may send: `none` takes each mail for a mail, `journal` believes journal reports
    /// and captured chats, `all` the fields of converted messages too
    ///
    /// Say `journal` where only a journaling mail server or a capture product can send: anybody who can send a mail could
    /// otherwise pose as one.
    #[arg(long, default_value = "none", value_name = "TRUST")]
    pub(crate) trust: Trust,
    /// Header field that names whose mails they are, such as X-Owner
    #[arg(long, value_name = "NAME", value_parser = super::header_name)]
    pub(crate) user_header: Option<String>,
}
