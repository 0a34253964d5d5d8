//! What can be typed after `connector`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use custodia::connector::As;
use custodia::model::{ConnectorKind, CredentialSource, DateOrder, OauthClient, Schedule, Trust};

#[derive(Subcommand)]
#[command(defer = true)]
pub(crate) enum ConnectorCommand {
    /// Describe a source; it is listed once to see whether it is right, and nothing is fetched yet
    ///
    /// Sources, as --from says them:
    ///
    ///   /deliveries/whatsapp            a folder of this machine, with all that is in it
    ///   `sftp://user@host/folder`         needs --host-key, and --key or a secret
    ///   `imaps://user@host/mailbox`     `imap://` means STARTTLS; write %40 for @ in the user
    ///   `s3://bucket/prefix?endpoint=https://host&region=name`
    ///   `https://host/directory/`         a listing as nginx and Apache make it
    ///
    /// The secret (a password, a key's passphrase, a token; `key id:secret key` for S3) is never typed and never in the
    /// archive: say where it is kept with --secret-file, --secret-env or --secret-keyring. It is read at each run.
    ///
    /// Mailboxes of Microsoft 365 and Google are opened with tokens instead of passwords: see --token-url.
    Add(Box<ConnectorAddArgs>),
    /// List all connectors, removed ones included
    List,
    /// Show one with all of its options
    Show {
        /// Its name
        name: String,
    },
    /// Fetch what is new, and take it in as one batch
    ///
    /// What an earlier run took is not fetched again; the same delivery under another name is recognised by its content.
    /// A delivery that has grown is read again as a whole, and what was there is counted as duplicate. One that cannot be
    /// read (a cut zip file, a file that is still being written) is not marked as taken: the next run tries it again.
    ///
    /// Exit code 3 says that something could not be fetched, read or stored, as listed. With --all, a connector that fails
    /// does not keep the others from running.
    Run(ConnectorRunArgs),
    /// Say what runs did, with their ledgers, and what waits in quarantine
    Status {
        /// Only this connector, with all of its runs
        name: Option<String>,
    },
    /// Stop fetching from a source; what it brought stays, and the history of its runs
    Remove {
        /// Its name
        name: String,
        /// Why
        #[arg(long)]
        reason: String,
    },
}

#[derive(Args)]
pub(crate) struct ConnectorRunArgs {
    /// Names of connectors
    #[arg(required_unless_present = "all", conflicts_with = "all", value_name = "NAME")]
    pub(crate) names: Vec<String>,
    /// All connectors that are not removed
    #[arg(long)]
    pub(crate) all: bool,
    /// Keep running: each connector on its schedule, until interrupted
    ///
    /// Between two runs the archive is free for other commands.
    #[arg(long)]
    pub(crate) watch: bool,
}

#[derive(Args)]
pub(crate) struct ConnectorAddArgs {
    /// Its name
    pub(crate) name: String,
    /// What it delivers: whatsapp, wechat (WeCom too) or mail; decides over the folder
    #[arg(long)]
    pub(crate) kind: ConnectorKind,
    /// The folder or address to fetch from; see above
    #[arg(long, value_name = "URI")]
    pub(crate) from: String,
    /// How to read what it fetches, as `custodia import --as`; each file is recognised unless said
    #[arg(long = "as", default_value = "auto", value_name = "FORMAT")]
    pub(crate) read_as: As,
    #[command(flatten)]
    pub(crate) secret: SecretArgs,
    /// SFTP: the server's key: its fingerprint (SHA256:...), or a `known_hosts` file
    #[arg(long, value_name = "KEY")]
    pub(crate) host_key: Option<String>,
    /// SFTP: the private key that the server knows us by; a secret is its passphrase then
    #[arg(long, value_name = "FILE")]
    pub(crate) key: Option<String>,
    /// TLS: certificates (PEM) to trust instead of the system's
    #[arg(long, value_name = "FILE")]
    pub(crate) ca_file: Option<String>,
    #[command(flatten)]
    pub(crate) oauth: OauthArgs,
    #[command(flatten)]
    pub(crate) route: RouteArgs,
    /// Time zone of local times in chat exports, such as Europe/Berlin; the archive's unless said
    #[arg(long, value_name = "ZONE")]
    pub(crate) timezone: Option<String>,
    /// Order of day, month and year in chat exports: dmy, mdy or ymd; found out from the file unless said
    #[arg(long, value_name = "ORDER")]
    pub(crate) date_order: Option<DateOrder>,
    /// How far its mails are believed that say they are more: none, journal or all, as `custodia import --trust`;
    /// `journal` for IMAP, `all` for other sources unless said
    #[arg(long, value_name = "TRUST")]
    pub(crate) trust: Option<Trust>,
    /// Header field of mails that names whose they are, such as X-Owner, besides X-User-Email and its like
    #[arg(long, value_name = "NAME", value_parser = super::header_name)]
    pub(crate) user_header: Option<String>,
    #[command(flatten)]
    pub(crate) schedule: ScheduleArgs,
    /// Do not list the source now
    #[arg(long)]
    pub(crate) no_check: bool,
}

// Where the secret is.
#[derive(Args)]
#[group(multiple = false)]
pub(crate) struct SecretArgs {
    /// The secret is in this file, which nobody else may read (chmod 600)
    #[arg(long = "secret-file", id = "secret_file", value_name = "FILE")]
    file: Option<String>,
    /// The secret is in this environment variable
    #[arg(long = "secret-env", id = "secret_env", value_name = "NAME")]
    variable: Option<String>,
    /// The secret is in the system's keyring, under this service and the user `custodia`
    #[arg(long = "secret-keyring", id = "secret_keyring", value_name = "SERVICE")]
    keyring: Option<String>,
}

impl SecretArgs {
    pub(crate) fn source(&self) -> CredentialSource {
        let file = self.file.clone().map(CredentialSource::File);
        let variable = || self.variable.clone().map(CredentialSource::Environment);
        let keyring = || self.keyring.clone().map(CredentialSource::Keyring);
        file.or_else(variable).or_else(keyring).unwrap_or_default()
    }
}

// How tokens are asked for.
#[derive(Args)]
pub(crate) struct OauthArgs {
    /// IMAP: ask this address for tokens to open the mailbox with (OAuth 2.0); the secret is that of the client
    ///
    /// With the secret alone, tokens are asked for on behalf of the client itself, as Microsoft 365 has it for
    /// applications. With a refresh token in a second line of it, on behalf of the user who agreed, as Google has it.
    #[arg(long, value_name = "URL", requires = "client_id")]
    token_url: Option<String>,
    /// IMAP: what the provider of tokens knows us by
    #[arg(long, value_name = "ID", requires = "token_url")]
    client_id: Option<String>,
    /// IMAP: what tokens are asked for, such as <https://outlook.office365.com/.default>
    #[arg(long, value_name = "SCOPE", requires = "token_url")]
    scope: Option<String>,
}

impl OauthArgs {
    pub(crate) fn client(&self) -> Option<OauthClient> {
        let (token_url, client_id) = (self.token_url.clone()?, self.client_id.clone()?);
        Some(OauthClient { token_url, client_id, scope: self.scope.clone() })
    }
}

// To whom it goes.
#[derive(Args)]
pub(crate) struct RouteArgs {
    /// The folder that takes everything, in each mailbox; that of the kind unless said
    #[arg(long, value_name = "PATH")]
    pub(crate) folder: Option<String>,
    /// The mailbox that takes everything, whoever the participants are
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) mailbox: Option<String>,
    /// Create mailboxes that are not there: that of --mailbox, else one for each participant with an address
    #[arg(long)]
    pub(crate) create_mailboxes: bool,
    /// Mapping file read at each run, and asked before the archive's own mapping
    #[arg(long, value_name = "FILE")]
    pub(crate) mapping: Option<PathBuf>,
    /// Country of national phone numbers in the mapping file, such as GB
    #[arg(long, value_name = "COUNTRY")]
    pub(crate) region: Option<String>,
    /// Ask mappings only, and not the addresses and numbers of mailboxes
    #[arg(long)]
    pub(crate) no_auto_mapping: bool,
}

// When `--watch` runs it.
#[derive(Args)]
#[group(multiple = false)]
pub(crate) struct ScheduleArgs {
    /// With --watch, run so many hours after the last run; 24 unless said
    #[arg(long, value_name = "HOURS", value_parser = every)]
    every: Option<Schedule>,
    /// With --watch, run once a day at this time in the archive's time zone, such as 02:30
    #[arg(long, value_name = "HH:MM", value_parser = Schedule::daily)]
    at: Option<Schedule>,
}

impl ScheduleArgs {
    pub(crate) fn schedule(&self) -> Schedule {
        self.every.or(self.at).unwrap_or_default()
    }
}

fn every(text: &str) -> Result<Schedule, String> {
    Schedule::every(text.parse().map_err(|_| format!("`{text}` is no number of hours"))?)
}
