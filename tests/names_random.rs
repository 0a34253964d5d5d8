//! Whatever comes and goes, of mails, names of people and rules, and whenever somebody looks: what can be disposed of is what a
//! naive model says, which asks every query about everything after each step.
#![cfg(feature = "cli")]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;

use custodia::archive::{
    Archive, ImportOptions, Interrupt, MailboxChange, NewHold, NewLabel, NewPolicy, NewScope, PlanFile,
};
use custodia::model::{ItemNo, LabelStart, RecordKind, RetentionAction, RetentionTrigger};
use serde_json::json;
use support::TestArchive;
use support::firm::Random;

const BOX: &str = "box@x.example";

/// Each has a mailbox.
const PEOPLE: [&str; 2] = ["ann@x.example", "bob@x.example"];

/// Names that belong to one of them at a time, or to nobody.
const ALIASES: [&str; 3] = ["annie@old.example", "bobby@old.example", "+44 20 7946 0958"];

/// Ids that the mapping has for one of them at a time, for somebody without a mailbox, or for nobody.
const IDS: [&str; 2] = ["wx_ann", "wx bob/2"];

/// Somebody without a mailbox.
const STRANGER: &str = "dan@else.example";

const ACTIONS: [RetentionAction; 3] =
    [RetentionAction::Retain, RetentionAction::Delete, RetentionAction::RetainAndDelete];

/// What a query asks for.
#[derive(Clone)]
struct Query {
    person: &'static str,
    negated: bool,
}

impl Query {
    fn any(random: &mut Random) -> Self {
        let person = *random.pick(&[PEOPLE[0], PEOPLE[1], ALIASES[0], ALIASES[1], IDS[0], STRANGER]);
        Self { person, negated: random.below(3) == 0 }
    }

    fn text(&self) -> String {
        format!("{}from:{}", if self.negated { "NOT " } else { "" }, self.person)
    }

    fn finds(&self, author: &str, owners: &BTreeMap<&str, &str>) -> bool {
        let owner = |name| owners.get(name).copied().or((name == STRANGER).then_some(STRANGER));
        let is_named = author == self.person || (owner(author).is_some() && owner(author) == owner(self.person));
        is_named != self.negated
    }
}

struct Rule {
    query: Query,
    action: RetentionAction,
    /// What it found at any time.
    found: BTreeSet<u64>,
    /// The last item that it was asked about.
    asked: u64,
}

#[derive(Default)]
struct Model {
    /// The author of each item.
    items: BTreeMap<u64, &'static str>,
    /// Whose name it is.
    owners: BTreeMap<&'static str, &'static str>,
    holds: Vec<Rule>,
    policies: Vec<Rule>,
    labels: Vec<Rule>,
    /// The label that an item carries, by its place.
    carried: BTreeMap<u64, usize>,
    arrived: u64,
}

impl Model {
    fn new() -> Self {
        Self { owners: PEOPLE.iter().map(|person| (*person, *person)).collect(), ..Self::default() }
    }

    /// Asks every query about everything.
    fn ask(&mut self) {
        let Self { items, owners, holds, policies, labels, carried, arrived } = self;
        for rule in holds.iter_mut().chain(policies) {
            rule.found.extend(items.iter().filter(|(_, author)| rule.query.finds(author, owners)).map(|(no, _)| *no));
        }
        for (no, author) in items {
            let may_come = |rule: &Rule| rule.action.retains() || *no > rule.asked;
            let first = labels.iter().position(|rule| may_come(rule) && rule.query.finds(author, owners));
            if let Some(place) = first {
                carried.entry(*no).or_insert(place);
            }
        }
        for rule in labels {
            rule.asked = *arrived;
        }
    }

    fn is_eligible(&self, no: u64) -> bool {
        let finds = |rule: &Rule| self.items.get(&no).is_some_and(|author| rule.query.finds(author, &self.owners));
        let label = self.carried.get(&no).and_then(|place| self.labels.get(*place));
        let is_held = self.holds.iter().any(|hold| hold.found.contains(&no));
        let covering = self.policies.iter().filter(|policy| policy.found.contains(&no)).chain(label);
        let is_retained = covering.clone().any(|rule| rule.action == RetentionAction::Retain);
        !is_held && !is_retained && covering.clone().any(|rule| rule.action.deletes() && finds(rule))
    }
}

struct World {
    archive: Archive,
    files: TestArchive,
    model: Model,
    step: u64,
}

impl World {
    fn new() -> Self {
        let files = TestArchive::new();
        for address in PEOPLE.iter().chain(&[BOX]) {
            files.ok(&["mailbox", "add", address]);
        }
        Self { archive: files.open(), files, model: Model::new(), step: 0 }
    }

    fn import(&mut self, random: &mut Random) {
        let author = *random.pick(&[PEOPLE[0], PEOPLE[1], ALIASES[0], ALIASES[1], IDS[0], IDS[1], "cy@else.example"]);
        let n = self.step;
        let sender = if author.contains('@') { json!({ "address": author }) } else { json!({ "id": author }) };
        let record = json!({
            "source": "test", "platform": "wecom", "id": format!("m{n}"), "text": format!("{n}"),
            "sent": "2020-01-15T12:00:00Z", "sender": sender, "recipients": [{ "address": BOX }],
        });
        let paths = vec![self.files.write(&format!("{n}.jsonl"), format!("{record}\n"))];
        let import = ImportOptions { paths, mailbox: Some(BOX.to_owned()), ..ImportOptions::default() };
        let done = self.archive.import(&import, &Interrupt::default(), &mut |_| {}).expect("an import");
        assert_eq!(done.batch.ledger.stored, 1);
        self.model.arrived += 1;
        self.model.items.insert(self.model.arrived, author);
    }

    fn rename(&mut self, random: &mut Random) {
        let alias = *random.pick(&ALIASES);
        let owner = self.model.owners.remove(alias);
        let person = owner.unwrap_or_else(|| *random.pick(&PEOPLE));
        let (given, taken) =
            if owner.is_none() { (vec![alias.to_owned()], vec![]) } else { (vec![], vec![alias.to_owned()]) };
        let change = if alias.starts_with('+') {
            MailboxChange { add_phones: given, remove_phones: taken, ..MailboxChange::default() }
        } else {
            MailboxChange { add_aliases: given, remove_aliases: taken, ..MailboxChange::default() }
        };
        self.archive.change_mailbox(person, &change).expect("a change");
        if owner.is_none() {
            self.model.owners.insert(alias, person);
        }
    }

    fn map(&mut self, random: &mut Random) {
        let owners = [Some(PEOPLE[0]), Some(PEOPLE[1]), Some(STRANGER), None];
        let ids = if random.below(2) == 0 { &IDS[..1] } else { &IDS[..] };
        let replace = random.below(2) == 0;
        if replace {
            self.model.owners.retain(|name, _| !IDS.contains(name));
        }
        let mut rows = vec!["id,mailbox\n".to_owned()];
        for id in ids {
            let owner = *random.pick(&owners);
            rows.push(format!("{id},{}\n", owner.unwrap_or_default()));
            match owner {
                Some(owner) => self.model.owners.insert(id, owner),
                None => self.model.owners.remove(id),
            };
        }
        let path = self.files.write("mapping.csv", rows.concat());
        self.archive.import_mapping(&path, None, replace).expect("a mapping");
    }

    fn rule(&mut self, random: &mut Random) {
        let (n, query, action) = (self.step, Query::any(random), *random.pick(&ACTIONS));
        let (name, text) = (format!("rule {n}"), Some(query.text()));
        let period = if action == RetentionAction::Retain { "P9Y" } else { "P1Y" }.parse().expect("a period");
        let rule = Rule { query, action, found: BTreeSet::new(), asked: 0 };
        match random.below(5) {
            0 => {
                let mailboxes = vec![BOX.to_owned()];
                let hold = NewHold { name, mailboxes, query: text, reason: "random".to_owned(), ..NewHold::default() };
                self.archive.place_hold(&hold).expect("a hold");
                self.model.holds.push(rule);
            }
            1 | 2 => {
                let (scope, trigger) = (NewScope::All { except: Vec::new() }, RetentionTrigger::Created);
                let policy = NewPolicy { name, action, period, trigger, scope, folders: Vec::new(), query: text };
                self.archive.add_policy(&policy, Some("random")).expect("a policy");
                self.model.policies.push(rule);
            }
            _ => {
                let (start, record, next) = (LabelStart::Created, RecordKind::None, None);
                let (folders, review) = (Vec::new(), Vec::new());
                let label = NewLabel { name, action, period, start, record, folders, query: text, review, next };
                self.archive.add_label(&label, Some("random")).expect("a label");
                self.model.labels.push(rule);
            }
        }
    }

    /// Disposes of all that can be; returns how much that was.
    fn sweep(&mut self, seed: u64) -> usize {
        let path = self.files.path(&format!("{}.json", self.step));
        self.archive.plan_disposition(&mut File::create(&path).expect("a file")).expect("a plan");
        let mut planned = BTreeSet::new();
        let mut note = |item: custodia::archive::PlannedItem| {
            planned.insert(item.item.0);
            Ok(())
        };
        PlanFile::open(&path).expect("a plan").visit(&mut note).expect("a list");
        let eligible: BTreeSet<u64> =
            self.model.items.keys().copied().filter(|no| self.model.is_eligible(*no)).collect();
        assert_eq!(planned, eligible, "seed {seed}, step {}", self.step);
        if !planned.is_empty() {
            self.archive.execute_disposition(&PlanFile::open(&path).expect("a plan")).expect("an execution");
            self.model.items.retain(|no, _| !planned.contains(no));
        }
        planned.len()
    }
}

#[test]
fn what_can_be_disposed_of_is_what_a_naive_model_says() {
    let (mut destroyed, mut kept) = (0, 0);
    for seed in 0..5 {
        let (mut random, mut world) = (Random(seed), World::new());
        for step in 0..36 {
            world.step = step;
            match random.below(10) {
                0..=3 => world.import(&mut random),
                4 | 5 => world.rename(&mut random),
                6 => world.map(&mut random),
                7 | 8 => world.rule(&mut random),
                _ => destroyed += world.sweep(seed),
            }
            world.model.ask();
            if random.below(4) == 0
                && let Some(no) = world.model.items.keys().next()
            {
                world.archive.explain(ItemNo(*no)).expect("it is there");
            }
        }
        destroyed += world.sweep(seed);
        kept += world.model.items.len();
        drop(world.archive);
        world.files.verify_clean();
    }
    assert!(destroyed > 5 && kept > 20, "{destroyed} destroyed and {kept} kept are too few to prove anything");
}
