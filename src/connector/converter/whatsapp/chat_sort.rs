//! What the whole of an export tells of the sort of its chat.

use super::survey::Survey;
use super::title::Title;
use crate::model::ChatSort;

/// Writers of a chat of two.
const TWO: usize = 2;

/// Whether a chat is a group or of two people; `None` if its export does not tell. A group is one that says so at its
/// beginning, or that has no beginning and two who write in it, of whom none can be the one that a chat of two is called
/// after. That somebody writes to whom nobody answers tells nothing.
pub(super) fn chat_sort(survey: &Survey, title: &Title) -> Option<ChatSort> {
    if survey.group_created.is_some() {
        return Some(ChatSort::Group);
    }
    let writers = || survey.authors.iter().filter(|author| survey.is_writer(author));
    let is_small = survey.authors.len() <= TWO;
    if is_small && (survey.is_writer(&title.name) || survey.begins_as_direct()) {
        return Some(ChatSort::Direct);
    }
    let is_nobodys = title.is_stated() && !writers().any(|writer| resembles(writer, &title.name));
    (is_nobodys && writers().count() >= TWO && !survey.begins_as_direct()).then_some(ChatSort::Group)
}

/// Whether a title, as it is in the name of a file, can be that of a chat with somebody: signs may be missing that the
/// file system does not take, and something may be added.
fn resembles(author: &str, title: &str) -> bool {
    let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
    let (author, title) = (letters(author), letters(title));
    author.starts_with(&title) || title.starts_with(&author)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connector::converter::whatsapp::title;
    use crate::message::RawSource;
    use std::sync::Arc;

    const NOTICE: &str = "16:00 - Messages and calls are end-to-end encrypted. Tap to learn more.";

    fn sort(name: &str, lines: &[&str]) -> Option<ChatSort> {
        let text: String = lines.iter().flat_map(|line| ["13/01/2023, ", line, "\n"]).collect();
        let title = title::title(&format!("WhatsApp Chat with {name}.txt"), "");
        let source: Arc<dyn RawSource> = Arc::new(text.into_bytes());
        chat_sort(&Survey::read(&source, &title.name).unwrap(), &title)
    }

    #[test]
    fn a_chat_is_a_group_only_where_no_chat_of_two_is_like_it() {
        use ChatSort::{Direct, Group};
        let (me, bob, eve, sales) = ("16:10 - Me: x", "16:11 - Bob: x", "16:12 - Eve: x", "16:13 - Sales: x");
        let (created, added) = ("16:01 - Bob created group \"Sales\"", "16:01 - Bob added you");
        for (lines, expected) in [
            (&[NOTICE, created, me][..], Some(Group)),
            (&[created, me], Some(Group)),
            (&[me, bob], Some(Group)),
            (&[bob, eve, me], Some(Group)),
            (&[NOTICE, added, bob, me], Some(Group)),
            (&[NOTICE, added, me], None),
            (&[me], None),
            (&[me, me], None),
            (&[sales], Some(Direct)),
            (&[me, sales], Some(Direct)),
            (&[NOTICE, me], Some(Direct)),
            (&[NOTICE, me, bob], Some(Direct)),
            (&[NOTICE, me, bob, eve], None),
            (&[me, bob, sales], None),
            (&[me, bob, "16:13 - Sales (EU): x"], None),
            (&[me, bob, created], Some(Group)),
        ] {
            assert_eq!(sort("Sales", lines), expected, "{lines:?}");
        }
        assert_eq!(sort("Sales_EU", &[me, "16:13 - Sales/EU: x"]), None, "signs that are missing");
        assert_eq!(sort("Sales 2023", &[me, sales]), None, "something that was added");
    }
}
