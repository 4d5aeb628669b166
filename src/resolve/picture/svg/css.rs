//! Style sheets inside drawings: as much of CSS as drawing programs write.
//! What a sheet says ends up in attributes, so that no sheet is passed on.

use super::SvgRejected;
use roxmltree::Node;
use std::cell::Cell;

/// How many comparisons of elements with selectors one drawing may ask for.
pub const COMPARISONS: usize = 5_000_000;
/// Bytes of all style sheets of a drawing.
pub const SHEET_BYTES: usize = 1 << 20;

/// A property and its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declaration {
    /// Name in lower case.
    pub name: String,
    /// Without comments.
    pub value: String,
    /// Whether it is marked `!important`.
    pub important: bool,
}

#[derive(Debug)]
struct Rule {
    selector: Selector,
    declarations: std::rc::Rc<[Declaration]>,
}

/// The style sheets of a drawing.
#[derive(Debug, Default)]
pub struct Sheet {
    rules: Vec<Rule>,
    compared: Cell<usize>,
    bytes: usize,
    /// Unknown syntax in the style sheets.
    pub unknown: Vec<String>,
}

impl Sheet {
    /// Adds the rules of a `style` element.
    ///
    /// # Errors
    /// A sheet that imports another, or is too large.
    pub fn add(&mut self, text: &str) -> Result<(), SvgRejected> {
        self.bytes += text.len();
        if self.bytes > SHEET_BYTES {
            return Err(SvgRejected::TooLarge(format!("has more than {} KiB of style sheets", SHEET_BYTES / 1024)));
        }
        let text = without_comments(text);
        let mut rest = text.trim_start();
        while !rest.is_empty() {
            if let Some(after) = rest.strip_prefix("<!--").or_else(|| rest.strip_prefix("-->")) {
                rest = after.trim_start();
                continue;
            }
            let (head, block, after) = statement(rest);
            match head.trim().strip_prefix('@') {
                Some(at_rule) => self.at_rule(at_rule)?,
                None => self.rule(head, block),
            }
            rest = after.trim_start();
        }
        self.rules.sort_by_key(|rule| rule.selector.specificity());
        Ok(())
    }

    fn at_rule(&mut self, rule: &str) -> Result<(), SvgRejected> {
        let name: String = rule.chars().take_while(|c| !c.is_whitespace() && !matches!(c, '"' | '\'' | '(')).collect();
        match name.to_ascii_lowercase().as_str() {
            "import" => return Err(SvgRejected::Holds("imports a style sheet".to_owned())),
            // A backslash may hide any name (CSS Syntax 3, section 4.3.7).
            escaped if escaped.contains('\\') => {
                return Err(SvgRejected::Holds("hides a rule of its style sheet".to_owned()));
            }
            "charset" | "namespace" => {}
            other => self.unknown.push(format!("`@{other}`")),
        }
        Ok(())
    }

    fn rule(&mut self, selectors: &str, block: &str) {
        let declarations: std::rc::Rc<[Declaration]> = declarations_of(block).into();
        for text in split(selectors, ',') {
            match Selector::parse(text) {
                Some(selector) => self.rules.push(Rule { selector, declarations: declarations.clone() }),
                None if text.trim().is_empty() => {}
                None => self.unknown.push(format!("the selector `{}`", shortened(text))),
            }
        }
    }

    /// The declarations for an element, the weakest first.
    ///
    /// # Errors
    /// Rules and elements are too many to compare.
    pub fn declarations(&self, element: Node) -> Result<Vec<&Declaration>, SvgRejected> {
        let matching = self.rules.iter().filter(|rule| rule.selector.matches(element, self));
        let found = matching.flat_map(|rule| rule.declarations.iter()).collect();
        if self.compared.get() > COMPARISONS {
            return Err(SvgRejected::TooLarge(
                "has too many rules in its style sheets for so many elements".to_owned(),
            ));
        }
        Ok(found)
    }

    /// Counts a comparison; whether there may be more.
    fn count(&self) -> bool {
        self.compared.set(self.compared.get() + 1);
        self.compared.get() <= COMPARISONS
    }
}

fn shortened(text: &str) -> String {
    const MOST: usize = 40;
    let text = text.trim();
    if text.chars().count() > MOST { text.chars().take(MOST).chain(['…']).collect() } else { text.to_owned() }
}

/// The declarations of a block or of a `style` attribute.
pub fn declarations_of(block: &str) -> Vec<Declaration> {
    let block = without_comments(block);
    let parts = split(&block, ';').into_iter().filter_map(|part| {
        let (name, value) = part.split_once(':')?;
        let value = value.trim();
        let (plain, important) = match value.rsplit_once('!') {
            Some((plain, mark)) if mark.trim().eq_ignore_ascii_case("important") => (plain.trim_end(), true),
            _ => (value, false),
        };
        Some(Declaration { name: name.trim().to_ascii_lowercase(), value: plain.to_owned(), important })
    });
    parts.collect()
}

/// A text with a space for each comment. Strings may hold what looks like one.
fn without_comments(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = outside_strings(rest, "/*") {
        clean.push_str(rest.get(..start).unwrap_or_default());
        clean.push(' ');
        let inside = rest.get(start + 2..).unwrap_or_default();
        rest = inside.split_once("*/").map_or("", |(_, after)| after);
    }
    clean.push_str(rest);
    clean
}

/// The position of a mark outside of strings.
fn outside_strings(text: &str, mark: &str) -> Option<usize> {
    let mut quote = None;
    for (at, c) in text.char_indices() {
        match quote {
            Some(open) if c == open => quote = None,
            Some(_) => {}
            None if matches!(c, '"' | '\'') => quote = Some(c),
            None if text.get(at..).is_some_and(|rest| rest.starts_with(mark)) => return Some(at),
            None => {}
        }
    }
    None
}

/// A statement's head, its block, and what follows.
fn statement(text: &str) -> (&str, &str, &str) {
    let (mut quote, mut depth, mut open) = (None, 0_usize, None);
    let cut = |end: usize| (text.get(..end).unwrap_or_default(), text.get(end + 1..).unwrap_or_default());
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (Some(mark), _) if c == mark => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(c),
            (None, ';') if depth == 0 => return (cut(at).0, "", cut(at).1),
            (None, '{') => {
                depth += 1;
                open.get_or_insert(at);
            }
            (None, '}') if depth <= 1 => {
                let (inside, after) = cut(at);
                let start = open.unwrap_or(at);
                return (inside.get(..start).unwrap_or_default(), inside.get(start + 1..).unwrap_or_default(), after);
            }
            (None, '}') => depth -= 1,
            _ => {}
        }
    }
    match open {
        Some(at) => (cut(at).0, cut(at).1, ""),
        None => (text, "", ""),
    }
}

/// Parts between separators outside of strings and brackets.
fn split(text: &str, separator: char) -> Vec<&str> {
    let (mut parts, mut start, mut quote, mut depth) = (Vec::new(), 0, None, 0_usize);
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (Some(mark), _) if c == mark => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(c),
            (None, '(' | '[') => depth += 1,
            (None, ')' | ']') => depth = depth.saturating_sub(1),
            (None, _) if c == separator && depth == 0 => {
                parts.push(text.get(start..at).unwrap_or_default());
                start = at + c.len_utf8();
            }
            _ => {}
        }
    }
    parts.push(text.get(start..).unwrap_or_default());
    parts
}

/// How a compound is found from the one after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Combinator {
    Descendant,
    Child,
    Next,
    Later,
}

/// A condition on one element.
#[derive(Debug, PartialEq, Eq)]
enum Condition {
    Name(String),
    Attribute(String, Test, String),
    FirstChild,
    LastChild,
    FirstOfType,
    LastOfType,
    Root,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Test {
    Exists,
    Equals,
    Word,
    Dash,
    Start,
    End,
    Part,
}

/// Compounds from left to right, each with how it is found from the next.
#[derive(Debug, PartialEq, Eq)]
struct Selector(Vec<(Vec<Condition>, Combinator)>);

impl Selector {
    /// The longest chain that is followed.
    const MOST_PARTS: usize = 8;

    fn parse(text: &str) -> Option<Self> {
        let (mut parts, mut rest) = (Vec::new(), text.trim());
        while !rest.is_empty() {
            let (compound, after) = compound(rest)?;
            let next = after.trim_start();
            let (combinator, next) = match next.chars().next() {
                Some('>') => (Combinator::Child, next.get(1..)?),
                Some('+') => (Combinator::Next, next.get(1..)?),
                Some('~') => (Combinator::Later, next.get(1..)?),
                Some(_) if next.len() == after.len() => return None,
                _ => (Combinator::Descendant, next),
            };
            if next.is_empty() && combinator != Combinator::Descendant {
                return None;
            }
            parts.push((compound, combinator));
            rest = next.trim_start();
        }
        (!parts.is_empty() && parts.len() <= Self::MOST_PARTS).then_some(Selector(parts))
    }

    /// Selectors 4, section 17: ids, then classes and attributes, then names.
    fn specificity(&self) -> [usize; 3] {
        let mut specificity = [0; 3];
        for condition in self.0.iter().flat_map(|(compound, _)| compound) {
            let place = match condition {
                Condition::Attribute(name, Test::Equals, _) if name == "id" => 0,
                Condition::Name(_) => 2,
                _ => 1,
            };
            if let Some(count) = specificity.get_mut(place) {
                *count += 1;
            }
        }
        specificity
    }

    fn matches(&self, element: Node, sheet: &Sheet) -> bool {
        match self.0.split_last() {
            Some(((last, _), before)) => all_hold(last, element, sheet) && leads_to(before, element, sheet),
            None => false,
        }
    }
}

/// Whether compounds lead to an element that fulfils what follows them.
fn leads_to(parts: &[(Vec<Condition>, Combinator)], element: Node, sheet: &Sheet) -> bool {
    let Some(((compound, combinator), before)) = parts.split_last() else { return true };
    let fits = |other: &Node| all_hold(compound, *other, sheet) && leads_to(before, *other, sheet);
    let ancestors = || element.ancestors().skip(1).filter(Node::is_element);
    let elders = || element.prev_siblings().skip(1).filter(Node::is_element);
    match combinator {
        Combinator::Descendant => ancestors().any(|other| fits(&other)),
        Combinator::Child => ancestors().next().is_some_and(|other| fits(&other)),
        Combinator::Next => elders().next().is_some_and(|other| fits(&other)),
        Combinator::Later => elders().take_while(|_| sheet.count()).any(|other| fits(&other)),
    }
}

fn all_hold(conditions: &[Condition], element: Node, sheet: &Sheet) -> bool {
    sheet.count() && conditions.iter().all(|condition| holds(condition, element, sheet))
}

fn holds(condition: &Condition, element: Node, sheet: &Sheet) -> bool {
    let counted = |_: &Node| sheet.count();
    let same = |other: &Node| other.is_element() && other.tag_name().name() == element.tag_name().name();
    match condition {
        Condition::Name(name) => element.tag_name().name() == name,
        Condition::Attribute(name, test, wanted) => {
            element.attribute(name.as_str()).is_some_and(|value| compares(value, *test, wanted))
        }
        Condition::FirstChild => !element.prev_siblings().skip(1).take_while(counted).any(|other| other.is_element()),
        Condition::LastChild => !element.next_siblings().skip(1).take_while(counted).any(|other| other.is_element()),
        Condition::FirstOfType => !element.prev_siblings().skip(1).take_while(counted).any(|other| same(&other)),
        Condition::LastOfType => !element.next_siblings().skip(1).take_while(counted).any(|other| same(&other)),
        Condition::Root => element.parent_element().is_none(),
    }
}

fn compares(value: &str, test: Test, wanted: &str) -> bool {
    match test {
        Test::Exists => true,
        Test::Equals => value == wanted,
        Test::Word => value.split_ascii_whitespace().any(|word| word == wanted),
        Test::Dash => value.strip_prefix(wanted).is_some_and(|rest| rest.is_empty() || rest.starts_with('-')),
        Test::Start => !wanted.is_empty() && value.starts_with(wanted),
        Test::End => !wanted.is_empty() && value.ends_with(wanted),
        Test::Part => !wanted.is_empty() && value.contains(wanted),
    }
}

/// The conditions on one element at the start of a selector, and the rest.
fn compound(text: &str) -> Option<(Vec<Condition>, &str)> {
    let (mut conditions, mut rest) = (Vec::new(), text);
    if let Some(after) = rest.strip_prefix('*') {
        rest = after;
    } else if rest.starts_with(is_name) {
        let (name, after) = name(rest)?;
        conditions.push(Condition::Name(name.to_owned()));
        rest = after;
    }
    loop {
        let mut characters = rest.chars();
        let Some(mark) = characters.next().filter(|c| matches!(c, '#' | '.' | '[' | ':')) else { break };
        let behind = characters.as_str();
        let (condition, after) = match mark {
            '[' => attribute(behind)?,
            _ => {
                let (name, after) = name(behind)?;
                let class = |test| Condition::Attribute("class".to_owned(), test, name.to_owned());
                let condition = match (mark, name) {
                    ('#', _) => Condition::Attribute("id".to_owned(), Test::Equals, name.to_owned()),
                    ('.', _) => class(Test::Word),
                    (_, "first-child") => Condition::FirstChild,
                    (_, "last-child") => Condition::LastChild,
                    (_, "first-of-type") => Condition::FirstOfType,
                    (_, "last-of-type") => Condition::LastOfType,
                    (_, "root") => Condition::Root,
                    _ => return None,
                };
                (condition, after)
            }
        };
        conditions.push(condition);
        rest = after;
    }
    (rest.len() < text.len()).then_some((conditions, rest))
}

/// An attribute's condition after its opening bracket.
fn attribute(text: &str) -> Option<(Condition, &str)> {
    let (inside, after) = text.split_once(']')?;
    let Some((left, value)) = inside.split_once('=') else {
        let plain = inside.trim();
        return plain
            .chars()
            .all(is_name)
            .then(|| (Condition::Attribute(plain.to_owned(), Test::Exists, String::new()), after));
    };
    let test = match left.chars().last()? {
        '~' => Test::Word,
        '|' => Test::Dash,
        '^' => Test::Start,
        '$' => Test::End,
        '*' => Test::Part,
        _ => Test::Equals,
    };
    let name = left.trim_end_matches(['~', '|', '^', '$', '*']).trim();
    let value = value.trim().trim_matches(['"', '\'']);
    name.chars().all(is_name).then(|| (Condition::Attribute(name.to_owned(), test, value.to_owned()), after))
}

fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_') || !c.is_ascii()
}

fn name(text: &str) -> Option<(&str, &str)> {
    let end = text.find(|c| !is_name(c)).unwrap_or(text.len());
    text.split_at_checked(end).filter(|(name, _)| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::{Sheet, declarations_of};

    fn said(sheet: &str, drawing: &str) -> String {
        let mut rules = Sheet::default();
        rules.add(sheet).unwrap();
        let document = roxmltree::Document::parse(drawing).unwrap();
        let element = document.descendants().find(|node| node.attribute("here").is_some()).unwrap();
        rules.declarations(element).unwrap().into_iter().map(|said| said.value.as_str()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn selectors_find_their_elements() {
        let drawing = "<svg><g id='g' class='a b'><text/><rect/><rect here='' fill='x-y'/><text/></g></svg>";
        let matching = [
            "rect",
            "*",
            "svg rect",
            "g > rect",
            "#g rect",
            ".b rect",
            "g.a.b rect",
            "rect + rect",
            "text ~ rect",
            "[here]",
            "[fill='x-y']",
            "[fill|=x]",
            "[fill^=x]",
            "[fill$=\"y\"]",
            "rect:last-of-type",
            "svg>g>rect",
        ];
        for selector in matching {
            assert_eq!(said(&format!("{selector} {{ fill: red }}"), drawing), "red", "{selector}");
        }
        for selector in
            ["text", "svg > rect", "rect:first-of-type", ".c rect", "rect:first-child", "text + rect + text"]
        {
            assert_eq!(said(&format!("{selector} {{ fill: red }}"), drawing), "", "{selector}");
        }
    }

    #[test]
    fn the_weakest_comes_first() {
        let sheet = "#h{fill:c} .k{fill:b} rect{fill:a} /* { */ .k{fill:'b;2'}";
        assert_eq!(said(sheet, "<svg><rect id='h' class='k' here=''/></svg>"), "a b 'b;2' c");
    }

    #[test]
    fn what_is_not_understood_is_named() {
        let mut sheet = Sheet::default();
        sheet.add("rect:hover, a:not(b) {fill:red} @media print { rect { fill: blue } } rect{fill:green}").unwrap();
        assert_eq!(sheet.unknown, ["the selector `rect:hover`", "the selector `a:not(b)`", "`@media`"]);
        assert_eq!(sheet.rules.len(), 1);
        for import in
            ["@import 'x.css';", "/* */@IMPORT/**/url(x)", "@\\69mport 'x'", "a{} @imp/**/ort 'x'; @import 'x'"]
        {
            assert!(Sheet::default().add(import).is_err(), "{import}");
        }
    }

    #[test]
    fn declarations_are_parted() {
        let found = declarations_of("fill: url(a;b) !important; STROKE :red;/* x:y; */;broken; font:'a;b'");
        let found: Vec<_> =
            found.iter().map(|said| (said.name.as_str(), said.value.as_str(), said.important)).collect();
        assert_eq!(found, [("fill", "url(a;b)", true), ("stroke", "red", false), ("font", "'a;b'", false)]);
    }
}
