//! What is written of a rule is read as the same rule, whatever its texts are.

use proptest::option;
use proptest::prelude::*;

use super::file::RuleFile;
use super::text::{HEAD, label_text, policy_text};
use crate::archive::label::NewLabel;
use crate::archive::policy::{NewPolicy, NewScope};
use crate::model::{Actor, LabelStart, RecordKind, RetentionAction, RetentionPeriod, RetentionTrigger, ReviewStage};

fn action() -> impl Strategy<Value = RetentionAction> {
    prop_oneof![Just(RetentionAction::Retain), Just(RetentionAction::Delete), Just(RetentionAction::RetainAndDelete)]
}

fn period() -> impl Strategy<Value = RetentionPeriod> {
    prop_oneof![
        (any::<u32>(), any::<u32>()).prop_map(|(months, days)| RetentionPeriod::Span { months, days }),
        Just(RetentionPeriod::Unlimited),
    ]
}

fn texts() -> impl Strategy<Value = Vec<String>> {
    prop::collection::btree_set(any::<String>(), 0..3).prop_map(|texts| texts.into_iter().collect())
}

fn scope() -> impl Strategy<Value = NewScope> {
    prop_oneof![
        texts().prop_map(|except| NewScope::All { except }),
        texts().prop_filter("at least one", |include| !include.is_empty()).prop_map(NewScope::Include),
        any::<String>().prop_map(NewScope::Adaptive),
    ]
}

prop_compose! {
    fn policy()(
        name: String, action in action(), period in period(), modified: bool, scope in scope(), folders in texts(),
        query in option::of(any::<String>()),
    ) -> NewPolicy {
        let trigger = if modified { RetentionTrigger::Modified } else { RetentionTrigger::Created };
        NewPolicy { name, action, period, trigger, scope, folders, query }
    }
}

prop_compose! {
    fn label()(
        name: String, action in action(), period in period(), folders in texts(),
        start in prop_oneof![
            Just(LabelStart::Created), Just(LabelStart::Modified), Just(LabelStart::Labelled),
            any::<String>().prop_map(LabelStart::Event),
        ],
        record in prop_oneof![Just(RecordKind::None), Just(RecordKind::Record), Just(RecordKind::Regulatory)],
        query in option::of(any::<String>()), next in option::of(any::<String>()),
        review in prop::collection::vec(prop::collection::vec(any::<String>().prop_map(Actor), 1..3), 0..3),
    ) -> NewLabel {
        let review = review.into_iter().map(|reviewers| ReviewStage { reviewers }).collect();
        NewLabel { name, action, period, start, record, folders, query, review, next }
    }
}

proptest! {
    #[test]
    fn rules_come_back_as_they_were_written(policy in policy(), label in label()) {
        let text = format!("{HEAD}{}{}", policy_text(&policy), label_text(&label));
        let file = RuleFile::parse(&text).expect("what is written is read");
        let [read] = file.policies.as_slice() else { panic!("one policy: {text}") };
        prop_assert_eq!(policy_text(&read.value), policy_text(&policy));
        prop_assert_eq!(&read.value.name, &policy.name);
        let [read] = file.labels.as_slice() else { panic!("one label: {text}") };
        prop_assert_eq!(label_text(&read.value), label_text(&label));
        prop_assert_eq!(&read.value.review, &label.review);
    }

    #[test]
    fn no_text_makes_reading_panic(text: String, cut in 0..400_usize) {
        let whole = format!("{HEAD}[[policy]]\nname = \"a\"\naction = \"retain\"\nperiod = \"1y\"\n{text}");
        drop(RuleFile::parse(&text));
        drop(RuleFile::parse(&whole.chars().take(cut).collect::<String>()));
        drop(RuleFile::parse(&whole));
    }
}
