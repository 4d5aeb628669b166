//! Formatting of words by the style sheets of a page. Word processors and wikis use it where others
//! use elements.

use super::tree::{Element, Node};
use crate::import::marks::Mark;
use std::collections::BTreeMap;

/// No more rules of a page are read.
const RULES: usize = 10_000;

/// The marks of words by the classes that a page gives a look.
#[derive(Debug, Default)]
pub struct Looks(BTreeMap<String, Vec<Mark>>);

impl Looks {
    /// Reads the rules for classes alone in the style sheets of a page.
    pub fn from_page(page: &Element) -> Looks {
        let mut sheets = Vec::new();
        page.all("style", &mut sheets);
        let mut looks = Looks::default();
        let texts = sheets.iter().flat_map(|sheet| &sheet.children).filter_map(|child| match child {
            Node::Text(text) => Some(text.as_str()),
            Node::Element(_) => None,
        });
        for rule in texts.flat_map(|sheet| sheet.split('}')).take(RULES) {
            let Some((selectors, declarations)) = rule.split_once('{') else { continue };
            let marks = declared(declarations);
            let classes = selectors.split(',').filter_map(|selector| selector.trim().rsplit_once('.'));
            for (_, class) in classes.filter(|(element, _)| matches!(element.trim(), "" | "span")) {
                if !marks.is_empty() && class.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_')) {
                    looks.0.entry(class.to_owned()).or_default().extend(marks.clone());
                }
            }
        }
        looks
    }

    /// The marks of an element without a meaning of its own.
    pub fn marks(&self, element: &Element) -> Vec<Mark> {
        if !matches!(element.name.as_str(), "span" | "font") {
            return Vec::new();
        }
        let classes = element.get("class").unwrap_or_default().split_whitespace();
        let mut marks: Vec<Mark> = classes.filter_map(|class| self.0.get(class)).flatten().cloned().collect();
        marks.extend(declared(element.get("style").unwrap_or_default()));
        marks
    }
}

/// The marks that declarations come to.
fn declared(declarations: &str) -> Vec<Mark> {
    let mark = |declaration: &str| {
        let (name, value) = declaration.split_once(':')?;
        let value = value.trim().trim_end_matches("!important").trim().to_lowercase();
        match (name.trim().to_lowercase().as_str(), value.as_str()) {
            ("font-weight", "bold" | "bolder" | "600" | "700" | "800" | "900") => Some(Mark::Strong),
            ("font-style", "italic" | "oblique") => Some(Mark::Emphasis),
            ("text-decoration" | "text-decoration-line", value) if value.starts_with("line-through") => {
                Some(Mark::Strikethrough)
            }
            ("vertical-align", "super") => Some(Mark::Superscript),
            ("vertical-align", "sub") => Some(Mark::Subscript),
            _ => None,
        }
    };
    declarations.split(';').filter_map(mark).collect()
}

#[cfg(test)]
mod tests {
    use super::{Mark, declared};

    #[test]
    fn declarations_are_marks_where_they_mean_something() {
        assert_eq!(
            declared("color:#000; FONT-WEIGHT: 700;font-style:italic !important"),
            [Mark::Strong, Mark::Emphasis]
        );
        assert_eq!(declared("font-weight:400;text-decoration:none;vertical-align:baseline;x"), []);
    }
}
