//! Which certificates of servers are trusted, and how TLS and HTTP are spoken.

use std::path::Path;
use std::sync::Arc;

use reqwest::redirect::Policy;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::aws_lc_rs::default_provider;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use super::failure::{Failure, Outcome};
use super::patience::Patience;

/// The certificates in a PEM file.
fn certificates(path: &Path) -> Outcome<Vec<CertificateDer<'static>>> {
    let unusable = |why: &dyn std::fmt::Display| {
        Failure::lasting(format!("the certificates in `{}` cannot be used: {why}", path.display()))
    };
    let pem = std::fs::read(path).map_err(|error| unusable(&error))?;
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&pem).collect();
    let found = found.map_err(|error| unusable(&error))?;
    if found.is_empty() { Err(unusable(&"there are none; it has to be a PEM file")) } else { Ok(found) }
}

/// TLS to servers that the system trusts, or only those that the certificates in `ca_file` vouch for.
pub(super) fn connector(ca_file: Option<&Path>) -> Outcome<TlsConnector> {
    let trusted = match ca_file {
        Some(path) => certificates(path)?,
        None => rustls_native_certs::load_native_certs().certs,
    };
    let mut roots = RootCertStore::empty();
    // Systems have certificates in their stores that nothing can be made of.
    let (usable, _) = roots.add_parsable_certificates(trusted);
    if usable == 0 {
        return Err(Failure::lasting("no certificate is trusted here: name a file of them by --ca-file"));
    }
    let config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| Failure::lasting(error.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}

/// HTTP over such connections, never led to another server.
pub(super) fn http(ca_file: Option<&Path>, patience: &Patience) -> Outcome<reqwest::Client> {
    let unusable = |error: reqwest::Error| Failure::lasting(format!("no HTTP client can be made: {error}"));
    let same_server = Policy::custom(|attempt| match attempt.previous().first() {
        Some(first) if first.origin() == attempt.url().origin() && attempt.previous().len() < 5 => attempt.follow(),
        _ => attempt.error("it leads to another server, or in a circle"),
    });
    let mut client = reqwest::Client::builder()
        .user_agent("custodia")
        .connect_timeout(patience.connect)
        .read_timeout(patience.answer)
        .redirect(same_server)
        .referer(false);
    if let Some(path) = ca_file {
        let trusted = certificates(path)?.into_iter().map(|der| reqwest::Certificate::from_der(&der));
        let trusted: Result<Vec<_>, _> = trusted.collect();
        client = client.tls_certs_only(trusted.map_err(unusable)?);
    }
    client.build().map_err(unusable)
}
