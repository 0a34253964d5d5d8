//! Disposition: planned, then executed, and certified. The one gate to destruction.

mod certificate;
mod execute;
mod field_hasher;
mod plan;
mod review;

pub use certificate::{CertifiedItem, DispositionCertificate, verify_disposition_certificate};
pub use execute::Execution;
pub use plan::{PlanFile, PlanSummary, PlannedItem};
pub(super) use review::{Notes, waiting};
pub use review::{ReviewChoice, ReviewSelection, ReviewedItem, WaitingItem, WantedReviews};
