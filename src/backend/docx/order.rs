//! The order in which the schema of WordprocessingML wants the children of
//! properties (ECMA-376, part 1, annex A.1). Word refuses a file that has another.

use crate::backend::markup::Markup;

/// A child of a property element, with its own children.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Property {
    name: &'static str,
    attributes: Vec<(&'static str, String)>,
    children: Vec<Property>,
}

impl Property {
    /// A property that its name says.
    pub fn new(name: &'static str) -> Self {
        Property { name, attributes: Vec::new(), children: Vec::new() }
    }

    /// A property with a value.
    pub fn with_value(name: &'static str, value: impl ToString) -> Self {
        Property::new(name).with("w:val", value)
    }

    /// Adds an attribute.
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.attributes.push((name, value.to_string()));
        self
    }

    /// Adds children, which are sorted into schema order.
    pub fn holding(mut self, children: Vec<Property>) -> Self {
        self.children = children;
        self
    }

    /// Whether it is the same property, with whatever value.
    pub fn is_named_like(&self, other: &Property) -> bool {
        self.name == other.name
    }

    fn write(&self, out: &mut Markup) {
        let attributes: Vec<(&str, &str)> =
            self.attributes.iter().map(|(name, value)| (*name, value.as_str())).collect();
        if self.children.is_empty() {
            return out.empty(self.name, &attributes);
        }
        let mut children: Vec<&Property> = self.children.iter().collect();
        let order = order(self.name);
        // Sorting keeps those of one name, such as references to headers, as they come.
        children.sort_by_key(|child| order.iter().position(|name| *name == child.name));
        out.element(self.name, &attributes, |out| children.iter().for_each(|child| child.write(out)));
    }
}

/// Writes properties in order; nothing where there are none.
pub fn write(out: &mut Markup, name: &'static str, properties: Vec<Property>) {
    if !properties.is_empty() {
        Property::new(name).holding(properties).write(out);
    }
}

/// The children of an element of properties, in order.
fn order(name: &str) -> &'static [&'static str] {
    match name {
        "w:pPr" => &PARAGRAPH,
        "w:rPr" => &RUN,
        "w:tblPr" => &TABLE,
        "w:trPr" => &ROW,
        "w:tcPr" => &CELL,
        "w:sectPr" => &SECTION,
        "w:pBdr" | "w:tblBorders" | "w:tcBorders" | "w:tblCellMar" => &SIDES,
        "w:numPr" => &["w:ilvl", "w:numId"],
        _ => &[],
    }
}

const PARAGRAPH: [&str; 20] = [
    "w:pStyle",
    "w:keepNext",
    "w:keepLines",
    "w:pageBreakBefore",
    "w:widowControl",
    "w:numPr",
    "w:suppressLineNumbers",
    "w:pBdr",
    "w:shd",
    "w:tabs",
    "w:suppressAutoHyphens",
    "w:bidi",
    "w:spacing",
    "w:ind",
    "w:contextualSpacing",
    "w:jc",
    "w:outlineLvl",
    "w:rPr",
    "w:sectPr",
    "w:pPrChange",
];

const RUN: [&str; 23] = [
    "w:ins",
    "w:del",
    "w:moveFrom",
    "w:moveTo",
    "w:rStyle",
    "w:rFonts",
    "w:b",
    "w:bCs",
    "w:i",
    "w:iCs",
    "w:strike",
    "w:dstrike",
    "w:vanish",
    "w:noProof",
    "w:color",
    "w:sz",
    "w:szCs",
    "w:u",
    "w:shd",
    "w:vertAlign",
    "w:rtl",
    "w:cs",
    "w:lang",
];

const TABLE: [&str; 14] = [
    "w:tblStyle",
    "w:tblpPr",
    "w:tblOverlap",
    "w:bidiVisual",
    "w:tblStyleRowBandSize",
    "w:tblStyleColBandSize",
    "w:tblW",
    "w:jc",
    "w:tblInd",
    "w:tblBorders",
    "w:tblLayout",
    "w:tblCellMar",
    "w:tblLook",
    "w:tblCaption",
];

const ROW: [&str; 4] = ["w:cantSplit", "w:tblHeader", "w:ins", "w:del"];

const CELL: [&str; 9] =
    ["w:tcW", "w:gridSpan", "w:vMerge", "w:tcBorders", "w:shd", "w:tcMar", "w:vAlign", "w:cellIns", "w:cellDel"];

const SECTION: [&str; 9] = [
    "w:headerReference",
    "w:footerReference",
    "w:footnotePr",
    "w:type",
    "w:pgSz",
    "w:pgMar",
    "w:cols",
    "w:titlePg",
    "w:bidi",
];

const SIDES: [&str; 6] = ["w:top", "w:left", "w:bottom", "w:right", "w:insideH", "w:insideV"];

#[cfg(test)]
mod tests {
    use super::{Property, write};
    use crate::backend::markup::Markup;

    #[test]
    fn properties_are_put_in_the_order_of_the_schema() {
        let mut out = Markup::new();
        let number = Property::new("w:numPr")
            .holding(vec![Property::with_value("w:numId", 3), Property::with_value("w:ilvl", 1)]);
        write(
            &mut out,
            "w:pPr",
            vec![Property::with_value("w:jc", "right"), number, Property::with_value("w:pStyle", "Body")],
        );
        assert_eq!(
            out.into_string(),
            concat!(
                r#"<w:pPr><w:pStyle w:val="Body"/><w:numPr><w:ilvl w:val="1"/><w:numId w:val="3"/></w:numPr>"#,
                r#"<w:jc w:val="right"/></w:pPr>"#
            )
        );
    }
}
