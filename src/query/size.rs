//! Sizes in bytes.

use super::ast::Interval;
use super::code;
use super::refusal::{ValueRefusal, excerpt};
use super::token::{Comparison, RawText};

/// Unit suffixes and their bytes.
const UNITS: [(&str, i64); 3] = [("kb", 1 << 10), ("mb", 1 << 20), ("gb", 1 << 30)];

/// The bytes that a restriction of `size` allows; `NotEqual` is negated by the caller.
pub(super) fn interval(value: &RawText, comparison: Comparison) -> Result<Interval, ValueRefusal> {
    if let Some((first, last)) = value.text.split_once("..") {
        return range(bytes(first)?, bytes(last)?, comparison);
    }
    let size = bytes(&value.text)?;
    Ok(match comparison {
        Comparison::Equal | Comparison::NotEqual => Interval { from: Some(size), before: Some(size + 1) },
        Comparison::Less => Interval { from: None, before: Some(size) },
        Comparison::LessOrEqual => Interval { from: None, before: Some(size + 1) },
        Comparison::Greater => Interval { from: Some(size + 1), before: None },
        Comparison::GreaterOrEqual => Interval { from: Some(size), before: None },
    })
}

/// Both ends included.
fn range(first: i64, last: i64, comparison: Comparison) -> Result<Interval, ValueRefusal> {
    if comparison.is_ordering() {
        let message = format!("`{}` does not take a range", comparison.spelling());
        return Err(ValueRefusal::new(code::E_OPERATOR_TYPE, message, "write `size:1..1048576`"));
    }
    if last < first {
        let message = "the range ends before it starts";
        return Err(ValueRefusal::new(code::E_RANGE_ORDER, message, "write the smaller size first"));
    }
    Ok(Interval { from: Some(first), before: Some(last + 1) })
}

/// A whole number of bytes below `i64::MAX`, with an optional unit of 1024, 1024^2 or 1024^3 bytes.
fn bytes(text: &str) -> Result<i64, ValueRefusal> {
    let folded = text.to_ascii_lowercase();
    let (digits, unit) = UNITS
        .iter()
        .find_map(|(suffix, unit)| folded.strip_suffix(suffix).map(|digits| (digits, *unit)))
        .unwrap_or((&folded, 1));
    let number = digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse::<i64>().ok()).flatten();
    number.and_then(|number| number.checked_mul(unit)).filter(|size| *size < i64::MAX).ok_or_else(|| {
        let hint = "write a whole number of bytes, or with KB, MB or GB (1024): `size>=5MB`, `size:1..1048576`";
        ValueRefusal::new(code::E_NUMBER_VALUE, format!("`{}` is not a size", excerpt(text)), hint)
    })
}
