//! A random sample that can be proved and repeated.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

/// Whether `number` is drawn when `percent` of a hundred are: whether the first eight bytes of HMAC-SHA256 (RFC 2104) of its
/// eight big-endian bytes under `key`, as a fraction of 2^64, are less than that share. The same always comes out the same, and
/// a higher share only adds.
pub fn is_drawn(key: &[u8; 32], number: u64, percent: u32) -> bool {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return true };
    mac.update(&number.to_be_bytes());
    let tag: [u8; 32] = mac.finalize().into_bytes().into();
    let first = tag.iter().take(8).fold(0_u64, |value, byte| (value << 8) | u64::from(*byte));
    u128::from(first) * 100 < u128::from(percent) << 64
}

#[cfg(test)]
mod tests {
    use super::is_drawn;

    #[test]
    fn a_share_is_drawn_and_a_higher_one_only_adds() {
        let key = [7; 32];
        let drawn = |percent| (0..10_000).filter(|number| is_drawn(&key, *number, percent)).collect::<Vec<u64>>();
        assert_eq!((drawn(0).len(), drawn(100).len()), (0, 10_000));
        let mut before = Vec::new();
        for percent in [1, 10, 25, 50, 90] {
            let now = drawn(percent);
            let expected = percent as usize * 100;
            assert!(now.len().abs_diff(expected) < 250, "{percent}: {}", now.len());
            assert!(before.iter().all(|number| now.contains(number)), "{percent}");
            before = now;
        }
        assert_ne!(drawn(10), (0..10_000).filter(|number| is_drawn(&[8; 32], *number, 10)).collect::<Vec<u64>>());
    }

    /// Computed with OpenSSL: `printf '\0\0\0\0\0\0\0\1' | openssl dgst -sha256 -mac HMAC -macopt hexkey:0707...07`.
    #[test]
    fn the_draw_is_that_of_the_standard() {
        // 0xc95f56381ac7d2ae of 2^64 is 0.7866.
        assert_eq!((is_drawn(&[7; 32], 1, 79), is_drawn(&[7; 32], 1, 78)), (true, false));
    }
}
