//! Where a custodian and a notice stand, and which letter is next.

use crate::model::{HoldNotice, LetterKind, NoticeEntry, NoticeEvent, NotifiedCustodian, Repetition, UtcTime};

const DAY: i64 = 24 * 3600 * 1000;

/// Where a custodian and a notice stand: `pending`, `issued`, `reminded`, `escalated`, `acknowledged`, `released`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoticeState {
    /// Nothing went out yet.
    Pending,
    /// Told, and not acknowledged; also when a new portal text waits to be told.
    Issued,
    /// Reminded so many times.
    Reminded(u32),
    /// Escalated so many times.
    Escalated(u32),
    /// Acknowledged, in the words that are in force.
    Acknowledged,
    /// No longer in scope of the case.
    Released,
}

impl NoticeState {
    /// The word used in commands and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Issued => "issued",
            Self::Reminded(_) => "reminded",
            Self::Escalated(_) => "escalated",
            Self::Acknowledged => "acknowledged",
            Self::Released => "released",
        }
    }

    /// How many reminders or escalations there were.
    pub fn count(self) -> Option<u32> {
        match self {
            Self::Reminded(count) | Self::Escalated(count) => Some(count),
            _ => None,
        }
    }
}

/// Where a custodian and a notice stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoticeStanding {
    /// In one word.
    pub state: NoticeState,
    /// The letter that is next, and from when it is due; `None` if there is none to come.
    pub next: Option<(LetterKind, UtcTime)>,
}

impl NoticeStanding {
    /// The letter that is due at `now`.
    pub fn due(&self, now: UtcTime) -> Option<LetterKind> {
        self.next.filter(|(_, from)| *from <= now).map(|(kind, _)| kind)
    }
}

/// What happened since a custodian came into scope the last time, or was released by a letter. Who was released and came into scope again
/// before any letter said so begins anew all the same: what was acknowledged was another duty.
pub(super) fn current(custodian: &NotifiedCustodian, scope: Scope) -> &[NoticeEntry] {
    let is_past = |entry: &NoticeEntry| {
        matches!(entry.event, NoticeEvent::Letter { kind: LetterKind::Release, .. })
            || matches!(scope, Scope::Since(since) if entry.at < since)
    };
    custodian.entries.rsplit(is_past).next().unwrap_or_default()
}

/// What happened in the current time in scope.
#[derive(Default)]
struct Course {
    /// The version of the last issuance or reissuance.
    issued: Option<u32>,
    /// The last letter that asks for something.
    last: Option<UtcTime>,
    reminders: u32,
    escalations: u32,
    acknowledged: bool,
}

impl Course {
    fn of(entries: &[NoticeEntry]) -> Self {
        let mut course = Self::default();
        for NoticeEntry { event, at, version, .. } in entries {
            match event {
                NoticeEvent::Letter { kind: LetterKind::Release, .. } => continue,
                NoticeEvent::Letter { kind: LetterKind::Issuance | LetterKind::Reissuance, .. } => {
                    course = Self { issued: Some(*version), ..Self::default() };
                }
                NoticeEvent::Letter { kind: LetterKind::Reminder, .. } => course.reminders += 1,
                NoticeEvent::Letter { kind: LetterKind::Escalation, .. } => course.escalations += 1,
                NoticeEvent::Acknowledged { .. } => {
                    course.acknowledged = true;
                    continue;
                }
            }
            course.last = Some(*at);
        }
        course
    }

    /// The word for an open course, whatever is next.
    fn state(&self) -> NoticeState {
        match (self.acknowledged, self.escalations, self.reminders) {
            (true, ..) => NoticeState::Acknowledged,
            (false, 0, 0) => NoticeState::Issued,
            (false, 0, reminders) => NoticeState::Reminded(reminders),
            (false, escalations, _) => NoticeState::Escalated(escalations),
        }
    }

    /// The reminder or escalation that is next. The first reminder is due an interval after the issuance, and escalations begin
    /// after the last reminder.
    fn next(&self, notice: &HoldNotice) -> Option<(LetterKind, UtcTime)> {
        let last = self.last?;
        let left = |repetition: Option<Repetition>, done: u32| repetition.filter(|repetition| done < repetition.times);
        let after = |repetition: Repetition| UtcTime(last.0.saturating_add(i64::from(repetition.days) * DAY));
        if let Some(reminders) = left(notice.reminders, self.reminders).filter(|_| self.escalations == 0) {
            return Some((LetterKind::Reminder, after(reminders)));
        }
        left(notice.escalations, self.escalations).map(|escalations| (LetterKind::Escalation, after(escalations)))
    }
}

/// Whether the custodian of a notice is in scope of its case.
#[derive(Debug, Clone, Copy)]
pub(super) enum Scope {
    /// In scope, since then.
    Since(UtcTime),
    /// Out of scope, since then.
    Left(UtcTime),
}

/// Where a custodian stands.
pub(super) fn standing(notice: &HoldNotice, custodian: &NotifiedCustodian, scope: Scope) -> NoticeStanding {
    let course = Course::of(current(custodian, scope));
    match (scope, course.issued) {
        (Scope::Left(_), None) => NoticeStanding { state: NoticeState::Released, next: None },
        (Scope::Left(left), Some(_)) => {
            NoticeStanding { state: course.state(), next: Some((LetterKind::Release, left)) }
        }
        (Scope::Since(since), None) => {
            let since = since.max(custodian.added_at);
            NoticeStanding { state: NoticeState::Pending, next: Some((LetterKind::Issuance, since)) }
        }
        (Scope::Since(_), Some(issued)) => match notice.portal.last().filter(|_| issued < notice.version()) {
            Some(changed) => {
                NoticeStanding { state: NoticeState::Issued, next: Some((LetterKind::Reissuance, changed.at)) }
            }
            None if course.acknowledged => NoticeStanding { state: course.state(), next: None },
            None => NoticeStanding { state: course.state(), next: course.next(notice) },
        },
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::model::{Actor, CaseId, Digest, HoldNoticeId, MailboxNo, PortalText};

    fn day(day: i64) -> UtcTime {
        UtcTime(day * DAY)
    }

    /// A notice with versions of its portal text from these days.
    fn notice(portal: &[i64]) -> HoldNotice {
        let by = || Actor("lena".to_owned());
        HoldNotice {
            id: HoldNoticeId(1),
            case: CaseId(1),
            name: "n".to_owned(),
            officer_name: String::new(),
            officer_address: "lena@firm.example".to_owned(),
            letters: BTreeMap::new(),
            reminders: Some(Repetition { days: 7, times: 2 }),
            escalations: Some(Repetition { days: 3, times: 2 }),
            portal: portal.iter().map(|at| PortalText { text: String::new(), at: day(*at), by: by() }).collect(),
            written: 0,
            created_at: day(0),
            created_by: by(),
            custodians: Vec::new(),
        }
    }

    fn custodian(entries: &[(i64, Option<LetterKind>, u32)]) -> NotifiedCustodian {
        let entries = entries.iter().map(|(at, kind, version)| NoticeEntry {
            event: match kind {
                Some(kind) => NoticeEvent::Letter { kind: *kind, number: 1, digest: Digest([0; 32]) },
                None => NoticeEvent::Acknowledged { comment: String::new() },
            },
            at: day(*at),
            by: Actor("lena".to_owned()),
            channel: "mail".to_owned(),
            version: *version,
        });
        NotifiedCustodian { mailbox: MailboxNo(1), added_at: day(1), entries: entries.collect() }
    }

    #[test]
    fn letters_follow_one_another_until_somebody_acknowledges() {
        use LetterKind::{Escalation, Issuance, Reissuance, Release, Reminder};
        use NoticeState::{Acknowledged, Escalated, Issued, Pending, Released, Reminded};
        let i = (10, Some(Issuance), 1);
        let (r1, r2) = ((17, Some(Reminder), 1), (30, Some(Reminder), 1));
        let (e1, e2) = ((33, Some(Escalation), 1), (36, Some(Escalation), 1));
        let second = (41, Some(Reissuance), 2);
        for (portal, entries, scope, state, next) in [
            (&[0][..], &[][..], Scope::Since(day(0)), Pending, Some((Issuance, 1))),
            (&[0], &[], Scope::Since(day(5)), Pending, Some((Issuance, 5))),
            (&[0], &[], Scope::Left(day(5)), Released, None),
            (&[0], &[i], Scope::Since(day(0)), Issued, Some((Reminder, 17))),
            (&[0], &[i, r1], Scope::Since(day(0)), Reminded(1), Some((Reminder, 24))),
            (&[0], &[i, r1, r2], Scope::Since(day(0)), Reminded(2), Some((Escalation, 33))),
            (&[0], &[i, r1, r2, e1], Scope::Since(day(0)), Escalated(1), Some((Escalation, 36))),
            (&[0], &[i, r1, r2, e1, e2], Scope::Since(day(0)), Escalated(2), None),
            (&[0], &[i, r1, (20, None, 1)], Scope::Since(day(0)), Acknowledged, None),
            (&[0], &[i, r1, (20, None, 1)], Scope::Left(day(22)), Acknowledged, Some((Release, 22))),
            (&[0], &[i], Scope::Left(day(12)), Issued, Some((Release, 12))),
            (&[0], &[i, (13, Some(Release), 1)], Scope::Left(day(12)), Released, None),
            (&[0], &[i, (13, Some(Release), 1)], Scope::Since(day(50)), Pending, Some((Issuance, 50))),
            (&[0], &[i, (20, None, 1)], Scope::Since(day(50)), Pending, Some((Issuance, 50))),
            (&[0], &[i, (20, None, 1)], Scope::Since(day(10)), Acknowledged, None),
            (&[0, 40], &[i, r1, (20, None, 1)], Scope::Since(day(0)), Issued, Some((Reissuance, 40))),
            (&[0, 40], &[i, r1, r2, e1, second], Scope::Since(day(0)), Issued, Some((Reminder, 48))),
            (&[0, 40], &[i, (20, None, 1), second, (42, None, 2)], Scope::Since(day(0)), Acknowledged, None),
            (&[0, 40], &[], Scope::Since(day(45)), Pending, Some((Issuance, 45))),
        ] {
            let standing = standing(&notice(portal), &custodian(entries), scope);
            let next = next.map(|(kind, from)| (kind, day(from)));
            assert_eq!((standing.state, standing.next), (state, next), "{portal:?} {entries:?} {scope:?}");
        }
    }

    #[test]
    fn escalations_begin_after_the_issuance_where_nobody_is_reminded() {
        let without = HoldNotice { reminders: None, ..notice(&[0]) };
        let issued = custodian(&[(10, Some(LetterKind::Issuance), 1)]);
        let standing = standing(&without, &issued, Scope::Since(day(0)));
        assert_eq!(standing.next, Some((LetterKind::Escalation, day(13))));
        assert_eq!((standing.due(day(12)), standing.due(day(13))), (None, Some(LetterKind::Escalation)));
    }
}
