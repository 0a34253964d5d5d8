//! Supervision: policies that look through the communication of people, and the review of what they find.

mod change;
mod direction;
mod exclusion;
mod investigation;
mod policy;
mod queue;
mod report;
mod review;
mod run;
mod samples;

pub use change::SupervisionChange;
pub use policy::NewSupervisionPolicy;
pub use queue::{QueuedMatch, SupervisionFilter};
pub use report::{SupervisionCounts, SupervisionReport};
pub use review::{Excerpt, OpenedMatch, ReviewedMatches, SupervisionAct};
pub use run::SupervisionRun;
pub use samples::TriedText;
