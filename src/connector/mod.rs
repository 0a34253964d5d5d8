//! Sources: what files hold, turned into raw messages. Never touches the store.

mod record;

pub use record::{Format, Raw, Rejection, SourceEvent, SourceRecord};
