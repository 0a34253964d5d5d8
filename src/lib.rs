//! Custodia is a self-contained archive for business messages.
//!
//! Messages go append-only into one store, each content once, and are indexed for content search.
//! Holds, retention and disposition decide over the items; every act leaves an audit entry.
//!
//! Modules depend only downwards:
//! `archive` uses `store`, `index`, `connector` and `exporter`, which never name each other; these use the pure
//! modules `message`, `extract`, `people`, `retention`, `query` and `evidence`; these may use `text`; all use `error` and
//! `model`.

pub mod archive;
pub mod connector;
pub mod error;
pub mod evidence;
pub mod exporter;
pub mod extract;
pub mod index;
pub mod message;
pub mod model;
pub mod people;
pub mod query;
pub mod retention;
pub mod store;
pub mod text;

pub use error::{Error, Result};
