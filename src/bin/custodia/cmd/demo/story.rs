//! The story: who leaked a price? Every number in it is checked.

use std::path::Path;

use custodia::Result;

use super::guide::Guide;
use super::samples::Sources;

/// Address, name, phone number, department and country of those whose messages are archived.
const PEOPLE: &[[&str; 5]] = &[
    ["emma.clarke@brightmere.example", "Emma Clarke", "+447700900101", "Management", "GB"],
    ["tom.okafor@brightmere.example", "Tom Okafor", "+447700900106", "Sales", "GB"],
    ["piotr.zielinski@brightmere.example", "Piotr Zieli\u{144}ski", "+447700900102", "Purchasing", "PL"],
    ["li.na@brightmere.example", "\u{674e}\u{5a1c}", "+447700900103", "Sales", "CN"],
    ["haruka.sato@brightmere.example", "\u{4f50}\u{85e4}\u{9065}", "+447700900104", "Engineering", "JP"],
    ["minjun.kim@brightmere.example", "\u{ae40}\u{bbfc}\u{c900}", "+447700900105", "Sales", "KR"],
];
const TOM: &str = "tom.okafor@brightmere.example";
const PIOTR: &str = "piotr.zielinski@brightmere.example";
const EMMA: &str = "emma.clarke@brightmere.example";

/// The word for a quotation in Chinese, and a phrase and a word from mail in Japanese and Korean.
const QUOTATION: &str = "\u{62a5}\u{4ef7}";
const CALIBRATION: &str = "\u{6821}\u{6b63}\u{7d50}\u{679c}";
const ESTIMATE: &str = "\u{acac}\u{c801}";

pub(super) fn tell(guide: &mut Guide, directory: &Path, sources: &Sources) -> Result<()> {
    guide.say(
        "Brightmere makes gas sensors. On 18 March 2019 it announced a lower price for its sensor `Heron`.\n\
         One customer seems to have known before. You are asked to find out, and to keep what proves it.",
    )?;
    create(guide, directory)?;
    import(guide, sources)?;
    search(guide)?;
    let deleted = read(guide)?;
    hold(guide)?;
    let lunch = retain(guide, &deleted)?;
    dispose(guide, &directory.join("plan.json"), &deleted, &lunch)?;
    hand_over(guide, &directory.join("handed-over"))?;
    supervise(guide)?;
    prove(guide)?;
    next(guide, directory)
}

fn create(guide: &mut Guide, directory: &Path) -> Result<()> {
    guide.chapter("Create")?;
    let archive = directory.join("archive").display().to_string();
    guide
        .run(
            "An archive is one directory. Without --min-residence 0 nothing in it could be deleted for 30 days.",
            &["init", &archive, "--min-residence", "0"],
        )?
        .has(&["archive"])?;
    guide.shell("From now on every command means this archive.", &format!("export CUSTODIA_ARCHIVE={archive}"))?;
    for (n, [address, name, phone, department, country]) in PEOPLE.iter().enumerate() {
        let (department, country) = (format!("department={department}"), format!("country={country}"));
        let mut words = vec!["mailbox", "add", address, "--name", name, "--phone", phone];
        words.extend(["--attr", &department, "--attr", &country]);
        if *address == EMMA {
            words.extend(["--alias", "emma@brightmere.example"]);
        }
        let why = if n == 0 { "A person is a mailbox: found by address, alias or phone number." } else { "" };
        guide.run(why, &words)?.has(&[address])?;
    }
    Ok(())
}

fn import(guide: &mut Guide, sources: &Sources) -> Result<()> {
    guide.chapter("Import")?;
    let (mail, chats) = (sources.mail.display().to_string(), sources.chats.display().to_string());
    guide
        .run(
            "Mail files, an mbox and chats as JSON lines; formats are recognised, and each count adds up.",
            &["import", &mail, &chats],
        )?
        .counts(&[("offered", 39), ("stored", 38), ("duplicate", 0), ("quarantined", 1), ("rejected", 0)])?
        .counts(&[("items", 89)])?;
    guide
        .run("The same files again add nothing: imports can be repeated without fear.", &["import", &mail, &chats])?
        .counts(&[("offered", 39), ("stored", 0), ("duplicate", 39), ("rejected", 0), ("items", 0)])?;
    guide
        .run("What belongs to nobody is kept aside, whole, with the reason.", &["quarantine", "list"])?
        .has(&["12-parcel.eml", "no participant matches a mailbox"])?;
    Ok(())
}

fn search(guide: &mut Guide) -> Result<()> {
    guide.chapter("Search")?;
    guide
        .run(
            "One word: mail, chats, attachments, in every language. How much is there?",
            &["search", "Heron", "--count"],
        )?
        .counts(&[("messages", 13), ("items", 44)])?;
    guide
        .run("A phrase, in quotation marks.", &["search", "\"off the record\""])?
        .counts(&[("messages", 2), ("items", 2)])?;
    guide.run("Inside an attachment.", &["search", "\"GBP 14,400\""])?.counts(&[("messages", 1), ("items", 1)])?;
    guide
        .run(
            "Polish: accents may be left out. (It is the town of \u{141}\u{f3}d\u{17a}, as in `w \u{141}odzi`.)",
            &["search", "lodzi"],
        )?
        .counts(&[("messages", 1), ("items", 1)])?;
    guide.run("Chinese: a quotation, in mail and WeChat.", &["search", QUOTATION])?.counts(&[("messages", 2)])?;
    guide.run("Japanese: calibration results.", &["search", CALIBRATION])?.counts(&[("messages", 1), ("items", 3)])?;
    guide.run("Korean: an estimate, with particles attached.", &["search", ESTIMATE])?.counts(&[("messages", 1)])?;
    guide
        .run(
            "Fields, dates and AND, OR, NOT.",
            &["search", "from:grace.miller AND sent>=2019-03-18 NOT subject:lunch"],
        )?
        .counts(&[("messages", 1), ("items", 2)])?;
    guide
        .run(
            "One chat, by its name: what did Tom write to Grace? Oldest first; 3 hits are enough here.",
            &["search", "conversation:\"Grace Miller\" from:Tom", "--mailbox", TOM, "--sort", "oldest", "--limit", "3"],
        )?
        .counts(&[("messages", 6), ("items", 6)])?;
    Ok(())
}

/// Reads what is telling; returns the item of the deleted message.
fn read(guide: &mut Guide) -> Result<String> {
    guide.chapter("Read")?;
    let deleted = guide
        .run(
            "Deleting a chat message is an event of its own; the text stays in the archive.",
            &["search", "event:deleted"],
        )?
        .counts(&[("messages", 1), ("items", 1)])?
        .first_item()?;
    guide.run("All of it, by the item's number.", &["show", &deleted])?.has(&[
        "deleted",
        "wa-103",
        "It will be 360, not 420.",
    ])?;
    let call = guide
        .run("Calls are there too: with whom, how long.", &["search", "kind:meetings"])?
        .counts(&[("messages", 1)])?
        .first_item()?;
    guide
        .run("A call of nearly seven minutes, a week before the announcement.", &["show", &call])?
        .has(&["outgoing", "412"])?;
    Ok(deleted)
}

fn hold(guide: &mut Guide) -> Result<()> {
    guide.chapter("Hold")?;
    guide
        .run(
            "Keep all of Tom's messages, those that arrive later included.",
            &[
                "--actor",
                "legal",
                "hold",
                "place",
                "Tom Okafor",
                "--mailbox",
                TOM,
                "--reason",
                "Inquiry 7: price told early",
            ],
        )?
        .counts(&[("messages", 21), ("items", 21)])?;
    guide
        .run(
            "And whatever a query finds, in all mailboxes.",
            &[
                "--actor",
                "legal",
                "hold",
                "place",
                "Heron price",
                "--all-mailboxes",
                "--query",
                "Heron OR Northgate",
                "--reason",
                "Inquiry 7: price told early",
            ],
        )?
        .counts(&[("messages", 14), ("items", 47)])?;
    guide.run("Both are on.", &["hold", "list"])?.has(&["Tom Okafor", "Heron price"])?;
    Ok(())
}

/// Puts policies in force; returns an item that nothing keeps.
fn retain(guide: &mut Guide, deleted: &str) -> Result<String> {
    guide.chapter("Retain")?;
    guide
        .run(
            "The rule for everybody: delete after three years. It deletes nothing yet.",
            &["retention", "policy", "add", "Three years", "--action", "delete", "--period", "3y"],
        )?
        .has(&["Three years"])?;
    guide
        .run(
            "Purchasing keeps contracts longer; the longest retention wins over any deletion.",
            &["retention", "policy", "add", "Contracts", "--action", "retain", "--period", "30y", "--include", PIOTR],
        )?
        .has(&["Contracts", PIOTR])?;
    guide
        .run("What would happen today, without the deletion and with it?", &["retention", "simulate"])?
        .counts(&[("items", 89), ("eligible", 0), ("kept", 33), ("held", 56)])?
        .has(&["Three years"])?;
    guide
        .run("That is what it is meant to do: put it in force.", &["retention", "policy", "enable", "Three years"])?
        .has(&["Three years", "in force"])?;
    guide
        .run("And in 2050? The contracts end; a hold does not.", &["retention", "simulate", "--as-of", "2050-01-01"])?
        .counts(&[("items", 89), ("eligible", 33), ("kept", 0), ("held", 56)])?;
    guide
        .run("Why is Tom's deleted message kept, although its three years are over?", &["explain", deleted])?
        .has(&["held", "Tom Okafor"])?;
    let lunch = guide
        .run(
            "And what about this invitation to lunch?",
            &["search", "subject:lunch", "--mailbox", EMMA, "--sort", "oldest"],
        )?
        .counts(&[("messages", 2), ("items", 2)])?
        .first_item()?;
    guide.run("Nothing keeps it.", &["explain", &lunch])?.has(&["eligible", "Three years"])?;
    Ok(lunch)
}

fn dispose(guide: &mut Guide, plan: &Path, deleted: &str, lunch: &str) -> Result<()> {
    guide.chapter("Dispose")?;
    let plan = plan.display().to_string();
    guide
        .run(
            "Deletion is planned first: a file to be reviewed, with each item and each reason.",
            &["disposition", "plan", "--output", &plan],
        )?
        .counts(&[("items", 89), ("eligible", 27), ("kept", 6), ("held", 56)])?;
    guide
        .run(
            "Then carried out. Each item is judged again; without --yes you would type the archive's name.",
            &["disposition", "execute", &plan, "--yes"],
        )?
        .counts(&[("items", 27), ("messages", 10)])?;
    guide.run_refused("The invitation is gone from Emma's mailbox.", &["show", lunch], 1)?.has(&["no item"])?;
    guide
        .run("Its copies in the mailboxes of Piotr (contracts) and Tom (hold) are not.", &["search", "subject:lunch"])?
        .counts(&[("messages", 2), ("items", 3)])?;
    guide
        .run(
            "What was talked about at lunch on WeChat is gone for good.",
            &["search", "platform:wechat NOT Heron", "--count"],
        )?
        .counts(&[("messages", 0), ("items", 0)])?;
    guide
        .run("The deleted message is still there, although its three years are over: it is held.", &["show", deleted])?
        .has(&["It will be 360, not 420."])?;
    guide
        .run("And so is everything else about Heron.", &["search", "Heron", "--count"])?
        .counts(&[("messages", 13), ("items", 44)])?;
    guide.run("A record of each item that was disposed of stays.", &["disposition", "list"])?.has(&["Three years"])?;
    guide
        .run_refused("The same plan a second time is refused.", &["disposition", "execute", &plan, "--yes"], 21)?
        .has(&["the plan is stale"])?;
    Ok(())
}

fn hand_over(guide: &mut Guide, directory: &Path) -> Result<()> {
    guide.chapter("Hand over")?;
    let directory = directory.display().to_string();
    guide
        .run(
            "What is on hold about Heron goes to the lawyers: chats as review platforms take them, mails as they arrived.",
            &["export", "Heron", "--on-hold", "--format", "rsmf", "--output", &directory],
        )?
        .counts(&[("items", 44), ("files", 35)])?;
    guide
        .run(
            "They can check it without the archive: no file was changed, lost or added.",
            &["export", "verify", &directory],
        )?
        .counts(&[("items", 44), ("files", 35), ("problems", 0)])?;
    Ok(())
}

fn supervise(guide: &mut Guide) -> Result<()> {
    guide.chapter("Supervise")?;
    let policy =
        ["supervise", "policy", "add", "Hints", "--query", "\"off the record\" OR \"between us\"", "--backfill"];
    let texts = ["--reviewer", EMMA, "--direction", "outbound", "--hit", "Off the record: it gets cheaper"];
    guide
        .run(
            "Not again: whoever hints at something is looked at from now on, and for what there is already.",
            &[&policy[..], &texts].concat(),
        )?
        .has(&["Hints", EMMA])?;
    guide.run("Once a day, behind the import.", &["supervise", "run"])?.counts(&[("matched", 2), ("drawn", 2)])?;
    guide
        .run("Emma opens what was found, which is recorded.", &["--actor", EMMA, "supervise", "show", "1"])?
        .has(&["Tom Okafor"])?;
    let resolve = ["--actor", EMMA, "supervise", "resolve", "1", "--as", "non-compliant"];
    guide
        .run(
            "Who has not looked could not say what it is, and nobody could of a message of their own.",
            &[&resolve[..], &["--comment", "told a customer of a price before its day"]].concat(),
        )?
        .has(&["non-compliant"])?;
    Ok(())
}

fn prove(guide: &mut Guide) -> Result<()> {
    guide.chapter("Prove")?;
    guide
        .run("Every byte against its digest, every reference, every ledger, the whole audit tree.", &["verify"])?
        .counts(&[("messages", 29), ("items", 62), ("problems", 0)])?;
    guide
        .run(
            "Who did what, when: searches and refusals too. From the first hold on.",
            &["audit", "log", "--from", "23"],
        )?
        .has(&["hold.place", "legal", "disposition.execute"])?;
    guide.run("And how much there is.", &["stats"])?.counts(&[("messages", 29), ("items", 62)])?;
    Ok(())
}

fn next(guide: &mut Guide, directory: &Path) -> Result<()> {
    guide.chapter("What next")?;
    let directory = directory.display();
    guide.say(&format!(
        "Play with it: the demo archive is in {directory}/archive, what went into it in {directory}/sources.\n\
         Nothing outside of {directory} was touched; remove it when you are done.\n\
         \n\
         Your own archive begins with\n\
         \n    \
         unset CUSTODIA_ARCHIVE\n    \
         custodia init archive\n    \
         custodia mailbox add ann@firm.example --name Ann --phone +442079460101\n    \
         custodia import PATH...\n\
         \n\
         `custodia help search` explains queries; `custodia help` lists all commands; --json is for programs."
    ))
}
