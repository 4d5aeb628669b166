//! Fields: the result shown by each must be what Word would generate.

use std::collections::BTreeMap;

/// A field that was read: its instruction and what it shows.
#[derive(Debug, Clone)]
pub struct Field {
    pub instruction: String,
    pub result: String,
}

/// The content of a bookmark.
#[derive(Debug, Clone, Default)]
pub struct Bookmark {
    /// The words between its ends.
    pub text: String,
    /// The number of its paragraph.
    pub number: Option<String>,
    /// The number of the note that it is around.
    pub note: Option<String>,
}

/// A paragraph that a list of contents would hold.
#[derive(Debug, Clone)]
pub struct Listed {
    /// The level of a heading; 0 for a caption.
    pub level: usize,
    /// The sequence of the caption.
    pub sequence: Option<String>,
    pub text: String,
}

/// Fields, and what they can refer to.
#[derive(Debug, Default)]
pub struct Fields {
    pub read: Vec<Field>,
    pub bookmarks: BTreeMap<String, Bookmark>,
    pub listed: Vec<Listed>,
}

impl Fields {
    /// The results of all fields after an update. `None` for an empty result; fields of other kinds
    /// stay unchanged.
    pub fn anew(&self) -> Vec<Option<String>> {
        let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
        let mut shown = Vec::with_capacity(self.read.len());
        for field in &self.read {
            let words: Vec<&str> = field.instruction.split_whitespace().collect();
            shown.push(match words.as_slice() {
                ["SEQ", name, switches @ ..] => sequence(name, switches, &mut counts),
                ["REF", name, switches @ ..] => self.reference(name, switches),
                ["NOTEREF", name, ..] => self.bookmarks.get(*name).and_then(|bookmark| bookmark.note.clone()),
                ["TOC", switches @ ..] => Some(self.contents(switches)),
                _ => Some(field.result.clone()),
            });
        }
        shown
    }

    /// Differences that updating all fields would make.
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        for (field, anew) in self.read.iter().zip(self.anew()) {
            let shown = spaced(&field.result);
            match anew {
                None => faults.push(format!("the field `{}` refers to nothing", field.instruction.trim())),
                Some(anew) if spaced(&anew) != shown => faults.push(format!(
                    "the field `{}` shows “{shown}”, and would show “{}”",
                    field.instruction.trim(),
                    spaced(&anew)
                )),
                Some(_) => {}
            }
        }
        faults
    }

    fn reference(&self, name: &str, switches: &[&str]) -> Option<String> {
        let bookmark = self.bookmarks.get(name)?;
        match switches.contains(&"\\r") {
            true => bookmark.number.as_ref().map(|number| number.trim_end_matches('.').to_owned()),
            false => Some(bookmark.text.clone()).filter(|text| !text.is_empty()),
        }
    }

    fn contents(&self, switches: &[&str]) -> String {
        let behind = |switch: &str| {
            let at = switches.iter().position(|word| *word == switch)?;
            switches.get(at + 1).map(|word| word.trim_matches('"').to_owned())
        };
        let deepest = behind("\\o").and_then(|levels| levels.rsplit('-').next()?.parse::<usize>().ok());
        let sequence = behind("\\c");
        let is_listed = |listed: &&Listed| match (&sequence, deepest) {
            (Some(name), _) => listed.sequence.as_ref() == Some(name),
            (None, Some(deepest)) => (1..=deepest).contains(&listed.level),
            (None, None) => false,
        };
        self.listed.iter().filter(is_listed).map(|listed| format!("{} ", listed.text)).collect()
    }
}

fn sequence<'f>(name: &'f str, switches: &[&str], counts: &mut BTreeMap<&'f str, u32>) -> Option<String> {
    let at = switches.iter().position(|word| *word == "\\r");
    let restart = at.and_then(|at| switches.get(at + 1)?.parse().ok());
    let count = counts.entry(name).or_default();
    *count = restart.unwrap_or(count.saturating_add(1));
    Some(count.to_string())
}

/// Words with one space between them.
fn spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
