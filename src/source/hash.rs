//! Hashes: 64-bit numbers for lookup in memory, and SHA-256 for values that are written to files.
//! Both are deterministic on every machine and in every run.

use foldhash::{fast, quality::FixedState};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::hash::{BuildHasher, Hash, Hasher};

/// A map for lookup only (its order is arbitrary), with keys that no attacker chooses.
pub type LookupMap<K, V> = HashMap<K, V, fast::FixedState>;

/// A 64-bit hash of a value.
pub fn hash(value: impl Hash) -> u64 {
    FixedState::with_seed(0).hash_one(value)
}

/// A hasher for several values. Hashes with different seeds are unrelated.
pub fn hasher(seed: u64) -> impl Hasher {
    FixedState::with_seed(seed).build_hasher()
}

/// How many digits [`sha256`] has.
pub const SHA256_DIGITS: usize = 64;

/// A SHA-256 in hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    let digits = digest.iter().flat_map(|byte| [byte >> 4, byte & 0x0f]);
    digits.filter_map(|digit| char::from_digit(u32::from(digit), 16)).collect()
}
