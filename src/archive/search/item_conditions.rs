//! Conditions on items: their folder, custodian and retention label, which the index does not know.
//!
//! A message may stand in a folder and out of it, so these are asked of each item. The items in scope are divided by which
//! of the conditions hold for them; for each such group the rest of the query is a question about messages, which the
//! index answers. There are few groups, for an item has one folder, one mailbox and at most one label.

use std::collections::{BTreeMap, HashSet};

use roaring::RoaringTreemap;

use super::scope::{ItemSets, Scope};
use crate::archive::follower::Follower;
use crate::archive::known_names::KnownNames;
use crate::model::{FolderNo, ItemNo, MailboxNo};
use crate::query::{ItemField, Node, Query, TextMatch};
use crate::store::{Snapshot, cases, folders, item, item_labels, labels};
use crate::{Error, Result};

/// Finds what matches a query in a scope.
pub(super) struct Matcher<'a> {
    pub(super) index: &'a Follower,
    pub(super) snapshot: &'a Snapshot,
    pub(super) names: &'a KnownNames,
    pub(super) scope: &'a Scope,
    /// The messages of the scope; `None` for all that are not in quarantine.
    pub(super) within: Option<&'a RoaringTreemap>,
}

/// What the index is to be asked, with nothing about items in it.
pub(super) struct Matching {
    pub(super) query: Query,
    pub(super) within: Option<RoaringTreemap>,
    /// The items that match; `None` if they are all items in scope of what the index finds.
    pub(super) items: Option<ItemSets>,
}

/// What a condition on items means.
pub(super) struct Condition {
    /// For people.
    pub(super) meaning: Vec<String>,
    holds_for: Holders,
}

/// The items for which a condition holds.
enum Holders {
    Folders(HashSet<FolderNo>),
    Items(ItemSets),
}

impl Matcher<'_> {
    /// What matches a query.
    pub(super) fn matching(&self, query: &Query) -> Result<Matching> {
        let mut asked = Vec::new();
        conditions(&query.root, &mut asked);
        if asked.is_empty() {
            return Ok(Matching { query: query.clone(), within: self.within.cloned(), items: None });
        }
        let holders = asked.iter().map(|(field, value)| Ok(self.condition(*field, value)?.holds_for));
        let holders = holders.collect::<Result<Vec<_>>>()?;
        let (mut items, mut all) = (ItemSets::new(), RoaringTreemap::new());
        for (truth, group) in self.groups(&holders)? {
            let rest = Query { root: decided(&query.root, &mut truth.into_iter()) };
            let messages = group.values().fold(RoaringTreemap::new(), |all, set| all | set);
            let found = self.index.matches_within(&rest, Some(&messages))?;
            for (folder, members) in group {
                let matching = members & &found;
                all |= &matching;
                *items.entry(folder).or_default() |= matching;
            }
        }
        // Whatever is found of these is wanted; the words say where they match, and how well.
        let mut nodes = vec![Node::All];
        words(&query.root, &mut nodes);
        let root = if nodes.len() > 1 { Node::Or(nodes) } else { Node::All };
        Ok(Matching { query: Query { root }, within: Some(all), items: Some(items) })
    }

    /// What a condition means.
    pub(super) fn condition(&self, field: ItemField, value: &TextMatch) -> Result<Condition> {
        match field {
            ItemField::Folder => self.folder(value),
            ItemField::Custodian => self.custodian(value),
            ItemField::Label => self.label(value),
        }
    }

    fn folder(&self, value: &TextMatch) -> Result<Condition> {
        let no = value.text.parse().ok().map(FolderNo);
        let found = folders(self.snapshot)?.into_iter().find(|folder| Some(folder.no) == no);
        let Some(folder) = found else {
            return Err(unknown("folder", value, "`custodia mailbox show` lists the numbers of folders"));
        };
        let mailbox = self.scope.mailboxes.get(&folder.mailbox).map_or_else(String::new, |m| m.address.clone());
        let meaning = vec![format!("{mailbox} / {}", folder.path)];
        Ok(Condition { meaning, holds_for: Holders::Folders(HashSet::from([folder.no])) })
    }

    fn custodian(&self, value: &TextMatch) -> Result<Condition> {
        let wanted = value.text.to_lowercase();
        let mut named: HashSet<MailboxNo> = HashSet::new();
        let mut is_known = false;
        for case in cases(self.snapshot)?.into_iter().filter(|case| case.deleted.is_none()) {
            if case.name.to_lowercase() == wanted || case.id.to_string() == wanted {
                is_known = true;
                named.extend(case.custodians.iter().filter(|c| c.released.is_none()).map(|c| c.mailbox));
            }
        }
        named.extend(self.names.people(self.snapshot)?.mailboxes_of(&value.text));
        if named.is_empty() && !is_known {
            let hint = "write the name of a case, or an address, number or name of a mailbox; see `custodia case list`";
            return Err(unknown("case or mailbox", value, hint));
        }
        let mailboxes = self.scope.mailboxes.values().filter(|mailbox| named.contains(&mailbox.no));
        let mut meaning: Vec<String> = mailboxes.map(|mailbox| mailbox.address.clone()).collect();
        meaning.sort_unstable();
        let folders = self.scope.folders.values().filter(|folder| named.contains(&folder.mailbox));
        Ok(Condition { meaning, holds_for: Holders::Folders(folders.map(|folder| folder.no).collect()) })
    }

    fn label(&self, value: &TextMatch) -> Result<Condition> {
        let wanted = value.text.to_lowercase();
        let is_named = |name: &str| {
            let name = name.to_lowercase();
            if value.prefix { name.starts_with(&wanted) } else { name == wanted }
        };
        let named: Vec<_> = labels(self.snapshot)?.into_iter().filter(|label| is_named(&label.name)).collect();
        if named.is_empty() && !value.text.is_empty() {
            return Err(unknown("retention label", value, "`custodia retention label list` has their names"));
        }
        let ids: HashSet<_> = named.iter().map(|label| label.id).collect();
        let mut labelled: Vec<ItemNo> = Vec::new();
        item_labels(self.snapshot, |item, label| {
            if ids.contains(&label.label) {
                labelled.push(item);
            }
        })?;
        let mut items = ItemSets::new();
        for no in labelled {
            if let Some(item) = item(self.snapshot, no)? {
                items.entry(item.folder).or_default().insert(item.message.0);
            }
        }
        Ok(Condition { meaning: named.into_iter().map(|label| label.name).collect(), holds_for: Holders::Items(items) })
    }

    /// The items in scope by which of the conditions hold for them.
    fn groups(&self, conditions: &[Holders]) -> Result<BTreeMap<Vec<bool>, ItemSets>> {
        let mut groups: BTreeMap<Vec<bool>, ItemSets> = BTreeMap::new();
        for folder in self.scope.folders.keys() {
            let mut parts = vec![(Vec::new(), self.scope.members(self.snapshot, *folder)?)];
            for condition in conditions {
                parts = parts.into_iter().flat_map(|part| condition.divide(*folder, part)).collect();
            }
            for (truth, members) in parts.into_iter().filter(|(_, members)| !members.is_empty()) {
                groups.entry(truth).or_default().insert(*folder, members);
            }
        }
        Ok(groups)
    }
}

impl Holders {
    /// Divides messages of a folder, of which the first conditions are decided, by this one.
    fn divide(
        &self,
        folder: FolderNo,
        (truth, members): (Vec<bool>, RoaringTreemap),
    ) -> Vec<(Vec<bool>, RoaringTreemap)> {
        let and = |holds: bool| truth.iter().copied().chain([holds]).collect::<Vec<bool>>();
        match self {
            Self::Folders(folders) => vec![(and(folders.contains(&folder)), members)],
            Self::Items(items) => match items.get(&folder) {
                None => vec![(and(false), members)],
                Some(set) => {
                    let parts = [(and(true), &members & set), (and(false), members - set)];
                    parts.into_iter().filter(|(_, members)| !members.is_empty()).collect()
                }
            },
        }
    }
}

/// The conditions on items of a query, in the order of [`decided`].
fn conditions<'q>(node: &'q Node, found: &mut Vec<(ItemField, &'q TextMatch)>) {
    match node {
        Node::And(nodes) | Node::Or(nodes) | Node::Rows(nodes) => nodes.iter().for_each(|node| conditions(node, found)),
        Node::Not(inner) => conditions(inner, found),
        Node::Item { field, value } => found.push((*field, value)),
        _ => {}
    }
}

/// A query with the next of `truth` in place of each condition on items.
fn decided(node: &Node, truth: &mut impl Iterator<Item = bool>) -> Node {
    let mut all = |nodes: &[Node]| nodes.iter().map(|node| decided(node, truth)).collect();
    match node {
        Node::And(nodes) => Node::And(all(nodes)),
        Node::Or(nodes) => Node::Or(all(nodes)),
        Node::Rows(nodes) => Node::Rows(all(nodes)),
        Node::Not(inner) => Node::Not(Box::new(decided(inner, truth))),
        Node::Item { .. } if truth.next() == Some(true) => Node::All,
        Node::Item { .. } => Node::Not(Box::new(Node::All)),
        other => other.clone(),
    }
}

/// What a query looks for in the text of messages; what stands under `NOT` is not among it.
fn words(node: &Node, found: &mut Vec<Node>) {
    match node {
        Node::And(nodes) | Node::Or(nodes) | Node::Rows(nodes) => nodes.iter().for_each(|node| words(node, found)),
        Node::Anywhere(_) | Node::Near { .. } | Node::Text { .. } | Node::People { .. } | Node::PersonIds { .. } => {
            found.push(node.clone());
        }
        _ => {}
    }
}

/// Whether a query asks for the labels of items.
pub(super) fn asks_for_labels(query: &Query) -> bool {
    let mut asked = Vec::new();
    conditions(&query.root, &mut asked);
    asked.into_iter().any(|(field, _)| field == ItemField::Label)
}

fn unknown(what: &str, value: &TextMatch, hint: &str) -> Error {
    let star = if value.prefix { "*" } else { "" };
    let message = format!("there is no {what} `{}{star}`", value.text);
    Error::Query { code: "E_ENUM_VALUE", offset: value.place.0, message, hint: hint.to_owned() }
}
