//! `retention policy`

use custodia::Result;
use custodia::archive::{Archive, NewPolicy, NewScope, PolicyChange, SimulatedRules, shell_word};
use custodia::model::{Mailbox, MailboxNo, PolicyScope, RetentionAction, RetentionPolicy, RetentionTrigger};
use custodia::retention::Source;
use serde_json::{Value, json};

use super::simulate;
use super::unread::warn_of_unread;
use crate::args::{Action, Ground, PolicyAddArgs, PolicyCommand, PolicySetArgs, Start};
use crate::exit::point_at;
use crate::ui::{Table, Ui, escape};

pub(super) fn run(archive: &mut Archive, command: &PolicyCommand, ui: &Ui) -> Result<()> {
    let rows = match command {
        PolicyCommand::Add(args) if args.ground.simulate => {
            let seen = simulate::change(archive, SimulatedRules::Policy(&new_policy(args)), ui);
            return seen.inspect_err(|error| point_at(args.query.as_deref(), error, ui));
        }
        PolicyCommand::Add(args) => {
            let added = archive.add_policy(&new_policy(args), args.ground.without_simulation.as_deref());
            vec![added.inspect_err(|error| point_at(args.query.as_deref(), error, ui))?]
        }
        PolicyCommand::Set(args) if args.ground.simulate => {
            let seen = simulate::change(archive, SimulatedRules::Change(&args.policy, &change(args)), ui);
            return seen.inspect_err(|error| point_at(args.query.as_deref(), error, ui));
        }
        PolicyCommand::Set(args) => {
            let unseen = args.ground.without_simulation.as_deref();
            let changed = archive.change_policy(&args.policy, &change(args), unseen);
            vec![changed.inspect_err(|error| point_at(args.query.as_deref(), error, ui))?]
        }
        PolicyCommand::Reenable { policy, ground: Ground { simulate: true, .. }, .. } => {
            return simulate::change(archive, SimulatedRules::Return(policy), ui);
        }
        PolicyCommand::Remove { policy, ground: Ground { simulate: true, .. }, .. } => {
            return simulate::change(archive, SimulatedRules::Removal(policy), ui);
        }
        PolicyCommand::Enable { policy, ground: Ground { simulate: true, .. } } => {
            return simulate::change(archive, SimulatedRules::Deletion(policy), ui);
        }
        PolicyCommand::Enable { policy, ground } => {
            vec![archive.enable_policy(policy, ground.without_simulation.as_deref())?]
        }
        PolicyCommand::Lock { policy, reason } => vec![archive.lock_policy(policy, reason)?],
        PolicyCommand::Reenable { policy, reason, ground } => {
            vec![archive.reenable_policy(policy, reason, ground.without_simulation.as_deref())?]
        }
        PolicyCommand::Remove { policy, reason, ground } => {
            vec![archive.remove_policy(policy, reason, ground.without_simulation.as_deref())?]
        }
        PolicyCommand::Show { policy } => {
            archive.evaluate_adaptive_scopes()?;
            archive.read_rule_queries()?;
            vec![archive.show_policy(policy)?]
        }
        PolicyCommand::List => {
            archive.evaluate_adaptive_scopes()?;
            archive.read_rule_queries()?;
            archive.list_policies()?
        }
    };
    print(&rows, &archive.list_mailboxes()?, ui)?;
    warn_of_empty_scopes(&rows, ui);
    let mut unread = archive.unread_rules()?;
    unread.retain(|rule| rule.source == Source::Policy && rows.iter().any(|policy| policy.name == rule.name));
    warn_of_unread(&unread, ui);
    if let (PolicyCommand::Add(_), Some(policy)) = (command, rows.iter().find(|policy| policy.deletion_waits)) {
        let name = escape(&shell_word(&policy.name), true);
        ui.hint(&format!(
            "it deletes nothing yet: see with `custodia retention simulate` what it would, then `custodia retention \
             policy enable {name}`"
        ));
    }
    Ok(())
}

/// An adaptive scope that finds nobody is rather a mistake in a directory than the end of a policy.
pub(super) fn warn_of_empty_scopes(policies: &[RetentionPolicy], ui: &Ui) {
    for policy in policies.iter().filter(|policy| policy.released.is_none()) {
        if let PolicyScope::Adaptive { query, empty_since: Some(since), .. } = &policy.scope {
            let text = format!(
                "policy `{}` finds nobody with {query} since {since}; it still covers whom it covered before",
                policy.name
            );
            ui.warn(&escape(&text, true));
        }
    }
}

pub(super) fn action(word: Action) -> RetentionAction {
    match word {
        Action::Retain => RetentionAction::Retain,
        Action::Delete => RetentionAction::Delete,
        Action::RetainAndDelete => RetentionAction::RetainAndDelete,
    }
}

fn new_policy(args: &PolicyAddArgs) -> NewPolicy {
    let scope = match (&args.adaptive, args.include.as_slice()) {
        (Some(query), _) => NewScope::Adaptive(query.clone()),
        (None, []) => NewScope::All { except: args.exclude.clone() },
        (None, include) => NewScope::Include(include.to_vec()),
    };
    NewPolicy {
        name: args.name.clone(),
        action: action(args.action),
        period: args.period,
        trigger: match args.start {
            Start::Created => RetentionTrigger::Created,
            Start::Modified => RetentionTrigger::Modified,
        },
        scope,
        folders: args.folders.clone(),
        query: args.query.clone(),
    }
}

fn change(args: &PolicySetArgs) -> PolicyChange {
    PolicyChange {
        period: args.period,
        query: args.query.clone(),
        reason: args.reason.clone(),
        include: args.include.clone(),
        remove_include: args.remove_include.clone(),
        exclude: args.exclude.clone(),
        remove_exclude: args.remove_exclude.clone(),
    }
}

fn print(policies: &[RetentionPolicy], mailboxes: &[Mailbox], ui: &Ui) -> Result<()> {
    if ui.json {
        return policies.iter().try_for_each(|policy| ui.json(&policy_json(policy, mailboxes)));
    }
    let mut table = Table::new(&["ID", "NAME", "ACTION", "PERIOD", "SCOPE", "STATE"]);
    for policy in policies {
        let (id, action) = (policy.id.to_string(), policy.action.as_str().to_owned());
        let (name, scope) = (escape(&policy.name, false), escape(&scope_in_words(policy, mailboxes), false));
        table.row(&[id, name, action, policy.period.to_string(), scope, state(policy)]);
    }
    table.lines().try_for_each(|line| ui.line(&line))
}

fn state(policy: &RetentionPolicy) -> String {
    match (&policy.released, &policy.lock) {
        (Some(release), _) => format!("removed {}", release.at),
        (None, Some(_)) => format!("locked{}", waiting(policy)),
        (None, None) => format!("in force{}", waiting(policy)),
    }
}

fn waiting(policy: &RetentionPolicy) -> &'static str {
    match (&policy.refused, policy.deletion_waits) {
        (Some(_), _) => ", its query cannot be read",
        (None, true) => ", deletes nothing yet",
        (None, false) => "",
    }
}

/// Whether it deletes: `none`, `waiting`, `in force`; a removed policy deletes nothing.
fn deletion(policy: &RetentionPolicy) -> &'static str {
    match (policy.action.deletes(), policy.deletion_waits, &policy.released) {
        (false, _, _) | (true, _, Some(_)) => "none",
        (true, true, None) => "waiting",
        (true, false, None) => "in force",
    }
}

fn addresses(numbers: impl IntoIterator<Item = MailboxNo>, mailboxes: &[Mailbox]) -> Vec<String> {
    let address = |no| mailboxes.iter().find(|m| m.no == no).map_or_else(String::new, |m| m.address.clone());
    numbers.into_iter().map(address).collect()
}

fn scope_in_words(policy: &RetentionPolicy, mailboxes: &[Mailbox]) -> String {
    let listed = |numbers: &[MailboxNo]| addresses(numbers.iter().copied(), mailboxes).join(", ");
    let mut scope = match &policy.scope {
        PolicyScope::All { except } if except.is_empty() => "all mailboxes".to_owned(),
        PolicyScope::All { except } => format!("all but {}", listed(except)),
        PolicyScope::Include(include) => listed(include),
        PolicyScope::Adaptive { query, members, .. } => {
            format!("{query}: {}", addresses(members.iter().map(|member| member.mailbox), mailboxes).join(", "))
        }
    };
    if !policy.folders.is_empty() {
        scope = format!("{scope}; in {}", policy.folders.join(", "));
    }
    if let Some(query) = &policy.query {
        scope = format!("{scope}; for {query}");
    }
    scope
}

fn policy_json(policy: &RetentionPolicy, mailboxes: &[Mailbox]) -> Value {
    let (released, lock) = (policy.released.as_ref(), policy.lock.as_ref());
    let listed = |numbers: &[MailboxNo]| addresses(numbers.iter().copied(), mailboxes);
    let at = |no: MailboxNo, at| json!({ "mailbox": addresses([no], mailboxes).pop(), "at": at });
    let (include, exclude, adaptive, members, empty_since) = match &policy.scope {
        PolicyScope::All { except } => (Vec::new(), listed(except), None, Vec::new(), None),
        PolicyScope::Include(include) => (listed(include), Vec::new(), None, Vec::new(), None),
        PolicyScope::Adaptive { query, members, empty_since } => {
            let members = members.iter().map(|member| at(member.mailbox, member.since)).collect();
            (Vec::new(), Vec::new(), Some(query), members, *empty_since)
        }
    };
    json!({
        "type": "policy", "id": policy.id.to_string(), "name": policy.name, "action": policy.action,
        "period": policy.period, "trigger": policy.trigger,
        "all_mailboxes": matches!(policy.scope, PolicyScope::All { .. }), "include": include, "exclude": exclude,
        "adaptive": adaptive, "members": members, "empty_since": empty_since,
        "left": policy.left.iter().map(|left| at(left.mailbox, left.at)).collect::<Vec<_>>(),
        "folders": policy.folders, "query": policy.query, "unread": policy.refused,
        "added_at": policy.added_at, "added_by": policy.added_by.0,
        "removed_at": released.map(|release| release.at), "removal_reason": released.map(|release| &release.reason),
        "locked_at": lock.map(|lock| lock.at), "locked_by": lock.map(|lock| &lock.by.0),
        "lock_reason": lock.map(|lock| &lock.reason), "deletion": deletion(policy),
    })
}
