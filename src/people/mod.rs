//! Who is meant by an address or a number. Pure.

mod address;
mod directory;
mod phone;

pub use address::normalize_address;
pub use directory::Directory;
pub use phone::normalize_phone;
