//! What may come before what, and what surely lasts as long.

use crate::model::UtcTime;
use crate::retention::{Disposition, RetainUntil};

const NOW: UtcTime = UtcTime(1_000);

#[test]
fn only_what_ends_on_a_known_day_or_never_surely_reaches_a_day_to_come() {
    use RetainUntil::{At, Event, Forever, No};
    let (past, soon, late) = (At(UtcTime(10)), At(UtcTime(2_000)), At(UtcTime(3_000)));
    let all = [No, past, soon, late, Event, Forever];
    let reaches = |other: RetainUntil| all.map(|own| own.surely_reaches(other, NOW));
    assert_eq!(reaches(No), [true; 6]);
    assert_eq!(reaches(past), [true; 6], "it is over");
    assert_eq!(reaches(soon), [false, false, true, true, false, true]);
    assert_eq!(reaches(late), [false, false, false, true, false, true]);
    assert_eq!(reaches(Event), [false, false, false, false, false, true]);
    assert_eq!(reaches(Forever), [false, false, false, false, false, true]);
}

#[test]
fn a_review_may_end_before_an_instant_and_last_longer() {
    use Disposition::{At, Held, Never, PendingReview};
    let pending = |since| PendingReview { since: UtcTime(since) };
    let at = |at| At(UtcTime(at));
    for (one, other, may) in [
        (at(2_000), at(3_000), true),
        (at(3_000), at(2_000), false),
        (at(10), at(20), false),
        (pending(10), at(2_000), true),
        (pending(3_000), at(2_000), false),
        (at(2_000), pending(10), true),
        (at(10), pending(10), true),
        (pending(10), pending(20), false),
        (pending(10), pending(2_000), true),
        (Held, Never, true),
        (Never, at(10), false),
        (pending(10), Held, true),
    ] {
        assert_eq!(one.may_precede(other, NOW), may, "{one} and {other}");
    }
}
