//! How long a call took, as the text of its mail says.

/// Bytes of a body in which it is looked for.
const LIMIT: usize = 64 * 1024;

/// The seconds in the first line of `body` that names a duration.
pub(super) fn seconds(body: &str) -> Option<u64> {
    let body = body.get(..body.floor_char_boundary(LIMIT)).unwrap_or(body);
    body.lines().find_map(|line| {
        let at = line.to_ascii_lowercase().find("duration")?;
        duration(line.get(at + "duration".len()..)?)
    })
}

/// Seconds of `: 00:01:23`, `1 min 23 sec`, `83`.
fn duration(text: &str) -> Option<u64> {
    let text = text.trim_start_matches(|c: char| !c.is_ascii_digit());
    let clock = text.split_whitespace().next().unwrap_or_default();
    if clock.contains(':') {
        let parts: Option<Vec<u64>> = clock.split(':').map(|part| part.parse().ok()).collect();
        let parts = parts.filter(|parts| parts.len() <= 3)?;
        return parts.into_iter().try_fold(0_u64, |sum, part| sum.checked_mul(60)?.checked_add(part));
    }
    let mut seconds: Option<u64> = None;
    let mut rest = text;
    while let Some(end) = rest.find(|c: char| !c.is_ascii_digit()).or(Some(rest.len())).filter(|end| *end > 0) {
        let (digits, unit) = rest.split_at(end);
        let unit = unit.trim_start();
        let scale = match unit.chars().next().map(|c| c.to_ascii_lowercase()) {
            Some('h') => 3600,
            Some('m') => 60,
            Some('s') | None => 1,
            Some(_) if seconds.is_none() => 1,
            Some(_) => break,
        };
        let value = digits.parse::<u64>().ok()?.checked_mul(scale)?;
        seconds = Some(seconds.unwrap_or(0).checked_add(value)?);
        rest = unit.trim_start_matches(|c: char| c.is_alphabetic() || c == '.').trim_start_matches([' ', ',']);
    }
    seconds
}
