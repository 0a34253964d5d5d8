//! The same message of a chat, as several exports of it write it.
//!
//! What a folder has is not taken again in another format or language, nor without the media that it has there. With media
//! that were missing it is kept as another rendition of what came before: nothing that is stored ever changes. What could
//! be another message, because seconds or names of files differ, is one.

use std::collections::HashSet;

use super::ImportReport;
use super::commit::CommitWriter;
use super::course::Course;
use super::matching::{Known, Newcomer, Place, matched};
use super::open_minutes::{Alike, Incoming, MOST_ALIKE};
use super::route::Destination;
use crate::Result;
use crate::connector::Occurrence;
use crate::model::{FolderNo, MessageForm, MessageNo, Rendition};
use crate::store::{
    ItemWriter, StoredRendition, Transaction, put_rendition, quarantined, rendition, rendition_of, renditions,
    renditions_of_form,
};

/// What is said of a file of which not all could be compared with other exports.
const TOO_MANY: &str = "too many messages of one minute to compare them with other exports of the chat; those that are \
    written there in another way are stored again";

/// How a message stands to its other renditions that are here.
#[derive(Default)]
pub(super) struct Standing {
    /// Folders that have all that it has.
    pub(super) folders: HashSet<FolderNo>,
    /// What has all that it has, where it would go: with it in quarantine, or in all of its destinations.
    known: Option<(MessageNo, Rendition)>,
    /// What is to be noted of it.
    rendition: Option<Rendition>,
    /// Whether its media were missing here.
    pub(super) completes: bool,
    /// Whether a message is here that is like it, but for what is told of the sort of its chat.
    pub(super) other_sort: bool,
}

impl Standing {
    /// Of a message that nothing here is like.
    fn first(rendition: Rendition) -> Self {
        Self { rendition: Some(rendition), ..Self::default() }
    }

    /// Of a message at its place.
    fn at(of: [u8; 16], place: Option<&Place>, newcomer: &Newcomer<'_>) -> Self {
        let rendition = newcomer.rendition;
        let mut standing = Self::first(Rendition { of, ..rendition.clone() });
        for known in place.iter().flat_map(|place| &place.known).filter(|known| newcomer.meets(known)) {
            standing.completes |=
                rendition.has_media() && known.rendition.media.is_some() && !known.rendition.has_media();
            if rendition.adds_nothing_to(&known.rendition) {
                standing.folders.extend(&known.folders);
                if newcomer.folders.iter().all(|folder| standing.folders.contains(folder)) {
                    standing.known.get_or_insert_with(|| (known.message, known.rendition.clone()));
                }
            }
        }
        standing
    }
}

impl CommitWriter<'_> {
    /// Stores a message, now or when the minute is over in which it was sent.
    pub(super) fn meet(&mut self, course: &mut Course, mut incoming: Incoming) -> Result<()> {
        let Some(occurrence) = incoming.arrival.occurrence.clone() else {
            return self.store(course, incoming, &Standing::default());
        };
        let existing = self.existing(&incoming)?;
        if existing.is_some() {
            incoming.prepared.segments.clear();
        }
        if let Some(standing) = self.at_once(course, &occurrence, existing, &incoming.routed.destinations)? {
            self.store(course, incoming, &standing)?;
        } else if course.minutes.wait(&occurrence, incoming)? {
            let uncompared = course.minutes.give_up();
            self.store_uncompared(course, uncompared)?;
        }
        self.end_minutes(course, occurrence.at)
    }

    /// How a message stands that need not wait: because it is where it goes, or nothing that is here is like it, or there
    /// are too many to wait.
    fn at_once(
        &mut self,
        course: &mut Course,
        occurrence: &Occurrence,
        existing: Option<MessageNo>,
        destinations: &[Destination],
    ) -> Result<Option<Standing>> {
        let Some(alike) = course.minutes.alike(occurrence) else {
            if existing.is_none() {
                course.files.note(TOO_MANY);
            }
            return Ok(Some(Standing::default()));
        };
        let is_settled = match existing {
            Some(message) => {
                let own = self.own(message, occurrence.rendition.form())?;
                alike.taken.extend(own);
                own.is_some() && self.is_everywhere(message, destinations)?
            }
            None => false,
        };
        if is_settled || alike.too_many {
            return Ok(Some(Standing::default()));
        }
        if existing.is_none() { self.without_like(alike, occurrence) } else { Ok(None) }
    }

    /// How a message stands that is not here, if nothing here is like it.
    fn without_like(&self, alike: &mut Alike, occurrence: &Occurrence) -> Result<Option<Standing>> {
        let form = occurrence.rendition.form();
        let is_first = alike.free.is_none() && alike.waiting.is_empty() && alike.taken.is_empty();
        if is_first && renditions_of_form(self.transaction, form, 0)?.is_some() {
            alike.free = Some(0);
        }
        let Some(free) = alike.free else { return Ok(None) };
        let Some(of) = Rendition::at_place(form, free) else { return Ok(Some(Standing::default())) };
        alike.free = Some(free + 1);
        alike.taken.insert(of);
        Ok(Some(Standing::first(Rendition { of, ..occurrence.rendition.clone() })))
    }

    /// What a message of a form has in common with others, if that is noted.
    fn own(&self, message: MessageNo, form: MessageForm) -> Result<Option<[u8; 16]>> {
        let of = rendition_of(self.transaction, message)?;
        Ok(of.filter(|of| of.starts_with(&form)))
    }

    fn is_everywhere(&mut self, message: MessageNo, destinations: &[Destination]) -> Result<bool> {
        let there = self.items.folders(message)?;
        Ok(destinations.iter().all(|destination| there.contains(&destination.folder)))
    }

    /// Stores the messages of the minutes that are over with the message of this number in its export.
    pub(super) fn end_minutes(&mut self, course: &mut Course, at: u64) -> Result<()> {
        while let Some((form, alike)) = course.minutes.over(at) {
            if !alike.waiting.is_empty() {
                self.store_alike(course, form, alike)?;
            }
        }
        Ok(())
    }

    fn store_alike(&mut self, course: &mut Course, form: MessageForm, alike: Alike) -> Result<()> {
        let Some(places) = self.places(form)? else { return self.store_uncompared(course, alike.waiting) };
        let standings = self.standings(form, &places, &alike)?;
        for (incoming, standing) in alike.waiting.into_iter().zip(standings) {
            self.store(course, incoming, &standing)?;
        }
        Ok(())
    }

    /// Stores messages of which only those are known that have the same bytes.
    fn store_uncompared(&mut self, course: &mut Course, messages: Vec<Incoming>) -> Result<()> {
        for incoming in messages {
            if self.existing(&incoming)?.is_none() {
                course.files.note(TOO_MANY);
            }
            self.store(course, incoming, &Standing::default())?;
        }
        Ok(())
    }

    fn standings(&self, form: MessageForm, places: &[Place], alike: &Alike) -> Result<Vec<Standing>> {
        let mut newcomers = Vec::new();
        for incoming in &alike.waiting {
            let Some(occurrence) = &incoming.arrival.occurrence else { continue };
            let folders = incoming.routed.destinations.iter().map(|destination| destination.folder).collect();
            let existing = match self.existing(incoming)? {
                Some(message) => Some((message, self.own(message, form)?)),
                None => None,
            };
            newcomers.push(Newcomer { rendition: &occurrence.rendition, folders, existing });
        }
        let found = matched(form, places, &newcomers, alike.taken.clone());
        let mut likened = HashSet::new();
        let at = |(of, newcomer): (Option<[u8; 16]>, &Newcomer<'_>)| {
            let standing = of.map_or_else(Standing::default, |of| {
                Standing::at(of, places.iter().find(|place| place.of == of), newcomer)
            });
            let is_new = newcomer.existing.is_none() && standing.folders.is_empty() && standing.known.is_none();
            let mut known = places.iter().flat_map(|place| &place.known);
            let like = known.find(|known| is_new && newcomer.is_like(known) && !likened.contains(&known.message));
            likened.extend(like.map(|known| known.message));
            Standing { other_sort: like.is_some(), ..standing }
        };
        Ok(found.into_iter().zip(&newcomers).map(at).collect())
    }

    /// The messages of a form that are here, in order; `None` if there are too many.
    fn places(&mut self, form: MessageForm) -> Result<Option<Vec<Place>>> {
        let Some(stored) = renditions_of_form(self.transaction, form, MOST_ALIKE)? else { return Ok(None) };
        let mut places = Vec::new();
        for StoredRendition { message, rendition } in stored {
            let (folders, waits) = (self.items.folders(message)?, self.is_quarantined(message)?);
            let of = rendition.of;
            Place::gather(of, Known { message, rendition, folders, waits }, &mut places);
        }
        Ok(Some(places))
    }

    /// Counts a message of which everything is here already; the one that has it.
    pub(super) fn known(
        report: &mut ImportReport,
        occurrence: Option<&Occurrence>,
        standing: &Standing,
    ) -> Option<MessageNo> {
        let (message, known) = standing.known.as_ref()?;
        report.batch.ledger.duplicate += 1;
        if known.has_media() && !occurrence.is_some_and(|occurrence| occurrence.rendition.has_media()) {
            report.media_known += 1;
        } else {
            report.writing_known += 1;
        }
        Some(*message)
    }

    /// Notes what a message has in common with its other renditions, unless it is noted with some.
    pub(super) fn note_rendition(&mut self, message: MessageNo, standing: &Standing) -> Result<()> {
        let Some(rendition) = &standing.rendition else { return Ok(()) };
        match rendition_of(self.transaction, message)? {
            Some(of) if of == rendition.of => return Ok(()),
            Some(of) if of.starts_with(&rendition.form()) && renditions(self.transaction, of)?.len() > 1 => {
                return Ok(());
            }
            _ => {}
        }
        put_rendition(self.transaction, message, rendition)
    }

    fn is_quarantined(&self, message: MessageNo) -> Result<bool> {
        Ok(self.quarantine.contains_key(&message) || quarantined(self.transaction, message)?.is_some())
    }
}

/// The destinations that lack a message of the quarantine: not those that have all that it has, as another export writes
/// it.
pub(in crate::archive) fn lacking<'d>(
    transaction: &Transaction,
    items: &mut ItemWriter<'_>,
    message: MessageNo,
    destinations: &'d [Destination],
) -> Result<Vec<&'d Destination>> {
    let mut lacking: Vec<&Destination> = destinations.iter().collect();
    let Some(own) = rendition(transaction, message)? else { return Ok(lacking) };
    for known in renditions(transaction, own.of)?.into_iter().filter(|known| known.message != message) {
        if own.adds_nothing_to(&known.rendition) {
            let folders = items.folders(known.message)?;
            lacking.retain(|destination| !folders.contains(&destination.folder));
        }
    }
    Ok(lacking)
}
