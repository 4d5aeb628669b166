//! Numbers as Word counts them: lists, their levels, and restarts (ECMA-376, part 1, 17.9).

use super::{Package, Step, attribute};
use crate::verify::Unreadable;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Debug, Clone, Default)]
struct Level {
    start: u32,
    format: String,
    text: String,
}

#[derive(Debug, Default)]
struct Instance {
    definition: String,
    /// Start numbers of levels at the first use of the list.
    restarts: BTreeMap<usize, u32>,
}

/// The lists of a file, and how far each is counted.
#[derive(Debug, Default)]
pub struct Numbering {
    definitions: BTreeMap<String, BTreeMap<usize, Level>>,
    instances: BTreeMap<String, Instance>,
    counts: BTreeMap<String, BTreeMap<usize, u32>>,
    used: BTreeSet<(String, usize)>,
}

impl Numbering {
    /// Reads the definitions.
    pub fn read(package: &Package) -> Result<Numbering, Unreadable> {
        let mut all = Numbering::default();
        let (mut definition, mut instance, mut level) = (String::new(), String::new(), 0);
        package.walk("word/numbering.xml", &mut |step| {
            let Step::Start(name, element) = step else { return Ok(()) };
            let get = |name: &str| attribute(element, name).unwrap_or_default();
            let value = get("w:val");
            match name {
                "w:abstractNum" => {
                    definition = get("w:abstractNumId");
                    instance.clear();
                }
                "w:num" => instance = get("w:numId"),
                "w:abstractNumId" => {
                    let list = all.instances.entry(instance.clone()).or_default();
                    list.definition = value;
                }
                "w:lvl" | "w:lvlOverride" => level = get("w:ilvl").parse().unwrap_or_default(),
                "w:startOverride" => {
                    let list = all.instances.entry(instance.clone()).or_default();
                    list.restarts.insert(level, value.parse().unwrap_or(1));
                }
                "w:start" | "w:numFmt" | "w:lvlText" if instance.is_empty() => {
                    let levels = all.definitions.entry(definition.clone()).or_default();
                    let level = levels.entry(level).or_default();
                    match name {
                        "w:start" => level.start = value.parse().unwrap_or(1),
                        "w:numFmt" => level.format = value,
                        _ => level.text = value,
                    }
                }
                _ => {}
            }
            Ok(())
        })?;
        Ok(all)
    }

    /// Whether there is a list of this id.
    pub fn holds(&self, list: &str) -> bool {
        self.instances.contains_key(list)
    }

    /// The number of the next paragraph of a list; `None` if it has a bullet or nothing.
    pub fn next(&mut self, list: &str, level: usize) -> Option<String> {
        let instance = self.instances.get(list)?;
        let definition = instance.definition.clone();
        let levels = self.definitions.get(&definition)?;
        let counts = self.counts.entry(definition).or_default();
        if self.used.insert((list.to_owned(), level))
            && let Some(start) = instance.restarts.get(&level)
        {
            counts.insert(level, start.wrapping_sub(1));
        }
        let start = |level: usize| levels.get(&level).map_or(1, |level| level.start);
        for above in 0..level {
            counts.entry(above).or_insert_with(|| start(above));
        }
        let count = counts.entry(level).or_insert_with(|| start(level).wrapping_sub(1));
        *count = count.wrapping_add(1);
        counts.retain(|deeper, _| *deeper <= level);
        let own = levels.get(&level)?;
        if matches!(own.format.as_str(), "bullet" | "none") {
            return None;
        }
        let mut text = own.text.clone();
        for at in 0..=level {
            let format = levels.get(&at).map_or("decimal", |level| level.format.as_str());
            let count = counts.get(&at).copied().unwrap_or_default();
            text = text.replace(&format!("%{}", at + 1), &numeral(format, count));
        }
        Some(text)
    }
}

/// A number in a format of Word's. After z come aa, bb and cc.
fn numeral(format: &str, number: u32) -> String {
    let letters = |first: u8| {
        let index = number.saturating_sub(1);
        let letter = char::from(first + u8::try_from(index % 26).unwrap_or_default());
        String::from(letter).repeat(index as usize / 26 + 1)
    };
    match format {
        "lowerLetter" => letters(b'a'),
        "upperLetter" => letters(b'A'),
        "lowerRoman" => roman(number).to_lowercase(),
        "upperRoman" => roman(number),
        _ => number.to_string(),
    }
}

fn roman(mut number: u32) -> String {
    let signs = [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    let mut text = String::new();
    for (value, sign) in signs {
        while number >= value && text.len() < 64 {
            text.push_str(sign);
            number -= value;
        }
    }
    text
}
