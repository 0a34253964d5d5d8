//! S3-compatible storage: the objects of a bucket whose keys begin with a prefix.

use std::fs::File;
use std::io::Write as _;
use std::path::PathBuf;

use futures::{StreamExt as _, TryStreamExt as _};
use opendal::services::S3;
use opendal::{Entry, ErrorKind, HttpTransporter, Operator};
use opendal_http_transport_reqwest::ReqwestTransport;

use super::failure::{Failure, Outcome};
use super::patience::Patience;
use super::persistent::{Client, Persistent};
use super::trust;
use super::{Checkpoint, Listed, Remote};
use crate::Result;
use crate::connector::source::credentials::Secret;

/// The key id and the key, with a colon between them.
#[derive(Debug, Clone)]
pub(super) struct Keys(pub(super) Secret);

/// A part of a bucket, and how to get in.
#[derive(Debug, Clone)]
pub(super) struct S3Place {
    /// The bucket's name.
    pub(super) bucket: String,
    /// What the keys begin with; may be empty.
    pub(super) prefix: String,
    /// Address of the service; `None` means Amazon's.
    pub(super) endpoint: Option<String>,
    /// Its region.
    pub(super) region: Option<String>,
    /// The access key; `None` for a bucket that everybody may read.
    pub(super) keys: Option<Keys>,
    /// The certificates to trust instead of the system's.
    pub(super) ca_file: Option<PathBuf>,
}

/// Deliveries from S3-compatible storage.
///
/// # Errors
/// No thread can be started.
pub(super) fn s3(place: S3Place, patience: Patience) -> Result<Box<dyn Remote>> {
    Ok(Box::new(Persistent::<Bucket>::new(place, patience)?))
}

/// Objects of which a source may consist.
const MOST_OBJECTS: usize = 1_000_000;

/// A client; each request has a connection of its own or an old one.
struct Bucket {
    operator: Operator,
    prefix: String,
}

impl Client for Bucket {
    type Place = S3Place;

    fn name(place: &S3Place) -> String {
        format!("s3://{}/{}", place.bucket, place.prefix)
    }

    async fn connect(place: &S3Place, patience: &Patience) -> Outcome<Self> {
        // Only what the connector says counts, not what lies around in the environment.
        let mut service = S3::default()
            .bucket(&place.bucket)
            .region(place.region.as_deref().unwrap_or("us-east-1"))
            .disable_config_load()
            .disable_ec2_metadata();
        if let Some(endpoint) = &place.endpoint {
            service = service.endpoint(endpoint);
        }
        service = match place.keys.as_ref().and_then(|Keys(secret)| secret.expose().split_once(':')) {
            Some((id, key)) => service.access_key_id(id.trim()).secret_access_key(key.trim()),
            None => service.skip_signature(),
        };
        let operator = Operator::new(service)?;
        let transport = HttpTransporter::new(ReqwestTransport::new(trust::http(place.ca_file.as_deref(), patience)?));
        let context = operator.context().with_http_transport(transport);
        Ok(Self { operator: operator.with_context(context), prefix: place.prefix.trim_start_matches('/').to_owned() })
    }

    async fn list(&mut self, patience: &Patience, after: &str) -> Outcome<(Vec<Listed>, Checkpoint)> {
        let mut listed = Vec::new();
        let mut entries = self.operator.lister_with(&self.prefix).recursive(true).await?;
        while let Some(entry) = patience.to_answer(async { Ok(entries.try_next().await?) }).await? {
            if entry.metadata().is_file() {
                listed.push(object(&entry));
            }
            if listed.len() > MOST_OBJECTS {
                return Err(Failure::lasting(format!("there are more than {MOST_OBJECTS} objects; name a prefix")));
            }
        }
        listed.sort_by(|a, b| a.id.cmp(&b.id));
        Ok((listed, after.to_owned()))
    }

    async fn fetch(&mut self, patience: &Patience, listed: &Listed, to: &mut File) -> Outcome<()> {
        let reader = self.operator.reader(&listed.id).await?;
        let mut stream = patience.to_answer(async { Ok(reader.into_bytes_stream(..).await?) }).await?;
        let mut bytes = 0;
        while let Some(chunk) = patience.to_answer(async { Ok(stream.next().await.transpose()?) }).await? {
            to.write_all(&chunk).map_err(|error| Failure::local(&error))?;
            bytes += chunk.len() as u64;
        }
        if listed.bytes.is_some_and(|expected| expected != bytes) {
            return Err(Failure::lasting(format!(
                "{bytes} bytes came where {} were listed; it is fetched again at the next run",
                listed.bytes.unwrap_or_default()
            )));
        }
        Ok(())
    }
}

fn object(entry: &Entry) -> Listed {
    let metadata = entry.metadata();
    let version = match (metadata.etag(), metadata.last_modified()) {
        (Some(etag), _) => format!("{}-{}", etag.trim_matches('"'), metadata.content_length()),
        (None, Some(modified)) => format!("{modified}-{}", metadata.content_length()),
        (None, None) => String::new(),
    };
    Listed {
        id: entry.path().to_owned(),
        name: entry.name().to_owned(),
        bytes: Some(metadata.content_length()),
        version,
    }
}

impl From<opendal::Error> for Failure {
    fn from(error: opendal::Error) -> Self {
        match error.kind() {
            ErrorKind::NotFound => Self::lasting("there is no such bucket or object"),
            ErrorKind::ConfigInvalid if error.message().contains("NoSuchBucket") => {
                Self::lasting("there is no such bucket")
            }
            ErrorKind::PermissionDenied => {
                Self::lasting("the service does not let this key read it; check the key, its rights and the region")
            }
            ErrorKind::ConfigInvalid => Self::lasting(format!("the address cannot be used: {}", error.message())),
            ErrorKind::RateLimited => Self::transient("the service asks to slow down"),
            _ if error.is_temporary() => Self::transient(format!("the service failed: {}", error.message())),
            _ => Self::lasting(format!("the service refuses: {}", error.message())),
        }
    }
}
