//! Lists, and the numbers that Word counts for their items.

use crate::ast::NumberStyle;
use crate::import::xml::Element;
use std::collections::BTreeMap;

/// Levels of a list.
const LEVELS: usize = 9;
/// Lists refer to one another through styles no further than this.
const LINKS: usize = 8;

/// A level of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Level {
    start: u32,
    pub format: String,
    /// How a number is written, such as `%1.%2`.
    pub text: String,
}

impl Level {
    /// Whether its items have a sign, and no number.
    pub fn is_bullet(&self) -> bool {
        matches!(self.format.as_str(), "bullet" | "none") || !self.text.contains('%') && !self.text.is_empty()
    }

    /// How its items are counted, as far as our lists can.
    pub fn style(&self) -> NumberStyle {
        match self.format.as_str() {
            "lowerLetter" => NumberStyle::LowerAlpha,
            "upperLetter" => NumberStyle::UpperAlpha,
            "lowerRoman" => NumberStyle::LowerRoman,
            "upperRoman" => NumberStyle::UpperRoman,
            _ => NumberStyle::Decimal,
        }
    }
}

#[derive(Debug, Default)]
struct List {
    levels: BTreeMap<u8, Level>,
    /// Stands for the list of a style of lists.
    link: Option<String>,
}

#[derive(Debug, Default)]
struct Instance {
    list: String,
    /// Overridden start numbers and levels.
    starts: BTreeMap<u8, u32>,
    levels: BTreeMap<u8, Level>,
}

/// All lists of a document, and how far each has been counted.
#[derive(Debug, Default)]
pub struct Numbering {
    lists: BTreeMap<String, List>,
    instances: BTreeMap<String, Instance>,
    /// Lists by the style that they define.
    by_style: BTreeMap<String, String>,
    counts: BTreeMap<String, [Option<u32>; LEVELS]>,
    /// Instances that have set their starts.
    begun: BTreeMap<(String, u8), ()>,
}

/// A number, or a sign, of an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Numbered {
    /// The list that it is counted in.
    pub list: String,
    pub depth: u8,
    pub number: u32,
    pub level: Level,
}

impl Numbering {
    /// Reads the part of lists.
    pub fn read(root: &Element) -> Numbering {
        let mut numbering = Numbering::default();
        for element in root.elements() {
            if element.is("w:abstractNum")
                && let Some(id) = element.get("w:abstractNumId")
            {
                if let Some(style) = element.value("w:styleLink") {
                    numbering.by_style.insert(style.to_owned(), id.to_owned());
                }
                let link = element.value("w:numStyleLink").map(str::to_owned);
                numbering.lists.insert(id.to_owned(), List { levels: levels(element), link });
            }
            if element.is("w:num")
                && let (Some(id), Some(list)) = (element.get("w:numId"), element.value("w:abstractNumId"))
            {
                numbering.instances.insert(id.to_owned(), instance(element, list));
            }
        }
        numbering
    }

    /// The list that an instance is of, through styles of lists.
    fn list_of(&self, instance: &Instance) -> Option<&str> {
        let mut id = instance.list.as_str();
        for _ in 0..LINKS {
            let (key, list) = self.lists.get_key_value(id)?;
            match list.link.as_ref().and_then(|style| self.by_style.get(style)) {
                Some(next) if next != key => id = next,
                Some(_) | None => return Some(key),
            }
        }
        None
    }

    /// Counts an item of an instance; `None` where it has no number, as with instance 0.
    pub fn next(&mut self, id: &str, depth: u8) -> Option<Numbered> {
        let depth = depth.min(u8::try_from(LEVELS).unwrap_or(u8::MAX) - 1);
        let instance = self.instances.get(id)?;
        let list = self.list_of(instance)?.to_owned();
        let written = self.lists.get(&list)?.levels.get(&depth);
        let level = instance.levels.get(&depth).or(written).cloned().unwrap_or_default();
        let at = usize::from(depth);
        let restart = instance.starts.get(&depth).copied();
        let is_new = self.begun.insert((id.to_owned(), depth), ()).is_none();
        let counts = self.counts.entry(list.clone()).or_default();
        let before = counts.get(at).copied().flatten();
        let number = match (restart.filter(|_| is_new), before) {
            (Some(start), _) => start,
            (None, Some(before)) => before.saturating_add(1),
            (None, None) => level.start,
        };
        for (index, count) in counts.iter_mut().enumerate() {
            if index == at {
                *count = Some(number);
            } else if index > at {
                *count = None;
            }
        }
        Some(Numbered { list, depth, number, level })
    }
}

fn levels(parent: &Element) -> BTreeMap<u8, Level> {
    let of = |element: &Element| {
        let depth = element.get("w:ilvl")?.parse().ok()?;
        Some((depth, level(element)))
    };
    parent.elements().filter(|element| element.is("w:lvl")).filter_map(of).collect()
}

fn level(element: &Element) -> Level {
    // Newer formats are in an alternative, whose fallback is an old one.
    let format = element.value("w:numFmt").or_else(|| element.find("w:numFmt")?.get("w:val"));
    Level {
        start: element.value("w:start").and_then(|start| start.parse().ok()).unwrap_or(0),
        format: format.unwrap_or("decimal").to_owned(),
        text: element.value("w:lvlText").unwrap_or_default().to_owned(),
    }
}

fn instance(element: &Element, list: &str) -> Instance {
    let mut instance = Instance { list: list.to_owned(), ..Instance::default() };
    for override_ in element.elements().filter(|element| element.is("w:lvlOverride")) {
        let Some(depth) = override_.get("w:ilvl").and_then(|depth| depth.parse().ok()) else { continue };
        if let Some(own) = override_.child("w:lvl") {
            instance.levels.insert(depth, level(own));
        }
        if let Some(start) = override_.value("w:startOverride").and_then(|start| start.parse().ok()) {
            instance.starts.insert(depth, start);
        }
    }
    instance
}
