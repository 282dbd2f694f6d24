//! Short fingerprints that are the same on every machine and at every time.

use std::fmt::Write as _;

use serde::Serialize;
use sha2::{Digest, Sha256};

/// 64 bits that tell whether something has changed; whoever wants to can find two that are alike.
pub(super) fn of(bytes: &[u8]) -> u64 {
    // FNV-1a.
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

/// A fingerprint to approve something by, of which nobody can find two that are alike.
pub(super) fn secure(value: &impl Serialize) -> String {
    of_all([value])
}

/// The same of many values, one after the other.
pub(super) fn of_all(values: impl IntoIterator<Item = impl Serialize>) -> String {
    let mut digest = Sha256::new();
    for value in values {
        digest.update(serde_json::to_vec(&value).unwrap_or_default());
        // No JSON has it.
        digest.update([0]);
    }
    digest.finalize().iter().take(16).fold(String::new(), |mut hex, byte| {
        // Writing to a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
