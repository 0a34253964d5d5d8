//! Mailboxes: added, changed, listed.

use std::collections::BTreeMap;

use super::Archive;
use super::known_names::ChangedRules;
use crate::model::{Folder, Mailbox, MailboxNo};
use crate::people::{Directory, People, normalize_address, normalize_phone};
use crate::store::{Snapshot, folders_of, insert_mailbox, mailbox, mailboxes, mapped_ids, update_mailbox};
use crate::{Error, Result};

/// A mailbox to be added.
#[derive(Debug, Clone, Default)]
pub struct NewMailbox {
    /// Primary address.
    pub address: String,
    /// Display name; may be empty.
    pub display_name: String,
    /// Other addresses.
    pub aliases: Vec<String>,
    /// International phone numbers in any writing.
    pub phones: Vec<String>,
    /// Free attributes.
    pub attributes: BTreeMap<String, String>,
}

/// What changes of a mailbox; `None` and empty leave it as it is.
#[derive(Debug, Clone, Default)]
pub struct MailboxChange {
    /// New display name.
    pub display_name: Option<String>,
    /// Aliases added.
    pub add_aliases: Vec<String>,
    /// Aliases taken away.
    pub remove_aliases: Vec<String>,
    /// Phone numbers added.
    pub add_phones: Vec<String>,
    /// Phone numbers taken away.
    pub remove_phones: Vec<String>,
    /// Attributes set; an empty value takes one away.
    pub attributes: BTreeMap<String, String>,
    /// Whether the person is still there.
    pub active: Option<bool>,
}

impl Archive {
    /// Adds a mailbox; says which rules mean other people by it.
    ///
    /// # Errors
    /// An address or number is malformed, or belongs to another mailbox.
    pub fn add_mailbox(&mut self, new: &NewMailbox) -> Result<(Mailbox, ChangedRules)> {
        let mut mailbox = Mailbox {
            no: MailboxNo(0),
            address: normalize_address(&new.address).map_err(Error::InvalidInput)?,
            display_name: new.display_name.clone(),
            aliases: Vec::new(),
            phones: Vec::new(),
            attributes: new.attributes.clone(),
            active: true,
            created_at: self.now(),
        };
        add_new(&mut mailbox.aliases, normalized(&new.aliases, normalize_address)?);
        mailbox.aliases.retain(|alias| *alias != mailbox.address);
        add_new(&mut mailbox.phones, normalized(&new.phones, normalize_phone)?);
        let snapshot = self.store.snapshot()?;
        let all = mailboxes(&snapshot)?;
        refuse_conflict(&all, &mailbox)?;
        let after = || Ok(People::new(all.iter().chain([&mailbox]), mapped_ids(&snapshot)?));
        self.with_other_people(after, |archive| {
            let transaction = archive.store.begin()?;
            let mailbox = insert_mailbox(&transaction, mailbox.clone())?;
            archive.record(&transaction, "mailbox.add", &mailbox.address, &describe(&mailbox))?;
            transaction.commit()?;
            Ok(mailbox)
        })
    }

    /// Changes a mailbox; says which rules mean other people by it.
    ///
    /// # Errors
    /// There is none, an address or number is malformed, or belongs to another mailbox.
    pub fn change_mailbox(&mut self, address: &str, change: &MailboxChange) -> Result<(Mailbox, ChangedRules)> {
        let snapshot = self.store.snapshot()?;
        let all = mailboxes(&snapshot)?;
        let mailbox = changed(&all, find(&all, address)?, change)?;
        let after = || {
            let after = all.iter().map(|other| if other.no == mailbox.no { &mailbox } else { other });
            Ok(People::new(after, mapped_ids(&snapshot)?))
        };
        self.with_other_people(after, |archive| {
            let transaction = archive.store.begin()?;
            update_mailbox(&transaction, &mailbox)?;
            archive.record(&transaction, "mailbox.set", &mailbox.address, &describe(&mailbox))?;
            transaction.commit()?;
            Ok(mailbox.clone())
        })
    }

    /// All mailboxes in the order of adding.
    ///
    /// # Errors
    /// The store failed.
    pub fn list_mailboxes(&self) -> Result<Vec<Mailbox>> {
        mailboxes(&self.store.snapshot()?)
    }

    /// One mailbox by address, alias or phone number, with its folders and the number of items in each.
    ///
    /// # Errors
    /// There is none, or the store failed.
    pub fn show_mailbox(&self, address: &str) -> Result<(Mailbox, Vec<(Folder, u64)>)> {
        let snapshot = self.store.snapshot()?;
        let mailbox = mailbox(&snapshot, find_mailbox(&snapshot, address)?)?;
        let mut counted = Vec::new();
        for folder in folders_of(&snapshot, mailbox.no)? {
            let set = crate::store::load_set(&snapshot, crate::store::MessageSet::Folder(folder.no))?;
            counted.push((folder, set.len()));
        }
        Ok((mailbox, counted))
    }
}

/// The mailbox that an address, alias or phone number stands for.
pub(super) fn find_mailbox(snapshot: &Snapshot, address: &str) -> Result<MailboxNo> {
    find(&mailboxes(snapshot)?, address)
}

fn find(all: &[Mailbox], address: &str) -> Result<MailboxNo> {
    let directory = Directory::new(all);
    // The address of an inactive mailbox may be written with a leading dot.
    let inactive = |no: &MailboxNo| all.iter().any(|mailbox| mailbox.no == *no && !mailbox.active);
    let dotted = || directory.find(address.strip_prefix('.')?).filter(inactive);
    let found = directory.find(address).or_else(dotted);
    found.ok_or_else(|| Error::NotFound { what: "mailbox", id: address.to_owned() })
}

/// A mailbox with what changes of it.
fn changed(all: &[Mailbox], no: MailboxNo, change: &MailboxChange) -> Result<Mailbox> {
    let known = all.iter().find(|mailbox| mailbox.no == no).cloned();
    let mut mailbox = known.ok_or_else(|| Error::NotFound { what: "mailbox", id: no.to_string() })?;
    if let Some(name) = &change.display_name {
        mailbox.display_name.clone_from(name);
    }
    let removed = normalized(&change.remove_aliases, normalize_address)?;
    mailbox.aliases.retain(|alias| !removed.contains(alias));
    add_new(&mut mailbox.aliases, normalized(&change.add_aliases, normalize_address)?);
    mailbox.aliases.retain(|alias| *alias != mailbox.address);
    let removed = normalized(&change.remove_phones, normalize_phone)?;
    mailbox.phones.retain(|phone| !removed.contains(phone));
    add_new(&mut mailbox.phones, normalized(&change.add_phones, normalize_phone)?);
    for (name, value) in &change.attributes {
        if value.is_empty() {
            mailbox.attributes.remove(name);
        } else {
            mailbox.attributes.insert(name.clone(), value.clone());
        }
    }
    mailbox.active = change.active.unwrap_or(mailbox.active);
    refuse_conflict(all, &mailbox)?;
    Ok(mailbox)
}

fn normalized(texts: &[String], normalize: fn(&str) -> Result<String, String>) -> Result<Vec<String>> {
    texts.iter().map(|text| normalize(text).map_err(Error::InvalidInput)).collect()
}

/// Adds what is not there yet.
fn add_new(known: &mut Vec<String>, added: Vec<String>) {
    for text in added {
        if !known.contains(&text) {
            known.push(text);
        }
    }
}

fn refuse_conflict(all: &[Mailbox], mailbox: &Mailbox) -> Result<()> {
    match Directory::new(all.iter().filter(|other| other.no != mailbox.no)).conflict(mailbox) {
        None => Ok(()),
        Some((key, _)) => Err(Error::AlreadyExists { what: "mailbox with", id: key.to_owned() }),
    }
}

fn describe(mailbox: &Mailbox) -> String {
    let attributes: Vec<_> = mailbox.attributes.iter().map(|(name, value)| format!("{name}={value}")).collect();
    format!(
        "name `{}`, aliases [{}], phones [{}], attributes [{}], {}",
        mailbox.display_name,
        mailbox.aliases.join(", "),
        mailbox.phones.join(", "),
        attributes.join(", "),
        if mailbox.active { "active" } else { "inactive" }
    )
}
