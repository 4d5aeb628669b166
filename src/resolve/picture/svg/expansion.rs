//! The size of a drawing when all references are expanded. The traversal is that of a renderer, and
//! stops if it would take too long.

use super::tree::{Child, Element, Tree, Value};
use super::{SVG_NESTING, SvgRejected, cycle};

/// How much a drawing may amount to, in elements.
pub const MOST_ELEMENTS: usize = 300_000;
/// Bytes of an attribute that cost as much time as an element.
const BYTES_AN_ELEMENT: usize = 32;
/// Number of elements that cost as much time as a letter.
const ELEMENTS_A_LETTER: usize = 4;
/// Number of elements that cost as much time as a gradient stop.
const ELEMENTS_A_STOP: usize = 4;
/// Letters of one text: a line of them is laid out as a whole.
const MOST_LETTERS: usize = 10_000;

/// Paints and markers that elements inherit.
#[derive(Debug, Clone, Copy, Default)]
struct Inherited {
    fill: Option<usize>,
    stroke: Option<usize>,
    markers: [Option<usize>; 3],
}

const MARKERS: [&str; 3] = ["marker-start", "marker-mid", "marker-end"];
const SHAPES_WITH_MARKERS: [&str; 4] = ["path", "line", "polyline", "polygon"];
/// Shown only where something refers to them.
pub const NEVER_DRAWN_DIRECTLY: [&str; 9] =
    ["defs", "symbol", "clipPath", "mask", "pattern", "marker", "linearGradient", "radialGradient", "stop"];

/// Checks that what is drawn neither contains itself nor amounts to too much.
///
/// # Errors
/// What was found.
pub fn check(tree: &Tree) -> Result<(), SvgRejected> {
    if let Some(cycle) = cycle::find(tree) {
        return Err(SvgRejected::Holds(cycle));
    }
    let mut walk = Walk { tree, count: 0 };
    walk.draw(0, Inherited::default(), 0)
}

struct Walk<'a> {
    tree: &'a Tree,
    count: usize,
}

impl<'a> Walk<'a> {
    fn add(&mut self, amount: usize) -> Result<(), SvgRejected> {
        self.count = self.count.saturating_add(amount);
        if self.count > MOST_ELEMENTS {
            return Err(SvgRejected::TooLarge(format!("amounts to more than {MOST_ELEMENTS} elements")));
        }
        Ok(())
    }

    fn element(&self, number: usize) -> Option<&'a Element> {
        self.tree.elements.get(number)
    }

    /// An element in its place.
    fn draw(&mut self, number: usize, above: Inherited, depth: usize) -> Result<(), SvgRejected> {
        let Some(element) = self.element(number) else { return Ok(()) };
        if NEVER_DRAWN_DIRECTLY.contains(&element.name) {
            return self.add(if element.name == "stop" { ELEMENTS_A_STOP } else { 1 });
        }
        self.instance(number, above, depth)
    }

    /// An element where it is drawn, whatever it is.
    fn instance(&mut self, number: usize, above: Inherited, depth: usize) -> Result<(), SvgRejected> {
        if depth > SVG_NESTING {
            return Err(SvgRejected::TooDeep);
        }
        let Some(element) = self.element(number) else { return Ok(()) };
        self.add(1 + weight(element) / BYTES_AN_ELEMENT)?;
        let inherited = above.with(element);
        for name in ["clip-path", "mask"] {
            if let Some(target) = target(element, name) {
                self.content(target, depth + 1)?;
            }
        }
        match element.name {
            "use" => {
                if let Some(target) = target(element, "xlink:href") {
                    self.instance(target, inherited, depth + 1)?;
                }
                return Ok(());
            }
            "text" => self.text(number, inherited, depth)?,
            "path" | "line" | "polyline" | "polygon" | "rect" | "circle" | "ellipse" => {
                self.paints(inherited, depth)?;
                if SHAPES_WITH_MARKERS.contains(&element.name) {
                    self.markers(element, inherited, depth)?;
                }
            }
            _ => {}
        }
        self.children(element, inherited, depth)
    }

    fn children(&mut self, element: &Element, inherited: Inherited, depth: usize) -> Result<(), SvgRejected> {
        for child in &element.children {
            match child {
                Child::Element(number) => self.draw(*number, inherited, depth + 1)?,
                // Each run of text has its own paint.
                Child::Text(_) => self.paints(inherited, depth)?,
            }
        }
        Ok(())
    }

    fn text(&mut self, number: usize, inherited: Inherited, depth: usize) -> Result<(), SvgRejected> {
        let mut letters = 0;
        let mut open = vec![number];
        while let Some(element) = open.pop().and_then(|number| self.element(number)) {
            for child in &element.children {
                match child {
                    Child::Element(number) => open.push(*number),
                    Child::Text(words) => letters += words.chars().count(),
                }
            }
        }
        if letters > MOST_LETTERS {
            return Err(SvgRejected::TooLarge(format!("has a text of more than {MOST_LETTERS} characters")));
        }
        self.add(letters * ELEMENTS_A_LETTER)?;
        self.paints(inherited, depth)
    }

    fn paints(&mut self, inherited: Inherited, depth: usize) -> Result<(), SvgRejected> {
        for paint in [inherited.fill, inherited.stroke].into_iter().flatten() {
            self.content(paint, depth + 1)?;
        }
        Ok(())
    }

    /// A marker is at every corner of a line.
    fn markers(&mut self, element: &Element, inherited: Inherited, depth: usize) -> Result<(), SvgRejected> {
        for (place, marker) in inherited.markers.into_iter().enumerate() {
            let Some(marker) = marker else { continue };
            let before = self.count;
            self.content(marker, depth + 1)?;
            let once = self.count - before;
            if place == 1 {
                self.add(once.saturating_mul(corners(element)))?;
            }
        }
        Ok(())
    }

    /// Counts the content of a gradient, pattern, mask, clip path or marker, including that of
    /// templates it refers to.
    fn content(&mut self, number: usize, depth: usize) -> Result<(), SvgRejected> {
        if depth > SVG_NESTING {
            return Err(SvgRejected::TooDeep);
        }
        let Some(element) = self.element(number) else { return Ok(()) };
        self.add(1)?;
        for name in ["clip-path", "mask", "xlink:href"] {
            if let Some(target) = target(element, name) {
                self.content(target, depth + 1)?;
            }
        }
        let inherited = self.inherited_at(number)?;
        self.children(element, inherited, depth)
    }

    /// The inherited properties of an element at its position in the file.
    fn inherited_at(&mut self, number: usize) -> Result<Inherited, SvgRejected> {
        let mut chain = vec![number];
        while let Some(&last) = chain.last()
            && let Some(element) = self.element(last)
            && element.parent != last
        {
            chain.push(element.parent);
        }
        self.add(chain.len() / 8)?;
        let elements = chain.into_iter().rev().filter_map(|number| self.element(number));
        Ok(elements.fold(Inherited::default(), Inherited::with))
    }
}

impl Inherited {
    fn with(self, element: &Element) -> Self {
        let own = |name: &str, above: Option<usize>| match element.attributes.get(name) {
            Some(Value::Element(number, _)) => Some(*number),
            Some(Value::Plain(value)) if value == "inherit" => above,
            Some(Value::Plain(_) | Value::Named(..)) => None,
            None => above,
        };
        let mut markers = self.markers;
        for (marker, name) in markers.iter_mut().zip(MARKERS) {
            *marker = own(name, *marker);
        }
        Inherited { fill: own("fill", self.fill), stroke: own("stroke", self.stroke), markers }
    }
}

fn target(element: &Element, name: &str) -> Option<usize> {
    match element.attributes.get(name) {
        Some(Value::Element(number, _)) => Some(*number),
        _ => None,
    }
}

fn weight(element: &Element) -> usize {
    // Pictures are measured where they are read.
    let plain = |(name, value): (&&str, &Value)| match value {
        Value::Plain(value) if *name != "xlink:href" => value.len(),
        _ => 0,
    };
    element.attributes.iter().map(plain).sum()
}

/// How many corners a line has at most: every one needs a number or a letter.
fn corners(element: &Element) -> usize {
    let marks = |text: &str| {
        let mut in_number = false;
        text.bytes()
            .filter(|byte| {
                let digit = byte.is_ascii_digit() || *byte == b'.';
                let starts = digit && !in_number || byte.is_ascii_alphabetic();
                in_number = digit;
                starts
            })
            .count()
    };
    let of = |name: &str| match element.attributes.get(name) {
        Some(Value::Plain(text)) => marks(text),
        _ => 0,
    };
    of("d") + of("points") + 2
}
