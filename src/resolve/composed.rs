//! Things that are made of one another by name: the macros of a citation style,
//! the entries of a bibliography. What reads them follows the names for ever,
//! so circles and heaps are found before.

use std::collections::{BTreeMap, BTreeSet};

/// How long a chain of names may be.
const LINKS: usize = 32;

/// How many parts one name may come to, each counted as often as it is used.
const PARTS: usize = 10_000;

/// The names that each name is composed of. Names without an entry have no parts.
pub type NameDependencies = BTreeMap<String, Vec<String>>;

/// Why something cannot be put together, and the name at which it shows.
#[derive(Debug, PartialEq, Eq)]
pub enum Fault {
    /// The name is composed of itself.
    Circle(String),
    /// The name exceeds [`LINKS`] or [`PARTS`].
    TooLarge(String),
}

/// Looks for names that cannot be put together.
///
/// # Errors
/// The first one found.
pub fn check(composed: &NameDependencies) -> Result<(), Fault> {
    let mut visit = Visit { composed, open: BTreeSet::new(), done: BTreeMap::new() };
    composed.keys().try_for_each(|name| visit.size(name).map(|_| ()))
}

/// The total size of each name: its own size, and those of its parts as often as they are used. The
/// names have passed [`check`].
pub fn totals(composed: &NameDependencies, own: &BTreeMap<String, usize>) -> BTreeMap<String, usize> {
    fn total<'a>(
        name: &'a str,
        composed: &'a NameDependencies,
        own: &BTreeMap<String, usize>,
        done: &mut BTreeMap<String, usize>,
    ) -> usize {
        if let Some(known) = done.get(name) {
            return *known;
        }
        let parts = composed.get(name).into_iter().flatten();
        let all = own.get(name).copied().unwrap_or_default();
        let all = parts.fold(all, |sum: usize, part| sum.saturating_add(total(part, composed, own, done)));
        done.insert(name.to_owned(), all);
        all
    }
    let mut done = BTreeMap::new();
    for name in composed.keys().chain(own.keys()) {
        total(name, composed, own, &mut done);
    }
    done
}

/// How long the longest chain is that starts at a name, and all its parts.
#[derive(Clone, Copy)]
struct Size {
    links: usize,
    parts: usize,
}

struct Visit<'a> {
    composed: &'a NameDependencies,
    open: BTreeSet<&'a str>,
    done: BTreeMap<&'a str, Size>,
}

impl<'a> Visit<'a> {
    fn size(&mut self, name: &'a str) -> Result<Size, Fault> {
        if let Some(size) = self.done.get(name) {
            return Ok(*size);
        }
        if !self.open.insert(name) {
            return Err(Fault::Circle(name.to_owned()));
        }
        let mut size = Size { links: 1, parts: 1 };
        if self.open.len() <= LINKS {
            for part in self.composed.get(name).into_iter().flatten() {
                let of_part = self.size(part)?;
                size.links = size.links.max(of_part.links + 1);
                size.parts = size.parts.saturating_add(of_part.parts);
            }
        }
        if self.open.len() > LINKS || size.links > LINKS || size.parts > PARTS {
            return Err(Fault::TooLarge(name.to_owned()));
        }
        self.open.remove(name);
        self.done.insert(name, size);
        Ok(size)
    }
}

#[cfg(test)]
mod tests {
    use super::{Fault, NameDependencies, check, totals};
    use std::collections::BTreeMap;

    fn composed(rules: &[(&str, &str)]) -> NameDependencies {
        rules
            .iter()
            .map(|(name, parts)| ((*name).to_owned(), parts.split_whitespace().map(str::to_owned).collect()))
            .collect()
    }

    #[test]
    fn circles_are_found() {
        assert_eq!(check(&composed(&[("a", "b c"), ("b", "c"), ("c", "d")])), Ok(()));
        assert_eq!(check(&composed(&[("a", "a")])), Err(Fault::Circle("a".to_owned())));
        assert_eq!(check(&composed(&[("a", "b"), ("b", "c"), ("c", "b")])), Err(Fault::Circle("b".to_owned())));
    }

    #[test]
    fn chains_and_heaps_have_an_end() {
        let chain: NameDependencies = (0..100).map(|at| (format!("{at:03}"), vec![format!("{:03}", at + 1)])).collect();
        assert!(matches!(check(&chain), Err(Fault::TooLarge(_))));
        let sizes: BTreeMap<String, usize> = [("a".to_owned(), 1), ("b".to_owned(), 10)].into();
        let total = totals(&composed(&[("a", "b b"), ("b", "c"), ("d", "a b")]), &sizes);
        assert_eq!(total.get("d"), Some(&31));
        let heap: NameDependencies =
            (0..20).map(|at| (format!("{at:03}"), vec![format!("{:03}", at + 1); 3])).collect();
        assert!(matches!(check(&heap), Err(Fault::TooLarge(_))));
    }
}
