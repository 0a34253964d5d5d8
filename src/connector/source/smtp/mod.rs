//! Mail received by SMTP: journaled mail, or blind copies of it.
//!
//! The server hands each mail over and says 250 only when it is told that the mail is on disk. A mail is what came
//! between `DATA` and the dot, with nothing put before it: no `Received` field is added, for the bytes are the record.

mod access;
mod arrival;
mod conversation;
mod decode;
mod reply;
mod server;
mod session;
mod spool;
#[cfg(test)]
mod tests;
mod tls;
mod users;
mod wire;

pub use access::Network;
pub use arrival::{Answer, Arrival, Verdict};
pub use server::{Server, ServerOptions};
pub use tls::Certificate;
pub use users::Users;
