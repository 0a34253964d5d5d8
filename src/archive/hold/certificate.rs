//! The certificate of a hold: what it covers at an instant, and the proof that the audit log says so.

use std::io::Read;

use serde::{Deserialize, Serialize};

use super::details::held_items;
use super::{HoldState, find};
use crate::archive::Archive;
use crate::archive::audit_proof::AuditProof;
use crate::model::{Digest, Hold, UtcTime};
use crate::store::{Tables, cases, mailboxes};
use crate::{Error, Result};

/// What is certified of a hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertifiedHold {
    /// Id of the archive.
    pub archive: String,
    /// Id of the hold.
    pub hold: String,
    /// Its name.
    pub name: String,
    /// The name of its case.
    pub case: Option<String>,
    /// Where it stands.
    pub state: String,
    /// Addresses of its mailboxes; `None` for all.
    pub mailboxes: Option<Vec<String>>,
    /// Paths of its folders; empty for all.
    pub folders: Vec<String>,
    /// The query that narrows it.
    pub query: Option<String>,
    /// The first instant of the range of dates that narrows it.
    pub from: Option<UtcTime>,
    /// The first instant after that range.
    pub before: Option<UtcTime>,
    /// For how long it holds each item.
    pub duration: Option<String>,
    /// Since when it holds.
    pub on_since: Option<UtcTime>,
    /// When it was released.
    pub released_at: Option<UtcTime>,
    /// The instant that this is said of.
    pub as_of: UtcTime,
    /// Items that it keeps then.
    pub items: u64,
    /// Their messages.
    pub messages: u64,
    /// Items that it keeps only because not all of them can be searched.
    pub partially_indexed: u64,
    /// Items that it keeps only because its query cannot be read, so that nobody knows whether they match; left out if
    /// there are none.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub unevaluated: u64,
    /// Raw bytes of the messages.
    pub bytes: u64,
    /// Digest of the list of items, sorted by number.
    pub items_digest: Digest,
}

/// The certificate, as a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HoldCertificate {
    /// `hold_certificate`.
    #[serde(rename = "type")]
    document: String,
    schema_version: u32,
    /// What is certified.
    pub certified: CertifiedHold,
    /// Digest of that, which the audit entry names.
    pub digest: Digest,
    /// The audit entry, and the proof that it is in the log.
    pub audit: AuditProof,
}

const DOCUMENT: &str = "hold_certificate";
const ACTION: &str = "hold.certificate";

impl Archive {
    /// Certifies what a hold covers now.
    ///
    /// # Errors
    /// There is no such hold, or the store or the index failed.
    pub fn certify_hold(&mut self, name: &str) -> Result<HoldCertificate> {
        self.settle()?;
        let snapshot = self.store.snapshot()?;
        let hold = find(&snapshot, name)?;
        let certified = self.certified(&snapshot, &hold)?;
        let digest = digest(&certified)?;
        let seq = self.record_alone(ACTION, &certified.hold, &outcome(&certified, digest))?;
        let audit = AuditProof::of(&self.store.snapshot()?, seq)?;
        Ok(HoldCertificate { document: DOCUMENT.to_owned(), schema_version: 1, certified, digest, audit })
    }

    fn certified(&self, tables: &impl Tables, hold: &Hold) -> Result<CertifiedHold> {
        let as_of = self.act_time(tables)?;
        let held = held_items(tables, std::slice::from_ref(hold), as_of)?.pop().unwrap_or_default();
        let all = mailboxes(tables)?;
        let addresses = |listed: &Vec<_>| {
            all.iter().filter(|mailbox| listed.contains(&mailbox.no)).map(|mailbox| mailbox.address.clone()).collect()
        };
        let case = cases(tables)?.into_iter().find(|case| hold.case == Some(case.id));
        Ok(CertifiedHold {
            archive: self.info.id.clone(),
            hold: hold.id.to_string(),
            name: hold.name.clone(),
            case: case.map(|case| case.name),
            state: HoldState::of(hold, as_of).to_string(),
            mailboxes: hold.scope.mailboxes.as_ref().map(addresses),
            folders: hold.scope.folders.clone(),
            query: hold.scope.query.clone(),
            from: hold.scope.from,
            before: hold.scope.before,
            duration: hold.duration.map(|duration| duration.to_string()),
            on_since: hold.on_since,
            released_at: hold.released.as_ref().map(|release| release.at),
            as_of,
            items: held.items.len(),
            messages: held.messages.len(),
            partially_indexed: held.partially_indexed,
            unevaluated: held.unevaluated,
            bytes: held.bytes,
            items_digest: held.digest(tables)?,
        })
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn is_zero(count: &u64) -> bool {
    *count == 0
}

/// Checks a certificate without the archive.
///
/// # Errors
/// It is no certificate, or something of it does not agree.
pub fn verify_hold_certificate(source: impl Read) -> Result<HoldCertificate> {
    let read = serde_json::from_reader(std::io::BufReader::new(source));
    let certificate: HoldCertificate =
        read.map_err(|error| Error::InvalidInput(format!("this is not a certificate of a hold: {error}")))?;
    if certificate.document != DOCUMENT || certificate.schema_version != 1 {
        return Err(Error::InvalidInput("this is not a certificate of a hold of version 1".to_owned()));
    }
    let bad = |why: &str| Error::Untrusted(format!("the certificate does not hold: {why}"));
    if digest(&certificate.certified)? != certificate.digest {
        return Err(bad("it was changed"));
    }
    let entry = certificate.audit.verify()?;
    let same = entry.action == ACTION
        && entry.object == certificate.certified.hold
        && entry.outcome == outcome(&certificate.certified, certificate.digest);
    if same { Ok(certificate) } else { Err(bad("the audit entry says something else")) }
}

fn outcome(certified: &CertifiedHold, digest: Digest) -> String {
    format!("{} items of {} messages; certificate {digest}", certified.items, certified.messages)
}

/// The digest of the JSON form without spaces, the fields in their order.
fn digest(certified: &CertifiedHold) -> Result<Digest> {
    let text = serde_json::to_vec(certified);
    let text = text.map_err(|e| Error::Store { action: "write a certificate", source: e.into() })?;
    let mut hasher = blake3::Hasher::new_derive_key("custodia hold certificate 1");
    Ok(Digest(*hasher.update(&text).finalize().as_bytes()))
}
