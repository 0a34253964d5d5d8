//! A second evaluator, written from the prose of the principles alone, day by day and without a thought for speed,
//! agrees with the engine on generated cases.

use chrono::{Datelike, Days, NaiveDate};
use proptest::prelude::*;
use proptest::{collection, option, sample};
use serde_json::{Map, Value, json};

use crate::retention::case::read_cases;

/// A day, or never.
type End = Option<NaiveDate>;

fn date(value: &Value) -> End {
    NaiveDate::parse_from_str(value.as_str()?, "%Y-%m-%d").ok()
}

fn days_later(date: NaiveDate, days: u64) -> NaiveDate {
    date.checked_add_days(Days::new(days)).unwrap()
}

/// A month later, day by day: the same day of the next month, or the first of the month after if it has none.
fn months_later(date: NaiveDate, months: u32) -> NaiveDate {
    let mut first = date.with_day(1).unwrap();
    for _ in 0..months {
        let month = first.month();
        while first.month() == month {
            first = first.succ_opt().unwrap();
        }
    }
    let (month, mut day) = (first.month(), first);
    while day.month() == month {
        if day.day() == date.day() {
            return day;
        }
        day = day.succ_opt().unwrap();
    }
    day
}

fn after(start: NaiveDate, period: &str) -> End {
    let mut end = start;
    let mut number = 0;
    for letter in period.strip_prefix('P')?.chars() {
        match letter {
            'Y' => end = months_later(end, number * 12),
            'M' => end = months_later(end, number),
            'W' => end = days_later(end, u64::from(number) * 7),
            'D' => end = days_later(end, number.into()),
            digit => {
                number = number * 10 + digit.to_digit(10)?;
                continue;
            }
        }
        number = 0;
    }
    Some(end)
}

fn retains(rule: &Value) -> bool {
    rule["action"] != "delete"
}

fn deletes(rule: &Value) -> bool {
    rule["action"] != "retain"
}

struct Rules<'c> {
    created: NaiveDate,
    modified: NaiveDate,
    case: &'c Value,
}

impl Rules<'_> {
    fn list(&self, name: &str) -> impl Iterator<Item = &Value> {
        self.case[name].as_array().into_iter().flatten()
    }

    fn is_off(policy: &Value) -> bool {
        let Some(released) = date(&policy["released"]) else { return false };
        !date(&policy["reenabled"]).is_some_and(|again| again >= released && again <= days_later(released, 30))
    }

    fn covering(&self) -> impl Iterator<Item = &Value> {
        self.list("policies").filter(|policy| policy["excluded"] != true)
    }

    fn in_force(&self) -> impl Iterator<Item = &Value> {
        self.covering().filter(|policy| !Self::is_off(policy))
    }

    fn policy_end(&self, policy: &Value) -> End {
        after(if policy["start"] == "modified" { self.modified } else { self.created }, policy["period"].as_str()?)
    }

    /// The end of the label's period; the flag says whether it waits for an event.
    fn label_end(&self, label: &Value) -> (End, bool) {
        let start = match label["start"].as_str() {
            Some("modified") => self.modified,
            Some("labeled") => date(&label["labeled_on"]).unwrap(),
            Some("event") => match date(&label["event_date"]) {
                Some(at) => at,
                None => return (None, true),
            },
            _ => self.created,
        };
        let end = after(start, label["period"].as_str().unwrap());
        let end = match label["extended"].as_str() {
            Some(more) => end.and_then(|end| after(end, more)),
            None => end,
        };
        (end, false)
    }

    /// Retained until.
    fn retained(&self) -> (Value, Option<End>) {
        let mut ends: Vec<End> = self.in_force().filter(|p| retains(p)).map(|p| self.policy_end(p)).collect();
        let mut waits = false;
        if let Some(label) = self.label().filter(|label| retains(label)) {
            let (end, event) = self.label_end(label);
            waits = event;
            if !event {
                ends.push(end);
            }
        }
        if ends.contains(&None) {
            return (json!("forever"), Some(None));
        }
        if waits {
            return (json!("until-event"), Some(None));
        }
        match ends.into_iter().flatten().max() {
            Some(end) => (json!(end.to_string()), Some(Some(end))),
            None => (Value::Null, None),
        }
    }

    fn label(&self) -> Option<&Value> {
        self.case.get("label")
    }

    fn delete_at(&self) -> End {
        if let Some(label) = self.label().filter(|label| deletes(label)) {
            return self.label_end(label).0;
        }
        let deleting = || self.in_force().filter(|policy| deletes(policy));
        let scoped: Vec<End> = deleting().filter(|p| p["scope"] != "org").map(|p| self.policy_end(p)).collect();
        if scoped.is_empty() {
            return deleting().filter_map(|policy| self.policy_end(policy)).min();
        }
        scoped.into_iter().flatten().min()
    }

    /// Everything of 3.3: purge = max(eligible, approval, end of every hold + its delay).
    fn delete_on(&self, retained: Option<End>) -> String {
        let Some(delete_at) = self.delete_at() else { return "never".to_owned() };
        let eligible = match retained {
            None => delete_at,
            Some(None) => return "never".to_owned(),
            Some(Some(end)) => end.max(delete_at),
        };
        let mut purge = eligible;
        if let Some(recorded) = self.label().filter(|l| l["start"] == "event").and_then(|l| date(&l["event_recorded"]))
        {
            purge = purge.max(recorded);
        }
        let waits_since = purge;
        for policy in self.covering().filter(|policy| Self::is_off(policy) && retains(policy)) {
            purge = purge.max(days_later(date(&policy["released"]).unwrap(), 30));
        }
        for hold in self.list("holds").filter(|hold| self.covers(hold)) {
            match self.hold_end(hold) {
                Some(end) => purge = purge.max(end),
                None => return "held".to_owned(),
            }
        }
        if let Some(label) = self.label().filter(|label| label["review"] == true) {
            match date(&label["approved_on"]) {
                Some(approved) => purge = purge.max(approved),
                None => return format!("pending-review from {waits_since}"),
            }
        }
        purge.to_string()
    }

    fn covers(&self, hold: &Value) -> bool {
        hold["query"].is_null() || hold["matches"] == true || self.case["item"]["indexed"] == false
    }

    /// The first day on which the hold no longer holds; an early one if it never did.
    fn hold_end(&self, hold: &Value) -> End {
        let lapse = hold["duration"].as_str().and_then(|duration| after(self.created, duration));
        if lapse.is_some_and(|lapse| lapse <= date(&hold["from"]).unwrap()) {
            return Some(NaiveDate::MIN);
        }
        match (date(&hold["released"]), lapse) {
            (Some(released), lapse) if lapse.is_none_or(|lapse| released < lapse) => {
                let full = days_later(released, 30);
                Some(date(&hold["delay_removed"]).map_or(full, |removed| removed.max(released).min(full)))
            }
            (_, lapse) => lapse,
        }
    }
}

fn judge(case: &Value) -> (Value, String) {
    let created = date(&case["item"]["created"]).unwrap();
    let rules = Rules { created, modified: date(&case["item"]["modified"]).unwrap_or(created), case };
    let (retain_until, end) = rules.retained();
    (retain_until, rules.delete_on(end))
}

fn day() -> impl Strategy<Value = Value> {
    let first = NaiveDate::from_ymd_opt(2018, 1, 1).unwrap();
    let ends = ["2020-02-29", "2020-01-31", "2019-12-31", "2021-03-31", "2022-02-28", "2024-02-29"];
    prop_oneof![
        4 => (0..3000_u64).prop_map(move |days| json!(days_later(first, days).to_string())),
        1 => sample::select(ends.to_vec()).prop_map(|day| json!(day)),
    ]
}

fn period() -> impl Strategy<Value = Value> {
    prop_oneof![
        4 => (0..12_u32).prop_map(|years| json!(format!("P{years}Y"))),
        2 => (0..30_u32).prop_map(|months| json!(format!("P{months}M"))),
        2 => (0..3000_u32).prop_map(|days| json!(format!("P{days}D"))),
        1 => (1..3_u32, 1..12_u32, 0..40_u32).prop_map(|(y, m, d)| json!(format!("P{}M{d}D", y * 12 + m))),
        1 => Just(json!("unlimited")),
    ]
}

fn action() -> impl Strategy<Value = Value> {
    sample::select(vec![json!("retain"), json!("delete"), json!("retain+delete")])
}

/// An object of these fields, without those that are absent.
fn object(fields: Vec<(&str, Option<Value>)>) -> Value {
    let fields = fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
    Value::Object(fields.collect::<Map<_, _>>())
}

fn policy() -> impl Strategy<Value = Value> {
    let scope = sample::select(vec![json!("org"), json!("static"), json!("adaptive")]);
    let start = option::of(sample::select(vec![json!("created"), json!("modified")]));
    let released = option::weighted(0.3, (day(), option::of(0..60_u64)));
    (scope, action(), period(), start, option::weighted(0.2, any::<bool>()), released).prop_map(
        |(scope, action, period, start, excluded, released)| {
            let again = released.as_ref().and_then(|(at, days)| Some(days_later(date(at)?, (*days)?)));
            object(vec![
                ("id", Some(json!("A"))),
                ("scope", Some(scope)),
                ("action", Some(action)),
                ("period", Some(period)),
                ("start", start),
                ("excluded", excluded.map(Value::from)),
                ("released", released.map(|(at, _)| at)),
                ("reenabled", again.map(|at| json!(at.to_string()))),
            ])
        },
    )
}

fn label() -> impl Strategy<Value = Value> {
    let start = option::of(sample::select(vec!["created", "modified", "labeled", "event"]));
    let event = option::of((day(), option::of(day())));
    let review = (option::of(any::<bool>()), option::of(day()), option::weighted(0.2, period()));
    (action(), period(), start, day(), event, review).prop_map(|(action, period, start, labeled, event, review)| {
        let event = event.filter(|_| start == Some("event"));
        let (recorded, event) = event.map_or((None, None), |(at, recorded)| (recorded, Some(at)));
        let (review, approved, extended) = review;
        object(vec![
            ("id", Some(json!("L"))),
            ("action", Some(action)),
            ("period", Some(period)),
            ("start", start.map(Value::from)),
            ("labeled_on", Some(labeled).filter(|_| start == Some("labeled"))),
            ("event_date", event),
            ("event_recorded", recorded),
            ("review", review.map(Value::from)),
            ("approved_on", approved),
            ("extended", extended),
        ])
    })
}

fn hold() -> impl Strategy<Value = Value> {
    let released = option::weighted(0.8, (0..2000_u64, option::of(0..50_u64)));
    let query = option::of(any::<bool>());
    (day(), query, option::weighted(0.3, period()), released).prop_map(|(from, query, duration, released)| {
        let off = released.map(|(days, _)| days_later(date(&from).unwrap(), days));
        let removed = released.and_then(|(_, days)| Some(days_later(off?, days?)));
        object(vec![
            ("id", Some(json!("H"))),
            ("from", Some(from)),
            ("query", query.map(|_| json!("budget"))),
            ("matches", query.map(Value::from)),
            ("duration", duration),
            ("released", off.map(|at| json!(at.to_string()))),
            ("delay_removed", removed.map(|at| json!(at.to_string()))),
        ])
    })
}

fn case() -> impl Strategy<Value = Value> {
    let item = (day(), option::of(0..900_u64), option::weighted(0.2, any::<bool>()));
    let policies = collection::vec(policy(), 0..4);
    (item, policies, option::of(label()), collection::vec(hold(), 0..3)).prop_map(|(item, policies, label, holds)| {
        let (created, modified, indexed) = item;
        let modified = modified.and_then(|days| Some(json!(days_later(date(&created)?, days).to_string())));
        let item = vec![("created", Some(created)), ("modified", modified), ("indexed", indexed.map(Value::from))];
        object(vec![
            ("n", Some(json!(1))),
            ("item", Some(object(item))),
            ("policies", Some(Value::from(policies))),
            ("label", label),
            ("holds", Some(Value::from(holds))),
        ])
    })
}

#[test]
fn the_shared_cases_come_out_by_the_prose_too() {
    let Some(folder) = std::env::var_os("CUSTODIA_SHARED") else {
        eprintln!("skipped: CUSTODIA_SHARED is not set");
        return;
    };
    let path = std::path::Path::new(&folder).join("samples/legal/retention_cases.json");
    let cases: Vec<Value> = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    // The prose has no word for a disposition that took place.
    for case in cases.iter().filter(|case| case["purge_run"].is_null()) {
        let expected =
            (case["expect"]["retain_until"].clone(), case["expect"]["delete_on"].as_str().unwrap().to_owned());
        assert_eq!(judge(case), expected, "case {}", case["n"]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(5000))]

    #[test]
    fn the_engine_agrees_with_the_prose(case in case()) {
        let (retain_until, delete_on) = judge(&case);
        let verdict = read_cases(&Value::from(vec![case]).to_string()).unwrap()[0].judge().unwrap();
        prop_assert_eq!(json!(verdict.retain_until), retain_until);
        prop_assert_eq!(verdict.delete_on, delete_on);
    }
}
