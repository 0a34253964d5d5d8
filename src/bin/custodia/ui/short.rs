//! Digests and ids in tables.

/// Characters of a digest that tables show; its beginning tells it from others.
const SHOWN: usize = 16;

/// The beginning of a digest or of a long id; anything else as it is.
pub(crate) fn short(text: &str) -> String {
    let is_id = text.len() >= 2 * SHOWN && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    text.get(..SHOWN).filter(|_| is_id).unwrap_or(text).to_owned()
}

#[cfg(test)]
mod tests {
    use super::short;

    #[test]
    fn only_digests_are_cut() {
        assert_eq!(short(&"0a".repeat(32)), "0a0a0a0a0a0a0a0a");
        for whole in ["", "17", "ann@firm.example", "facade facade facade facade facade facade"] {
            assert_eq!(short(whole), whole);
        }
    }
}
