//! Who writes to whom.

use super::random::Random;

/// People of the firm and outside of it.
pub(crate) const PEOPLE: usize = 60;

/// One of them.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Person(usize);

impl Person {
    /// Those who have a mailbox.
    pub(crate) fn staff() -> impl Iterator<Item = Self> {
        (0..PEOPLE / 2).map(Self)
    }

    /// The first few write the most.
    pub(crate) fn any(random: &mut Random) -> Self {
        Self(random.rank(PEOPLE))
    }

    pub(crate) fn name(self) -> String {
        const FIRST: [&str; 10] = ["Ada", "Bruno", "Celia", "Dmitri", "Edda", "Farid", "Greta", "Hugo", "Ines", "Jo"];
        const LAST: [&str; 6] = ["Marlow", "Okoro", "Petrov", "Quist", "Rossi", "Sandoval"];
        let first = FIRST.get(self.0 % FIRST.len()).copied().unwrap_or_default();
        let last = LAST.get(self.0 / FIRST.len() % LAST.len()).copied().unwrap_or_default();
        format!("{first} {last}")
    }

    pub(crate) fn address(self) -> String {
        let domain = if self.0 < PEOPLE / 2 { "firm.example" } else { "client.example" };
        format!("{}@{domain}", self.name().to_lowercase().replace(' ', "."))
    }

    pub(crate) fn number(self) -> String {
        format!("+4420794601{:02}", self.0)
    }
}
