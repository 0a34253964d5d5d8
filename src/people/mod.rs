//! Who is meant by an address, a number or another id. Pure.

mod address;
mod attribute_query;
mod clean;
mod directory;
mod identity;
mod mapping;
mod phone;
mod resolver;

pub use address::{header_form, normalize_address, other_writing};
pub use attribute_query::AttributeQuery;
pub use directory::Directory;
pub use identity::People;
pub use mapping::{
    Mapping, MappingFile, MappingIssue, MappingRow, Severity, Target, address_of_key, id_key, id_keys, number_key,
    number_of_key, read_mapping,
};
pub use phone::{E164, NoPhone, Region, equivalence_class, normalize_phone, parse_phone};
pub use resolver::{FoundBy, Resolution, Resolver};
