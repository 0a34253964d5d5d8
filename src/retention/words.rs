//! Effects in words that can be read out.

use std::fmt;

use crate::model::UtcTime;

use super::delay::delay_end;
use super::{DELAY_DAYS, Effect, Extension, HoldDoubt, HoldEnd, RetainUntil, Source, Span, SpanStart};

impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Retains(span) => write_retains(f, "retains", span),
            Self::Deletes(span) => write_deletes(f, "deletes", span),
            Self::RetainsLess { span, by: (source, name) } => {
                write_retains(f, "retains", span)?;
                write!(f, "; {source} `{name}` retains at least as long")
            }
            Self::DeletesLess { span, by: (source, name) } => {
                write_deletes(f, "would delete", span)?;
                write!(f, "; {source} `{name}` decides instead")
            }
            Self::DeletesInDoubt(span) => {
                write_deletes(f, "would delete", span)?;
                f.write_str("; whether it covers the item is not known, so it deletes nothing")
            }
            Self::Waits { delete_at, until, by } => write_waits(f, *delete_at, *until, by),
            Self::Released { at, until } => {
                write!(f, "was released on {}; retains until {} ({DELAY_DAYS} days of delay)", Date(*at), Date(*until))
            }
            Self::DeletionReleased { at } => write!(f, "was released on {}; deletes nothing any longer", Date(*at)),
            Self::Holds { from, end, doubt } => write_holds(f, *from, *end, *doubt),
            Self::HoldsLater { from } => write!(f, "is placed only on {}; does not hold yet", Date(*from)),
            Self::AwaitsReview { since } => {
                write!(f, "requires a disposition review; waits for it from {}", Date(*since))
            }
            Self::Approved { at } => write!(f, "disposition approved on {}", Date(*at)),
            Self::RecordedLate { event, recorded_at } => {
                write!(f, "event of {} recorded only on {}; retains until then", Date(*event), Date(*recorded_at))
            }
            Self::Resides { captured, days, until } => {
                write!(
                    f,
                    "forbids disposition until {} ({days} days after capture on {})",
                    Date(*until),
                    Date(*captured)
                )
            }
            Self::Unread { why } => {
                write!(f, "is taken to concern the item as far as it retains, and deletes nothing: {why}")
            }
            Self::MayAskReview => {
                f.write_str("would have the disposition reviewed if the item gets it; so the item stays")
            }
            Self::Stays => f.write_str("nothing deletes the item; it stays"),
        }
    }
}

impl fmt::Display for RetainUntil {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::No => f.write_str("not retained"),
            Self::At(at) => Date(*at).fmt(f),
            Self::Event => f.write_str("until an event"),
            Self::Forever => f.write_str("forever"),
        }
    }
}

impl fmt::Display for Span {
    /// `P7Y from creation on 2020-01-15`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.period)?;
        match self.extension {
            Some(Extension::By(period)) => write!(f, ", extended by {period},")?,
            Some(Extension::Until(until)) => write!(f, ", extended until {},", Date(until))?,
            None => {}
        }
        match self.start {
            SpanStart::Creation(at) => write!(f, " from creation on {}", Date(at)),
            SpanStart::Modification(at) => write!(f, " from modification on {}", Date(at)),
            SpanStart::Labelling(at) => write!(f, " from labelling on {}", Date(at)),
            SpanStart::Event(Some(at)) => write!(f, " from the event on {}", Date(at)),
            SpanStart::Succession(Some(at)) => write!(f, " from the end of the label before on {}", Date(at)),
            SpanStart::Succession(None) => f.write_str(" from the end of the label before, which is not known yet"),
            SpanStart::Event(None) => f.write_str(" from an event that is not recorded yet"),
        }
    }
}

fn write_retains(f: &mut fmt::Formatter<'_>, verb: &str, span: &Span) -> fmt::Result {
    match span.end() {
        RetainUntil::At(at) => write!(f, "{verb} until {} ({span})", Date(at)),
        RetainUntil::Event => write!(f, "{verb} until an event is recorded ({span})"),
        RetainUntil::No | RetainUntil::Forever => write!(f, "{verb} without end ({span})"),
    }
}

fn write_deletes(f: &mut fmt::Formatter<'_>, verb: &str, span: &Span) -> fmt::Result {
    match span.end() {
        RetainUntil::At(at) => write!(f, "{verb} on {} ({span})", Date(at)),
        RetainUntil::Event => write!(f, "{verb} only after an event is recorded ({span})"),
        RetainUntil::No | RetainUntil::Forever => write!(f, "{verb} never ({span})"),
    }
}

fn write_waits(
    f: &mut fmt::Formatter<'_>,
    delete_at: UtcTime,
    until: RetainUntil,
    (source, name): &(Source, std::sync::Arc<str>),
) -> fmt::Result {
    write!(f, "would delete on {}; waits ", Date(delete_at))?;
    match until {
        RetainUntil::At(at) => write!(f, "until {}, when the retention by {source} `{name}` ends", Date(at)),
        RetainUntil::Event => write!(f, "for an event, because {source} `{name}` retains until then"),
        RetainUntil::No | RetainUntil::Forever => write!(f, "without end, because {source} `{name}` retains forever"),
    }
}

fn write_holds(f: &mut fmt::Formatter<'_>, from: UtcTime, end: HoldEnd, doubt: Option<HoldDoubt>) -> fmt::Result {
    write!(f, "holds from {}", Date(from))?;
    match end {
        HoldEnd::Open => f.write_str(" until it is released")?,
        HoldEnd::Duration { span, until } => write!(f, " until {} ({span})", Date(until))?,
        HoldEnd::Delay { released_at, until } => {
            write!(f, " until {} (released on {}, ", Date(until), Date(released_at))?;
            if until < delay_end(released_at) {
                f.write_str("delay ended early)")?;
            } else {
                write!(f, "then {DELAY_DAYS} days of delay)")?;
            }
        }
    }
    match doubt {
        None => Ok(()),
        Some(HoldDoubt::PartiallyIndexed) => {
            f.write_str("; the item is only partially indexed, so the hold's query may miss it")
        }
        Some(HoldDoubt::Unevaluated) => f.write_str("; it is not known whether the hold's query finds it"),
    }
}

/// A time in words: only the date if it is the first instant of one.
struct Date(UtcTime);

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.0.to_string();
        f.write_str(text.strip_suffix("T00:00:00Z").unwrap_or(&text))
    }
}
