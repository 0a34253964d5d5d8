//! Which messages of an export are which of those that are here, among messages that nothing but their order and their media
//! tells apart.
//!
//! Each message that is here is met by one message of the export at most: first by the one that has its bytes, then by
//! those with more evidence, then in order. So a message that an earlier export does not have, because it was cut, is never
//! taken for one that it has.

use std::collections::HashSet;

use crate::model::{Evidence, FolderNo, MessageForm, MessageNo, Rendition};

/// What messages of one place have in common: those that are the same message.
pub(super) type Of = [u8; 16];

/// A message that is here, as one export writes it.
pub(super) struct Known {
    pub(super) message: MessageNo,
    pub(super) rendition: Rendition,
    pub(super) folders: HashSet<FolderNo>,
    /// Whether it is in quarantine.
    pub(super) waits: bool,
}

/// A message that is here, in all of its renditions.
pub(super) struct Place {
    pub(super) of: Of,
    pub(super) known: Vec<Known>,
}

/// A message of the export.
pub(super) struct Newcomer<'e> {
    pub(super) rendition: &'e Rendition,
    /// Where it goes; into quarantine if there is none.
    pub(super) folders: Vec<FolderNo>,
    /// The message that has its bytes, with what that has in common with others of this form.
    pub(super) existing: Option<(MessageNo, Option<Of>)>,
}

impl Newcomer<'_> {
    /// Whether a message is where this one goes.
    pub(super) fn meets(&self, known: &Known) -> bool {
        let is_itself = self.existing.is_some_and(|(message, _)| message == known.message);
        let is_there = self.folders.iter().any(|folder| known.folders.contains(folder));
        !is_itself && (is_there || (self.folders.is_empty() && known.waits))
    }

    /// Whether a message is where this one goes and differs from it only in what is told of the sort of its chat.
    pub(super) fn is_like(&self, known: &Known) -> bool {
        self.meets(known) && self.rendition.agrees_but_for_chat(&known.rendition)
    }
}

impl Place {
    pub(super) fn gather(of: Of, known: Known, places: &mut Vec<Self>) {
        match places.last_mut() {
            Some(last) if last.of == of => last.known.push(known),
            _ => places.push(Self { of, known: vec![known] }),
        }
    }

    /// What tells that a newcomer is this message; `None` if it is another one. `here` asks for renditions where the
    /// newcomer goes, otherwise there must be none.
    fn evidence(&self, newcomer: &Newcomer<'_>, here: bool) -> Option<Evidence> {
        let met: Vec<_> = self.known.iter().filter(|known| newcomer.meets(known)).collect();
        if here == met.is_empty() {
            return None;
        }
        let compared = if here { met } else { self.known.iter().collect() };
        let evidence = compared.iter().map(|known| newcomer.rendition.evidence(&known.rendition));
        evidence.collect::<Option<Vec<_>>>()?.into_iter().min()
    }
}

/// The place of each newcomer; `None` once there are too many. `taken` are the places of other messages of the export.
pub(super) fn matched(
    form: MessageForm,
    places: &[Place],
    newcomers: &[Newcomer<'_>],
    mut taken: HashSet<Of>,
) -> Vec<Option<Of>> {
    let own = |newcomer: &Newcomer<'_>| newcomer.existing.and_then(|(_, of)| of);
    taken.extend(newcomers.iter().filter_map(own));
    let is_met = |newcomer: &Newcomer<'_>, of: &Of| {
        let mut known = places.iter().filter(|place| place.of == *of).flat_map(|place| &place.known);
        known.any(|known| newcomer.meets(known))
    };
    let settled = |newcomer: &Newcomer<'_>| own(newcomer).filter(|of| is_met(newcomer, of));
    let mut found: Vec<Option<Of>> = newcomers.iter().map(settled).collect();
    for here in [true, false] {
        for evidence in Evidence::ALL {
            for (newcomer, found) in newcomers.iter().zip(&mut found).filter(|(_, found)| found.is_none()) {
                let mut free = places.iter().filter(|place| !taken.contains(&place.of));
                *found = free.find(|place| place.evidence(newcomer, here) == Some(evidence)).map(|place| place.of);
                taken.extend(*found);
            }
        }
        for (newcomer, found) in newcomers.iter().zip(&mut found) {
            *found = found.or(own(newcomer));
        }
    }
    let numbers = places.iter().map(|place| &place.of).chain(&taken).map(place_no);
    let mut free = numbers.max().map_or(0, |last| last + 1)..;
    found.into_iter().map(|found| found.or_else(|| Rendition::at_place(form, free.next()?))).collect()
}

fn place_no(of: &Of) -> u32 {
    Rendition { of: *of, second: None, chat: None, media: None }.place()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{MediaKind, MediaName, RenditionMedia};

    const FORM: MessageForm = [7; 13];

    fn of(place: u32) -> Of {
        Rendition::at_place(FORM, place).unwrap()
    }

    fn media(name: &str) -> Rendition {
        let name = if name.is_empty() { MediaName::Untold } else { MediaName::Numbered(name.to_owned()) };
        let media = RenditionMedia { kind: MediaKind::Untold, name, file: None };
        Rendition { of: of(0), second: None, chat: None, media: Some(media) }
    }

    fn place(no: u32, name: &str, folders: &[u32]) -> Place {
        let folders = folders.iter().map(|folder| FolderNo(*folder)).collect();
        let known = Known { message: MessageNo(u64::from(no)), rendition: media(name), folders, waits: false };
        Place { of: of(no), known: vec![known] }
    }

    /// The places of an export into folder 1, whose messages are named, and the numbers of those that are here.
    fn found(places: &[Place], export: &[(&str, Option<u32>)]) -> Vec<u32> {
        let renditions: Vec<_> = export.iter().map(|(name, _)| media(name)).collect();
        let newcomers: Vec<_> = std::iter::zip(&renditions, export)
            .map(|(rendition, (_, here))| {
                let existing = here.map(|no| (MessageNo(u64::from(no)), Some(of(no))));
                Newcomer { rendition, folders: vec![FolderNo(1)], existing }
            })
            .collect();
        let found = matched(FORM, places, &newcomers, HashSet::new());
        found.iter().map(|found| place_no(&found.unwrap())).collect()
    }

    #[test]
    fn no_message_is_met_twice() {
        let here =
            |names: &[&str]| -> Vec<Place> { (0..).zip(names).map(|(no, name)| place(no, name, &[1])).collect() };
        for (places, export, expected) in [
            (here(&[]), &[("", None), ("", None)][..], &[0, 1][..]),
            (here(&["", ""]), &[("", None), ("", None)], &[0, 1]),
            (here(&["b"]), &[("", None), ("b", None)], &[1, 0]),
            (here(&["", "b"]), &[("b", None), ("", None), ("c", None)], &[1, 0, 2]),
            (here(&[""]), &[("", None), ("", Some(0))], &[1, 0]),
            (here(&["a"]), &[("b", None)], &[1]),
        ] {
            assert_eq!(found(&places, export), expected, "{export:?}");
        }
    }

    #[test]
    fn what_is_elsewhere_is_met_after_what_is_here() {
        let places = [place(0, "", &[2]), place(1, "", &[1])];
        assert_eq!(found(&places, &[("", None), ("", None), ("", None)]), [1, 0, 2]);
        assert_eq!(found(&places, &[("a", None), ("", Some(0))]), [1, 0]);
        let places = [place(0, "a", &[2]), place(1, "a", &[1])];
        assert_eq!(
            found(&places, &[("a", Some(0))]),
            [1],
            "its bytes are elsewhere, and it is here in another writing"
        );
    }
}
