//! Encryption of connections that come in.

use std::path::PathBuf;
use std::sync::Arc;

use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs::default_provider;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::{Error, Result};

/// Who the server is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// PEM file with its certificate and those that vouch for it.
    pub chain: PathBuf,
    /// PEM file with its private key.
    pub key: PathBuf,
}

/// Reads the files.
pub(super) fn acceptor(certificate: &Certificate) -> Result<TlsAcceptor> {
    let Certificate { chain, key } = certificate;
    let unusable = |path: &PathBuf, error: &dyn std::fmt::Display| {
        Error::InvalidInput(format!("`{}` cannot be used for encryption: {error}", path.display()))
    };
    let read = |path: &PathBuf| std::fs::read(path).map_err(Error::io("read", path));
    let certificates: std::result::Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&read(chain)?).collect();
    let certificates = certificates.map_err(|error| unusable(chain, &error))?;
    if certificates.is_empty() {
        return Err(unusable(chain, &"there is no certificate in it; it has to be a PEM file"));
    }
    let private = PrivateKeyDer::from_pem_slice(&read(key)?).map_err(|error| unusable(key, &error))?;
    let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| unusable(chain, &error))?
        .with_no_client_auth()
        .with_single_cert(certificates, private)
        .map_err(|error| unusable(key, &error))?;
    Ok(TlsAcceptor::from(Arc::new(config)))
}
