//! Random numbers for what needs no secrets: the standard library seeds its hashers at random.

use std::hash::{BuildHasher, RandomState};

/// 128 bits.
pub(crate) fn bits() -> u128 {
    let (high, low) = (RandomState::new().hash_one(0), RandomState::new().hash_one(1));
    u128::from(high) << 64 | u128::from(low)
}

/// A number from 0 to below 1.
pub(crate) fn fraction() -> f64 {
    let bits = u32::try_from(bits() >> 96).unwrap_or_default();
    f64::from(bits) / (f64::from(u32::MAX) + 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fractions_lie_everywhere_from_0_to_below_1() {
        let fractions: Vec<f64> = (0..1000).map(|_| fraction()).collect();
        assert!(fractions.iter().all(|fraction| (0.0..1.0).contains(fraction)));
        for tenth in 0..10 {
            let range = f64::from(tenth) / 10.0..f64::from(tenth + 1) / 10.0;
            assert!(fractions.iter().any(|fraction| range.contains(fraction)), "{range:?}");
        }
    }
}
