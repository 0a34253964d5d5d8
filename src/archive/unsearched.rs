//! The messages of which not all can be searched, and what that may hide from a query which finds messages for what they lack.

use roaring::RoaringTreemap;

use crate::Result;
use crate::model::MessageNo;
use crate::query::Exclusions;
use crate::store::{MessageSet, SetPart, Tables, load_part, people_unsearched};

/// Messages of which not all can be searched.
#[derive(Default)]
pub(super) struct Unsearched {
    any: RoaringTreemap,
    /// Those that may name more people, or be of other threads, than is searched; as far as somebody asks for that.
    people: RoaringTreemap,
}

impl Unsearched {
    /// As the store has them, for all messages or a few, to be asked by queries with these exclusions.
    pub(super) fn load(
        tables: &impl Tables,
        part: SetPart,
        exclusions: impl IntoIterator<Item = Exclusions>,
    ) -> Result<Self> {
        let any = load_part(tables, MessageSet::PartiallyIndexed, part)?;
        let asked = match part {
            SetPart::Whole => any.clone(),
            SetPart::Around(no) => any.iter().filter(|known| *known == no.0).collect(),
        };
        Ok(Self { any, ..Self::among(tables, asked, exclusions)? })
    }

    /// The same where not all of `any` can be searched, and of everything else all.
    pub(super) fn among(
        tables: &impl Tables,
        any: RoaringTreemap,
        exclusions: impl IntoIterator<Item = Exclusions>,
    ) -> Result<Self> {
        let asks_for_people = exclusions.into_iter().any(|excluded| excluded.people);
        let people = if asks_for_people { people_unsearched(tables, &any)? } else { RoaringTreemap::new() };
        Ok(Self { any, people })
    }

    /// Whether not all of a message can be searched.
    pub(super) fn contains(&self, message: MessageNo) -> bool {
        self.any.contains(message.0)
    }

    /// Whether a query that finds a message may do so only for what of it cannot be searched.
    pub(super) fn may_hide(&self, message: MessageNo, excluded: Exclusions) -> bool {
        (excluded.text && self.any.contains(message.0)) || (excluded.people && self.people.contains(message.0))
    }

    /// Those of what a query finds that it may find only for what of them cannot be searched.
    pub(super) fn hidden(&self, found: &RoaringTreemap, excluded: Exclusions) -> RoaringTreemap {
        match excluded {
            Exclusions { text: true, .. } => found & &self.any,
            Exclusions { people: true, .. } => found & &self.people,
            Exclusions { .. } => RoaringTreemap::new(),
        }
    }
}
