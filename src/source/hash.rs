//! Numbers by which what is kept in memory is found again: equal for equal values, on every
//! machine and in every run.

use foldhash::quality::FixedState;
use std::hash::{BuildHasher, Hash, Hasher};

/// A number for a value.
pub fn hash(value: impl Hash) -> u64 {
    FixedState::with_seed(0).hash_one(value)
}

/// Makes such a number of several values. Numbers of different seeds have nothing in common.
pub fn hasher(seed: u64) -> impl Hasher {
    FixedState::with_seed(seed).build_hasher()
}
