//! What can be typed after `import`.

use std::path::PathBuf;

use clap::Args;
use custodia::connector::As;
use custodia::model::{DateOrder, Trust};

#[derive(Args)]
pub(crate) struct ImportArgs {
    /// Files and folders
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// How to read them: auto, eml, mbox, maildir, messages, telemessage, whatsapp, whatsapp-cloud, whatsapp-backup,
    /// wecom, wechat, pst, msg or rsmf
    #[arg(long = "as", default_value = "auto", value_name = "FORMAT")]
    pub(crate) read_as: As,
    /// Time zone of local times in chat exports, such as Europe/Berlin; the archive's unless said
    #[arg(long, value_name = "ZONE")]
    pub(crate) timezone: Option<String>,
    /// Order of day, month and year in chat exports: dmy, mdy or ymd; found out from the file unless said
    #[arg(long, value_name = "ORDER")]
    pub(crate) date_order: Option<DateOrder>,
    /// The mailbox that takes everything, whoever the participants are
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) mailbox: Option<String>,
    /// The folder that takes everything, in each mailbox
    #[arg(long, value_name = "PATH")]
    pub(crate) folder: Option<String>,
    /// Mapping file that is asked before the archive's mapping, for this import only; see `custodia mapping --help`
    #[arg(long, value_name = "FILE", conflicts_with = "mailbox")]
    pub(crate) mapping: Option<PathBuf>,
    /// Where national numbers of the mapping file are read, such as GB or DE; international ones only unless said
    #[arg(long, value_name = "REGION", requires = "mapping")]
    pub(crate) region: Option<String>,
    /// Only mappings count: do not look for mailboxes by address and number
    #[arg(long, conflicts_with = "mailbox")]
    pub(crate) no_auto_mapping: bool,
    /// Create mailboxes that are not there: that of --mailbox, else those that the mapping names, and one for each
    /// other participant with an address
    #[arg(long)]
    pub(crate) create_mailboxes: bool,
    /// How far mails are believed that say they are more: `journal` believes journal reports and captured chats, `all`
    /// the fields of converted messages too, `none` takes each mail for a mail
    #[arg(long, default_value = "all", value_name = "TRUST")]
    pub(crate) trust: Trust,
    /// Header field of mails that names whose they are, such as X-Owner, besides X-User-Email and its like
    #[arg(long, value_name = "NAME", value_parser = header_name)]
    pub(crate) user_header: Option<String>,
    /// Say what would happen, and change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// The name of a header field (RFC 5322 2.2), without its colon.
pub(crate) fn header_name(text: &str) -> Result<String, String> {
    let name = text.strip_suffix(':').unwrap_or(text);
    if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_graphic() && byte != b':') {
        return Err(format!("`{text}` is no name of a header field; write one such as X-Owner"));
    }
    Ok(name.to_owned())
}
