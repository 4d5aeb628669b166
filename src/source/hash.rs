//! Numbers by which what is kept in memory is found again: equal for equal values, on every
//! machine and in every run.

use foldhash::{fast, quality::FixedState};
use std::collections::HashMap;
use std::hash::{BuildHasher, Hash, Hasher};

/// What is only looked up, by keys that no stranger chooses.
pub type LookupMap<K, V> = HashMap<K, V, fast::FixedState>;

/// A number for a value.
pub fn hash(value: impl Hash) -> u64 {
    FixedState::with_seed(0).hash_one(value)
}

/// Makes such a number of several values. Numbers of different seeds have nothing in common.
pub fn hasher(seed: u64) -> impl Hasher {
    FixedState::with_seed(seed).build_hasher()
}
