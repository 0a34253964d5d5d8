//! Columns of numbers: what neighbouring rows have in common takes no room.
//!
//! A column is its first value, the step that divides all differences between neighbours, and the differences in steps.
//! Values that are all equal, or equally far apart, take three bytes in all; times in whole seconds a thousandth.

use crate::{Error, Result};

/// Writes the values of one column; how many there are is known to whoever reads it.
pub(super) fn write_column(values: &[i64], out: &mut Vec<u8>) {
    let Some((first, _)) = values.split_first() else { return };
    write_signed(*first, out);
    let step = differences(values).fold(0, |step, difference| gcd(step, difference.unsigned_abs()));
    let mut quotients = differences(values).map(|difference| quotient(difference, step));
    let stride = quotients.next().unwrap_or(0);
    let even = quotients.all(|quotient| quotient == stride);
    write_unsigned(step, out);
    if step > 0 {
        out.push(u8::from(even));
        let count = if even { 1 } else { usize::MAX };
        differences(values).take(count).for_each(|difference| write_signed(quotient(difference, step), out));
    }
}

/// Reads a column of `count` values.
///
/// # Errors
/// The bytes are not a column of so many.
pub(super) fn read_column(count: usize, bytes: &mut &[u8]) -> Result<Vec<i64>> {
    let mut values = Vec::with_capacity(count);
    if count == 0 {
        return Ok(values);
    }
    let mut value = read_signed(bytes)?;
    values.push(value);
    let step = read_unsigned(bytes)?;
    if step == 0 {
        values.resize(count, value);
        return Ok(values);
    }
    let even = read_byte(bytes)? == 1;
    let mut quotient = 0;
    for place in 1..count {
        if !even || place == 1 {
            quotient = read_signed(bytes)?;
        }
        value = value.wrapping_add((i128::from(quotient) * i128::from(step)) as i64);
        values.push(value);
    }
    Ok(values)
}

/// The value at `place` of a column of `count` values, all of which is passed by.
///
/// # Errors
/// The bytes are not a column of so many.
pub(super) fn column_at(count: usize, place: usize, bytes: &mut &[u8]) -> Result<i64> {
    let mut value = read_signed(bytes)?;
    let step = read_unsigned(bytes)?;
    if step == 0 {
        return Ok(value);
    }
    let even = read_byte(bytes)? == 1;
    let (mut quotient, mut found) = (0, value);
    for at in 1..count {
        if !even || at == 1 {
            quotient = read_signed(bytes)?;
        }
        value = value.wrapping_add((i128::from(quotient) * i128::from(step)) as i64);
        if at == place {
            found = value;
        }
    }
    Ok(found)
}

/// Writes a number, seven bits in a byte, the lowest first; the high bit says that more follow.
pub(super) fn write_unsigned(mut value: u64, out: &mut Vec<u8>) {
    while value > 0x7f {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Reads what `write_unsigned` wrote.
///
/// # Errors
/// The bytes end early, or hold more than 64 bits.
pub(super) fn read_unsigned(bytes: &mut &[u8]) -> Result<u64> {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let byte = read_byte(bytes)?;
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Ok(value);
        }
    }
    Err(damaged())
}

fn write_signed(value: i64, out: &mut Vec<u8>) {
    write_unsigned(((value << 1) ^ (value >> 63)) as u64, out);
}

fn read_signed(bytes: &mut &[u8]) -> Result<i64> {
    let value = read_unsigned(bytes)?;
    Ok((value >> 1) as i64 ^ -((value & 1) as i64))
}

fn read_byte(bytes: &mut &[u8]) -> Result<u8> {
    let (byte, rest) = bytes.split_first().ok_or_else(damaged)?;
    *bytes = rest;
    Ok(*byte)
}

/// The difference of each value to the one before it, as it comes out in 64 bits.
fn differences(values: &[i64]) -> impl Iterator<Item = i64> + '_ {
    values.iter().zip(values.iter().skip(1)).map(|(before, value)| value.wrapping_sub(*before))
}

fn quotient(difference: i64, step: u64) -> i64 {
    if step == 0 { 0 } else { (i128::from(difference) / i128::from(step)) as i64 }
}

fn gcd(mut a: u64, mut b: u64) -> u64 {
    while b > 0 {
        (a, b) = (b, a % b);
    }
    a
}

fn damaged() -> Error {
    Error::Corrupt("a group of rows cannot be read: its columns are damaged".to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn written(values: &[i64]) -> Vec<u8> {
        let mut bytes = Vec::new();
        write_column(values, &mut bytes);
        bytes
    }

    #[test]
    fn regular_columns_are_short() {
        for (values, bytes) in [
            (vec![], vec![]),
            (vec![7], vec![14, 0]),
            (vec![-1, -1, -1], vec![1, 0]),
            (vec![5, 6, 7, 8], vec![10, 1, 1, 2]),
            (vec![0, 60_000, 180_000], vec![0, 0xe0, 0xd4, 3, 0, 2, 4]),
        ] {
            assert_eq!(written(&values), bytes, "{values:?}");
        }
    }

    #[test]
    fn damage_is_an_error() {
        for bytes in [&[][..], &[0], &[0, 1], &[0, 1, 0, 2], &[0x80], &[0xff; 12]] {
            assert!(read_column(3, &mut &*bytes).is_err(), "{bytes:?}");
        }
    }

    proptest! {
        #[test]
        fn every_column_reads_as_it_was_written(
            values in prop::collection::vec(prop_oneof![any::<i64>(), Just(i64::MIN), Just(i64::MAX), -9_i64..9], 0..40)
        ) {
            let bytes = written(&values);
            let mut rest = bytes.as_slice();
            prop_assert_eq!(&read_column(values.len(), &mut rest).unwrap(), &values);
            prop_assert!(rest.is_empty());
            for (place, value) in values.iter().enumerate() {
                let mut rest = bytes.as_slice();
                prop_assert_eq!(column_at(values.len(), place, &mut rest).unwrap(), *value);
                prop_assert!(rest.is_empty());
            }
        }
    }
}
