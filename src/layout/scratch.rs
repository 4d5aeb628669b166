//! Lists that are filled and let go again for every paragraph. Each thread keeps their room:
//! memory that has gone back to the system is cleared before it is to be had again.

use std::cell::RefCell;
use std::ops::{Deref, DerefMut};
use std::thread::LocalKey;

/// Lists that are kept of a kind: those of a paragraph, and of one inside of it.
const MOST_LISTS: usize = 4;
/// Longer lists are not kept, in bytes.
const MOST_BYTES: usize = 256 * 1024;

/// Lists of a kind that are not in use, all of them empty.
pub type Spare<T> = RefCell<Vec<Vec<T>>>;

/// A list in the room of one before it.
pub struct Scratch<T: 'static> {
    list: Vec<T>,
    spare: &'static LocalKey<Spare<T>>,
}

impl<T> Scratch<T> {
    /// An empty list with room for so many.
    pub fn with_capacity(spare: &'static LocalKey<Spare<T>>, capacity: usize) -> Self {
        let mut list = spare.with_borrow_mut(Vec::pop).unwrap_or_default();
        list.reserve(capacity);
        Scratch { list, spare }
    }
}

impl<T> Drop for Scratch<T> {
    fn drop(&mut self) {
        let mut list = std::mem::take(&mut self.list);
        list.clear();
        if list.capacity().saturating_mul(size_of::<T>()) > MOST_BYTES {
            return;
        }
        // A thread that ends has no more use for it.
        let _ = self.spare.try_with(|spare| {
            let mut spare = spare.borrow_mut();
            if spare.len() < MOST_LISTS {
                spare.push(list);
            }
        });
    }
}

impl<T> Deref for Scratch<T> {
    type Target = Vec<T>;

    fn deref(&self) -> &Vec<T> {
        &self.list
    }
}

impl<T> DerefMut for Scratch<T> {
    fn deref_mut(&mut self) -> &mut Vec<T> {
        &mut self.list
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    thread_local! {
        static SPARE: Spare<u64> = RefCell::default();
    }

    fn spare() -> Vec<(usize, usize)> {
        SPARE.with_borrow(|lists| lists.iter().map(|list| (list.len(), list.capacity())).collect())
    }

    #[test]
    fn the_room_of_a_list_is_used_again() {
        let mut list = Scratch::with_capacity(&SPARE, 10);
        list.extend(0..10);
        let room = list.capacity();
        drop(list);
        assert_eq!(spare(), [(0, room)]);
        assert_eq!(Scratch::with_capacity(&SPARE, 5).capacity(), room);
    }

    #[test]
    fn little_room_is_kept() {
        drop(Scratch::with_capacity(&SPARE, MOST_BYTES));
        assert!(spare().is_empty());
        let lists: Vec<_> = (0..=MOST_LISTS).map(|_| Scratch::with_capacity(&SPARE, 1)).collect();
        drop(lists);
        assert_eq!(spare().len(), MOST_LISTS);
    }
}
