//! Name trees and number trees (ISO 32000-1, 7.9.6 and 7.9.7).

use super::objects::Objects;
use super::syntax::{push_integer, push_reference, push_string, separate};

/// Entries of one leaf. Readers look for a key in a whole leaf.
const LEAF_SIZE: usize = 64;

/// Entries of a number tree: key and written value.
pub type Numbers = Vec<(usize, Vec<u8>)>;

/// Keys that a tree can be sorted by.
pub trait Key {
    /// Name of the leaf's array.
    const ARRAY: &'static str;
    fn write(&self, out: &mut Vec<u8>);
}

impl Key for usize {
    const ARRAY: &'static str = "/Nums[";
    fn write(&self, out: &mut Vec<u8>) {
        push_integer(out, *self as i64);
    }
}

impl Key for Vec<u8> {
    const ARRAY: &'static str = "/Names[";
    fn write(&self, out: &mut Vec<u8>) {
        push_string(out, self);
    }
}

/// Writes a tree of sorted entries; returns the object number of its root.
pub fn push_tree<K: Key>(entries: Vec<(K, Vec<u8>)>, objects: &mut Objects) -> u32 {
    let mut out = b"<<".to_vec();
    if entries.len() <= LEAF_SIZE {
        push_leaf(&entries, &mut out);
    } else {
        out.extend_from_slice(b"/Kids[");
        for leaf in entries.chunks(LEAF_SIZE) {
            let mut kid = b"<<".to_vec();
            if let (Some((first, _)), Some((last, _))) = (leaf.first(), leaf.last()) {
                kid.extend_from_slice(b"/Limits[");
                first.write(&mut kid);
                separate(&mut kid);
                last.write(&mut kid);
                kid.push(b']');
            }
            push_leaf(leaf, &mut kid);
            kid.extend_from_slice(b">>");
            let number = objects.add_raw(&kid);
            separate(&mut out);
            push_reference(&mut out, number);
        }
        out.push(b']');
    }
    out.extend_from_slice(b">>");
    objects.add_raw(&out)
}

fn push_leaf<K: Key>(entries: &[(K, Vec<u8>)], out: &mut Vec<u8>) {
    out.extend_from_slice(K::ARRAY.as_bytes());
    for (key, value) in entries {
        separate(out);
        key.write(out);
        separate(out);
        out.extend_from_slice(value);
    }
    out.push(b']');
}
