//! Who took part in a chat, as far as its file tells.

use std::sync::Arc;

use super::author::participant;
use super::survey::Survey;
use super::title::Title;
use crate::model::Participant;

/// Most authors of a chat of two.
const TWO: usize = 2;

/// Those who took part, from which message on. Somebody counts from the first line that he writes: a longer export, in
/// which others begin to write, must not give them the messages before it. The two of a chat of two count from its
/// beginning, as nobody can have joined it.
#[derive(Debug)]
pub(super) struct Roster {
    /// Those who follow, the next one last, with the numbers of their first headers.
    following: Vec<(u64, Participant)>,
    present: Arc<[Participant]>,
}

impl Roster {
    /// Those of a file that was surveyed, and who the chat is called after.
    pub(super) fn new(survey: &Survey, title: &Title) -> Self {
        let all_along = survey.authors.len() <= TWO;
        let first = survey.first_headers.iter().map(|header| if all_along { 0 } else { *header });
        let authors = survey.authors.iter().map(|author| participant(author));
        let mut following: Vec<(u64, Participant)> = first.zip(authors).collect();
        following.reverse();
        let titled = Some(title.name.as_str()).filter(|name| title.is_stated() && !survey.knows(name));
        Self { following, present: titled.map(participant).into_iter().collect() }
    }

    /// Those who took part up to the message with a header's number. Numbers are asked for in ascending order.
    pub(super) fn until(&mut self, header_no: u64) -> Arc<[Participant]> {
        let waiting = self.following.iter().rev().take_while(|(first, _)| *first <= header_no).count();
        if waiting > 0 {
            let joined = self.following.split_off(self.following.len() - waiting);
            let joined = joined.into_iter().rev().map(|(_, person)| person);
            self.present = self.present.iter().cloned().chain(joined).collect();
        }
        Arc::clone(&self.present)
    }
}
