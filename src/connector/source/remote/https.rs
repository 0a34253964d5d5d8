//! Directories of web servers.

use std::collections::{BTreeSet, VecDeque};
use std::fs::File;
use std::io::Write as _;
use std::path::PathBuf;

use futures::{StreamExt as _, TryStreamExt as _};
use reqwest::header::{CONTENT_LENGTH, CONTENT_TYPE, ETAG, HeaderMap, LAST_MODIFIED};
use reqwest::{Method, RequestBuilder, Response, StatusCode, Url};

use super::failure::{Failure, Outcome};
use super::index_page::links;
use super::patience::Patience;
use super::persistent::{Client, Persistent};
use super::trust;
use super::{Checkpoint, Listed, Remote};
use crate::Result;
use crate::connector::source::credentials::Secret;

/// Who asks.
#[derive(Debug, Clone)]
pub(super) enum Identity {
    /// Anybody.
    Nobody,
    /// An account and its password.
    Basic {
        /// The account.
        user: String,
        /// Its password.
        password: Secret,
    },
    /// Whoever has this token.
    Bearer(Secret),
}

/// A directory of a web server.
#[derive(Debug, Clone)]
pub(super) struct HttpsPlace {
    /// Its address, with `/` at its end.
    pub(super) url: String,
    /// Who asks.
    pub(super) identity: Identity,
    /// The certificates to trust instead of the system's.
    pub(super) ca_file: Option<PathBuf>,
}

/// Deliveries from a directory of a web server and those below it.
///
/// # Errors
/// No thread can be started.
pub(super) fn https(place: HttpsPlace, patience: Patience) -> Result<Box<dyn Remote>> {
    Ok(Box::new(Persistent::<Web>::new(place, patience)?))
}

/// Files of which a source may consist.
const MOST_FILES: usize = 100_000;

/// Directories that may lie within each other.
const DEEPEST: usize = 16;

/// Bytes of the longest index.
const LONGEST_INDEX: usize = 64 << 20;

/// Files that are asked about at a time.
const AT_A_TIME: usize = 8;

/// A client; each request has a connection of its own or an old one.
struct Web {
    client: reqwest::Client,
    base: Url,
    identity: Identity,
}

impl Client for Web {
    type Place = HttpsPlace;

    fn name(place: &HttpsPlace) -> String {
        place.url.clone()
    }

    async fn connect(place: &HttpsPlace, patience: &Patience) -> Outcome<Self> {
        let base = Url::parse(&place.url).map_err(|error| Failure::lasting(format!("it is no address: {error}")))?;
        Ok(Self { client: trust::http(place.ca_file.as_deref(), patience)?, base, identity: place.identity.clone() })
    }

    async fn list(&mut self, patience: &Patience, after: &str) -> Outcome<(Vec<Listed>, Checkpoint)> {
        let files = self.walk(patience).await?;
        let web = &*self;
        let mut listed: Vec<Listed> =
            futures::stream::iter(files).map(|url| web.about(patience, url)).buffered(AT_A_TIME).try_collect().await?;
        listed.sort_by(|a, b| a.id.cmp(&b.id));
        Ok((listed, after.to_owned()))
    }

    async fn fetch(&mut self, patience: &Patience, listed: &Listed, to: &mut File) -> Outcome<()> {
        let url = self.base.join(&listed.id).map_err(|error| Failure::lasting(error.to_string()))?;
        if url.origin() != self.base.origin() {
            return Err(Failure::lasting("it is on another server"));
        }
        let mut response = self.ask(patience, Method::GET, &url).await?;
        if !listed.version.is_empty() && version(response.headers()) != listed.version {
            return Err(Failure::lasting("it was changed since it was listed; it is fetched at the next run"));
        }
        let expected = length(response.headers());
        let mut bytes = 0;
        while let Some(chunk) = patience.to_answer(async { Ok(response.chunk().await?) }).await? {
            to.write_all(&chunk).map_err(|error| Failure::local(&error))?;
            bytes += chunk.len() as u64;
        }
        match expected {
            Some(expected) if expected != bytes => {
                Err(Failure::transient(format!("{bytes} bytes came where {expected} were announced")))
            }
            _ => Ok(()),
        }
    }
}

impl Web {
    /// Sends a request; an answer that is no success is a failure.
    async fn ask(&self, patience: &Patience, method: Method, url: &Url) -> Outcome<Response> {
        let request: RequestBuilder = self.client.request(method, url.clone());
        let request = match &self.identity {
            Identity::Nobody => request,
            Identity::Basic { user, password } => request.basic_auth(user, Some(password.expose())),
            Identity::Bearer(token) => request.bearer_auth(token.expose()),
        };
        let response = patience.to_answer(async { Ok(request.send().await?) }).await?;
        let status = response.status();
        if status.is_success() {
            return Ok(response);
        }
        let at = url.path();
        Err(match status {
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Failure::lasting(format!(
                "the server does not let us read `{at}` ({status}); check the account and the secret, and that it lists \
                 the directory"
            )),
            StatusCode::NOT_FOUND | StatusCode::GONE => Failure::lasting(format!("there is no `{at}` on the server")),
            StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS => {
                Failure::transient(format!("the server is busy ({status})"))
            }
            // What a server fails at for ever may be this file.
            StatusCode::INTERNAL_SERVER_ERROR | StatusCode::NOT_IMPLEMENTED => {
                Failure::transient(format!("the server failed ({status})")).concerning(false)
            }
            _ if status.is_server_error() => Failure::transient(format!("the server failed ({status})")),
            _ => Failure::lasting(format!("the server refuses `{at}` ({status})")),
        })
    }

    /// The addresses of all files.
    async fn walk(&self, patience: &Patience) -> Outcome<BTreeSet<Url>> {
        let mut files = BTreeSet::new();
        let mut directories = VecDeque::from([(self.base.clone(), 0)]);
        let mut known = BTreeSet::from([self.base.clone()]);
        while let Some((directory, depth)) = directories.pop_front() {
            if depth > DEEPEST {
                return Err(Failure::lasting(format!("`{directory}` lies more than {DEEPEST} directories deep")));
            }
            for url in self.index(patience, &directory).await? {
                if !url.path().ends_with('/') {
                    files.insert(url);
                } else if known.insert(url.clone()) {
                    directories.push_back((url, depth + 1));
                }
                if files.len() + known.len() > MOST_FILES {
                    return Err(Failure::lasting(format!("there are more than {MOST_FILES} files; name one below")));
                }
            }
        }
        Ok(files)
    }

    async fn index(&self, patience: &Patience, directory: &Url) -> Outcome<BTreeSet<Url>> {
        let mut response = self.ask(patience, Method::GET, directory).await?;
        let media_type = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let media_type = media_type.unwrap_or("text/html").to_ascii_lowercase();
        let mut page = Vec::new();
        while let Some(chunk) = patience.to_answer(async { Ok(response.chunk().await?) }).await? {
            page.extend_from_slice(&chunk);
            if page.len() > LONGEST_INDEX {
                return Err(Failure::lasting(format!("the index of `{directory}` is too long to be one")));
            }
        }
        Ok(links(directory, &media_type, &String::from_utf8_lossy(&page)))
    }

    /// What the server says of a file without sending it; nothing but its name if it refuses to.
    async fn about(&self, patience: &Patience, url: Url) -> Outcome<Listed> {
        let headers = match self.ask(patience, Method::HEAD, &url).await {
            Ok(response) => response.headers().clone(),
            Err(failure) if failure.of_all => return Err(failure),
            Err(failure) => {
                tracing::debug!("`{url}` is listed without size and version: {}", failure.reason);
                HeaderMap::new()
            }
        };
        let name = url.path_segments().and_then(|mut segments| segments.next_back()).unwrap_or_default();
        Ok(Listed {
            id: url.path().to_owned(),
            name: decoded(name),
            bytes: length(&headers),
            version: version(&headers),
        })
    }
}

/// Read from the field: without a body, the client knows of no length.
fn length(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.trim().parse().ok()
}

/// The entity tag; else the time and the size, of which either may be missing; empty if both are.
fn version(headers: &HeaderMap) -> String {
    let text = |name| headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
    let (modified, size) = (text(LAST_MODIFIED), length(headers).map(|bytes| bytes.to_string()));
    text(ETAG).unwrap_or_else(|| match (&modified, &size) {
        (None, None) => String::new(),
        _ => format!("{}-{}", modified.unwrap_or_default(), size.unwrap_or_default()),
    })
}

/// A name without the codes that addresses need.
fn decoded(name: &str) -> String {
    let mut bytes = Vec::with_capacity(name.len());
    let mut rest = name.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let code = after.get(..2).filter(|_| byte == b'%').and_then(|code| std::str::from_utf8(code).ok());
        let code = code.and_then(|code| u8::from_str_radix(code, 16).ok());
        bytes.push(code.unwrap_or(byte));
        rest = if code.is_some() { after.get(2..).unwrap_or_default() } else { after };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

impl From<reqwest::Error> for Failure {
    fn from(error: reqwest::Error) -> Self {
        let mut reason = error.to_string();
        let mut cause = std::error::Error::source(&error);
        while let Some(inner) = cause {
            reason = inner.to_string();
            cause = inner.source();
        }
        if error.is_redirect() {
            return Self::lasting(format!("the server sends us elsewhere: {reason}"));
        }
        if reason.contains("certificate") {
            return Self::lasting(format!(
                "the connection cannot be trusted: {reason}; name the certificates that vouch for the server by --ca-file"
            ));
        }
        Self::transient(format!("the connection failed: {reason}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_made_of_what_the_server_tells() {
        let tag = (ETAG, "\"t\"");
        let time = (LAST_MODIFIED, "Mon");
        let size = (CONTENT_LENGTH, "12");
        let of = |told: &[(reqwest::header::HeaderName, &'static str)]| {
            let headers = told.iter().map(|(name, value)| (name.clone(), (*value).parse().unwrap()));
            version(&headers.collect())
        };
        assert_eq!(of(&[tag, time.clone(), size.clone()]), "\"t\"");
        assert_eq!(of(&[time.clone(), size.clone()]), "Mon-12");
        assert_eq!((of(&[time]), of(&[size]), of(&[])), ("Mon-".to_owned(), "-12".to_owned(), String::new()));
    }
}
