//! By what a person is known.

/// An id of a person on a platform, or a number.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PersonId {
    /// The form in which ids are compared, as [`super::MappedId::key`].
    pub key: String,
    /// As people write it.
    pub id: String,
}

/// The names of one or several people.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PersonNames {
    /// Addresses, numbers with plus and display names, each found wherever it names somebody.
    pub names: Vec<String>,
    /// What only those are found by who have exactly this id.
    pub ids: Vec<PersonId>,
}
