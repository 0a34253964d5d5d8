//! Decisions over many items: the pure engine, and a simulation over an archive.

use criterion::{Criterion, Throughput};
use custodia::archive::{NewHold, NewPolicy, NewScope, SimulatedRules};
use custodia::model::{RetentionAction, RetentionPeriod, RetentionTrigger, UtcTime};
use custodia::retention::{AppliedHold, AppliedPolicy, ItemTimes, Outcome, PolicyRank, Subject, evaluate};

use crate::corpus::{COMMON, SEED, empty_library, fill, records, write};

const SUBJECTS: u64 = 20_000;
const RECORDS: usize = 10_000;
const DAY: i64 = 86_400_000;
/// 2031-01-01T00:00:00Z in milliseconds since the epoch.
const AS_OF: UtcTime = UtcTime(1_924_992_000_000);

pub(crate) fn bench(criterion: &mut Criterion) {
    engine(criterion);
    simulation(criterion);
}

fn years(years: u32) -> RetentionPeriod {
    RetentionPeriod::Span { months: 12 * years, days: 0 }
}

fn engine(criterion: &mut Criterion) {
    let mut subject = Subject::new(times(0), 30);
    let actions = [RetentionAction::Retain, RetentionAction::Delete, RetentionAction::RetainAndDelete];
    subject.policies = actions
        .into_iter()
        .zip(3..)
        .map(|(action, duration)| AppliedPolicy {
            name: action.as_str().into(),
            rank: PolicyRank::OrganisationWide,
            action,
            period: years(duration),
            trigger: RetentionTrigger::Created,
            released_at: None,
            reenabled_at: None,
            doubtful: false,
            unread: None,
        })
        .collect();
    subject.holds = vec![AppliedHold {
        name: "matter".into(),
        from: times(0).captured,
        has_query: true,
        matches: false,
        unevaluated: false,
        duration: None,
        released_at: None,
        delay_removed_at: None,
    }];
    let mut group = criterion.benchmark_group("retention");
    group.throughput(Throughput::Elements(SUBJECTS));
    group.bench_function("evaluate", |b| {
        b.iter(|| {
            let mut eligible = 0;
            for n in 0..SUBJECTS {
                subject.times = times(n);
                for hold in &mut subject.holds {
                    hold.matches = n % 16 == 0;
                }
                eligible += u64::from(evaluate(&subject, AS_OF).outcome == Outcome::Eligible);
            }
            eligible
        });
    });
    group.finish();
}

fn times(n: u64) -> ItemTimes {
    let captured = UtcTime(1_704_067_200_000 + (n as i64 % 2_000) * DAY);
    ItemTimes { created: UtcTime(captured.0 - (n as i64 % 400) * DAY), modified: None, captured }
}

fn simulation(criterion: &mut Criterion) {
    let mut library = empty_library();
    fill(&mut library.archive, write(&[], &records(SEED, RECORDS)).path());
    for (name, action, duration) in
        [("keep", RetentionAction::Retain, 5), ("clear", RetentionAction::RetainAndDelete, 3)]
    {
        let policy = NewPolicy {
            name: name.to_owned(),
            action,
            period: years(duration),
            trigger: RetentionTrigger::Created,
            scope: NewScope::All { except: Vec::new() },
            folders: Vec::new(),
            query: None,
        };
        library.archive.add_policy(&policy, Some("measurement")).expect("the name is new");
    }
    let hold = NewHold {
        name: "matter".to_owned(),
        query: Some(COMMON.to_owned()),
        reason: "measurement".to_owned(),
        ..NewHold::default()
    };
    library.archive.place_hold(&hold).expect("the name is new");
    let items =
        library.archive.simulate(AS_OF, SimulatedRules::Waiting, None).expect("the archive is sound").counts.items;
    let mut group = criterion.benchmark_group("retention");
    group.throughput(Throughput::Elements(items));
    group.bench_function("simulate", |b| b.iter(|| library.archive.simulate(AS_OF, SimulatedRules::Waiting, None)));
    group.finish();
}
