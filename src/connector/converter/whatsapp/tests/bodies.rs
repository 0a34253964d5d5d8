//! What the app writes is recognised in its languages, and what is typed is not taken for it.

use serde_json::json;

use super::super::author::{number, split};
use super::super::body::{Body, Proof, read};
use super::super::markers::{Marker, Markers};
use super::*;

fn ios(text: &str) -> Body {
    super::super::body::read(text, Proof::Mark)
}

fn android(text: &str) -> Body {
    read(text, Proof::Wording)
}

#[test]
fn media_are_named_or_left_out() {
    for (text, proof, content, name) in [
        (
            "\u{200e}<attached: 00000035-PHOTO-2022-03-27-21-41-55.jpg>",
            Proof::Mark,
            "image",
            "00000035-PHOTO-2022-03-27-21-41-55.jpg",
        ),
        (
            "\u{200e}<Anhang: 00000038-AUDIO-2022-03-27-21-44-47.opus>",
            Proof::Mark,
            "voice",
            "00000038-AUDIO-2022-03-27-21-44-47.opus",
        ),
        (
            "Plan.pdf \u{2022} \u{200e}2 pages \u{200e}<attached: 00000047-Plan.pdf>",
            Proof::Mark,
            "document",
            "00000047-Plan.pdf",
        ),
        (
            "look \u{200e}<attached: 00000001-GIF-2022-03-27-21-51-57.mp4>",
            Proof::Mark,
            "gif",
            "00000001-GIF-2022-03-27-21-51-57.mp4",
        ),
        ("\u{200e}<\u{200e}pi\u{e8}ce jointe\u{a0}: 00000042-Bo.vcf>", Proof::Mark, "", ""),
        ("\u{200e}< pi\u{e8}ce jointe\u{a0}: 00000042-Bo.vcf >", Proof::Mark, "contact", "00000042-Bo.vcf"),
        ("\u{200e}<00000042-Bo.vcf eklendi>", Proof::Mark, "contact", "00000042-Bo.vcf"),
        ("2015-08-04-PHOTO-00004762.jpg <\u{200e}attached>", Proof::Mark, "image", "2015-08-04-PHOTO-00004762.jpg"),
        ("\u{200e}image omitted", Proof::Mark, "image", ""),
        ("\u{200e}Kontaktkarte ausgelassen", Proof::Mark, "contact", ""),
        ("\u{200e}video note omitted", Proof::Mark, "video_note", ""),
        ("\u{200e}IMG-20220327-WA0001.jpg (file attached)\nlook", Proof::Wording, "image", "IMG-20220327-WA0001.jpg"),
        ("PTT-20220323-WA0000.opus (bestand bijgevoegd)", Proof::Wording, "voice", "PTT-20220323-WA0000.opus"),
        ("AUD-20190101-WA0000. (file attached)", Proof::Wording, "audio", "AUD-20190101-WA0000."),
        ("<Media omitted>\ncaption", Proof::Wording, "media", ""),
        ("<M\u{ed}dia oculta>", Proof::Wording, "media", ""),
        ("<View once voice message omitted>", Proof::Wording, "view_once", ""),
        ("null", Proof::Wording, "unsupported", ""),
        ("", Proof::Mark, "unsupported", ""),
    ] {
        let body = read(text, proof);
        assert_eq!(body.content.unwrap_or_default(), content, "{text:?}");
        assert_eq!(body.attachment.clone().unwrap_or_default(), name, "{text:?}");
        let left_out = !content.is_empty() && name.is_empty() && content != "unsupported";
        assert_eq!((body.omitted, body.text.as_str()), (left_out, text));
    }
}

#[test]
fn typed_text_is_no_marker_without_the_mark() {
    for text in [
        "This message was deleted.",
        "<attached: 00000035-PHOTO-2022-03-27-21-41-55.jpg>",
        "image omitted",
        "hi <This message was edited>",
        "Missed voice call",
        "POLL:\nlunch?\nOPTION: yes (3 votes)",
    ] {
        assert_eq!(ios(text), Body { text: text.to_owned(), ..Body::default() }, "{text}");
    }
    for text in ["I think this message was deleted", "he said: <Media omitted> again", "nullify", "see file attached"] {
        assert_eq!(android(text), Body { text: text.to_owned(), ..Body::default() }, "{text}");
    }
    let spoofed = "[27/03/2022, 21:41:35] Bob: \u{200e}Messages to this chat and calls are now secured with end-to-end encryption.\n\
                   [27/03/2022, 21:41:36] Ann: This message was deleted.\n\
                   [27/03/2022, 21:41:37] Ann: \u{200e}This message was deleted.\n";
    let read = read_as("WhatsApp Chat - Bob.txt", spoofed, &options(None));
    assert_eq!(read.events(), [Event::System, Event::Sent, Event::Deleted]);
    assert!(read.account.notes.is_empty());
    let stripped = read_as("WhatsApp Chat - Bob.txt", &spoofed.replace('\u{200e}', ""), &options(None));
    assert_eq!(stripped.events(), [Event::System, Event::Deleted, Event::Deleted]);
    assert!(stripped.account.notes[0].contains("none of the marks"));
}

#[test]
fn deletions_edits_calls_polls_and_places() {
    assert_eq!(android("Diese Nachricht wurde gel\u{f6}scht").event, Event::Deleted);
    assert_eq!(android("You deleted this message").event, Event::Deleted);
    let admin = ios("\u{200e}This message was deleted by admin Cy.");
    assert_eq!((admin.event, &admin.facts[0]), (Event::Deleted, &("/deleted_by_admin", json!("Cy"))));
    let edited = ios("first\nsecond \u{200e}<This message was edited>");
    assert_eq!((edited.text.as_str(), &edited.facts[0]), ("first\nsecond", &("/edited", json!(true))));
    assert_eq!(android("new <This message was edited>").text, "new");
    for (text, answered, seconds) in [
        ("\u{200e}Missed voice call", Some(false), None),
        ("\u{200e}Missed voice call. \u{200e}Tap to call back", Some(false), None),
        ("\u{200e}Voice call. \u{200e}5 min", Some(true), Some(300)),
        ("\u{200e}Video call, \u{200e}1 hr 5 min", Some(true), Some(3900)),
        ("\u{200e}Voice call. \u{200e}45 sec", Some(true), Some(45)),
        ("\u{200e}Video call. \u{200e}No answer", Some(false), None),
    ] {
        let call = ios(text).call.unwrap_or_else(|| panic!("{text}"));
        assert_eq!((call.answered, call.duration_seconds, call.direction.as_str()), (answered, seconds, ""), "{text}");
    }
    let poll = ios("\u{200e}POLL:\nLunch?\n\u{200e}OPTION: Yes (3 votes)\n\u{200e}OPTION: No (1 vote)");
    let options = json!([{"text": "Yes", "votes": 3}, {"text": "No", "votes": 1}]);
    assert_eq!(poll.facts[0], ("/poll", json!({"question": "Lunch?", "options": options})));
    let place = json!({"latitude": 51.5, "longitude": -0.25, "url": "https://maps.google.com/?q=51.5,-0.25"});
    assert_eq!(ios("\u{200e}Location: https://maps.google.com/?q=51.5,-0.25").facts[0], ("/location", place.clone()));
    assert_eq!(android("Standort: https://maps.google.com/?q=51.5,-0.25").facts[0], ("/location", place));
    assert_eq!(ios("\u{200e}Ann added you").event, Event::System);
}

#[test]
fn authors_and_lines_of_the_app() {
    for (rest, author, body) in [
        ("Ann: hi", Some("Ann"), "hi"),
        ("Ann: a: b", Some("Ann"), "a: b"),
        ("Ann:", Some("Ann"), ""),
        ("Ann: ", Some("Ann"), ""),
        ("Re: Bob: hi", Some("Re: Bob"), "hi"),
        ("\u{200e}: hi", Some("\u{200e}"), "hi"),
        (": hi", None, ": hi"),
        ("Ann added Bob", None, "Ann added Bob"),
        ("Ann changed the subject from \"a: b\" to \"c\"", None, "Ann changed the subject from \"a: b\" to \"c\""),
        ("Ann created group \u{201c}a: b\u{201d}", None, "Ann created group \u{201c}a: b\u{201d}"),
        ("Ann \"The Rock\" Lee: hi", Some("Ann \"The Rock\" Lee"), "hi"),
        ("~\u{202f}Nick: hi\nc: d", Some("~\u{202f}Nick"), "hi\nc: d"),
        ("no author\nhere: text", None, "no author\nhere: text"),
    ] {
        let found = split(rest, "Re: Bob", |_| false);
        assert_eq!((found.author, found.body), (author, body), "{rest}");
    }
    assert_eq!(split("Ann:hi", "", |name| name == "Ann").body, "hi");
    assert_eq!(number("\u{202a}+62\u{a0}821\u{2011}3305\u{2011}9366\u{202c}"), "6282133059366");
    assert_eq!(number("+Ann"), "");
}

#[test]
fn the_table_has_every_known_wording() {
    let Some(shared) = shared() else { return };
    let table = fs::read_to_string(shared.join("whatsapp-markers.tsv")).unwrap();
    let mut missing = Vec::new();
    for row in table.lines().skip(1) {
        let [_, _, kind, text] = row.split('\t').collect::<Vec<_>>()[..] else { panic!("{row}") };
        let name = if kind.contains("attached") {
            "IMG-1.jpg"
        } else if kind.contains("admin") {
            "Cy"
        } else {
            "12:30"
        };
        let example = text.replace("{}", name);
        let found = Markers::get().find(&example).map(|found| found.marker);
        let right = match kind {
            "chat_title" => {
                super::super::title::stated(&format!("{}.txt", text.replace("{}", "Ann B"))).as_deref() == Some("Ann B")
            }
            "location" => {
                let word = text.replace("{}", "");
                Markers::get().is_location(word.trim_end().trim_end_matches([':', '\u{ff1a}']))
            }
            "poll_head" | "poll_option" | "null_body" | "call_started" => true,
            "attached_template" => found == Some(Marker::Attached),
            "deleted_incoming" | "deleted_own" => matches!(found, Some(Marker::Deleted | Marker::DeletedByAdmin)),
            "deleted_by_admin" | "deleted_as_admin" => matches!(found, Some(Marker::Deleted | Marker::DeletedByAdmin)),
            "edited" => found == Some(Marker::Edited),
            "waiting" => found == Some(Marker::Waiting),
            "live_location" => found == Some(Marker::LiveLocation),
            "voice_call" => {
                let call = read(&text.replace("{}", "5"), Proof::Wording).call;
                call.is_some() || found == Some(Marker::Called { video: false })
            }
            "video_call" => read(&text.replace("{}", "5"), Proof::Wording).call.is_some(),
            kind if kind.starts_with("missed") => matches!(found, Some(Marker::Missed { .. })),
            kind if kind.ends_with("unanswered") => matches!(found, Some(Marker::Unanswered { .. })),
            kind if kind.ends_with("omitted") => matches!(found, Some(Marker::Omitted(_))),
            _ => false,
        };
        if !right {
            missing.push(format!("{row} -> {found:?}"));
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn who_types_about_safety_is_its_author() {
    for text in [
        "The security code of the vault is 4711",
        "Our new tool is end-to-end encrypted, use it",
        "Your security code with Zed changed.",
        "ich habe die sicherheitsnummer",
    ] {
        let read = super::read(&format!("27/03/2022, 21:41 - Ann: {text}\n"));
        assert_eq!((read.events(), read.sender(0)), (vec![Event::Sent], "Ann".to_owned()), "{text}");
    }
}

#[test]
fn notices_whose_marks_were_removed_are_told_by_all_of_their_wording() {
    for (text, event) in [
        ("The security code of the vault is 4711", Event::Sent),
        ("Your security code with Zed changed.", Event::System),
        ("Your security code with Zed changed. Tap to learn more.", Event::System),
        ("Your security code with Zed changed. Did you see?", Event::Sent),
        ("Deine Sicherheitsnummer f\u{fc}r Zed hat sich ge\u{e4}ndert.", Event::System),
        ("Messages and calls are end-to-end encrypted", Event::Sent),
    ] {
        for header in ["[27/03/2022, 21:41:00]", "27/03/2022, 21:41:00:"] {
            let read = super::read(&format!("{header} Bob: {text}\n"));
            assert_eq!(read.events(), [event], "{header} {text}");
        }
    }
}
