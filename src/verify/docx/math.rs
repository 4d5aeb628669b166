//! Reads formulas of Word: Office Math (ISO/IEC 29500-1, 22.1), element by element, in the form in
//! which formulas are compared.

use super::attribute;
use quick_xml::events::BytesStart;
use std::collections::BTreeMap;

/// Stands where cells of aligned lines touch.
const TOUCH: char = '\0';

/// An element that is open.
#[derive(Debug, Default)]
struct Open {
    name: String,
    /// Its properties.
    properties: BTreeMap<String, String>,
    children: Vec<Child>,
}

/// An element that ended, and what it said.
#[derive(Debug, Default)]
struct Child {
    name: String,
    said: String,
    /// Base and limit, where something is under the base alone.
    limit: Option<[String; 2]>,
    /// The content before the closing delimiter, and the delimiter, if both are separate signs.
    closed: Option<[String; 2]>,
}

/// Reads formulas.
#[derive(Debug, Default)]
pub struct OfficeMath {
    open: Vec<Open>,
}

impl OfficeMath {
    /// Whether a formula is open.
    pub fn is_open(&self) -> bool {
        !self.open.is_empty()
    }

    /// An element starts.
    pub fn start(&mut self, name: &str, element: &BytesStart) {
        let name = name.rsplit(':').next().unwrap_or(name).to_owned();
        let value = attribute(element, "m:val").unwrap_or_else(|| "1".to_owned());
        // A property belongs to the owner of its list of properties.
        if self.open.last().is_some_and(|open| open.name.ends_with("Pr"))
            && let Some(owner) = self.open.iter_mut().rev().find(|open| !open.name.ends_with("Pr"))
        {
            owner.properties.insert(name.clone(), value);
        }
        self.open.push(Open { name, ..Open::default() });
    }

    /// Text is here.
    pub fn text(&mut self, text: &str) {
        if let Some(open) = self.open.last_mut().filter(|open| open.name == "t") {
            let said = text.chars().filter(|c| !c.is_whitespace() && *c != '\u{200b}').collect();
            open.children.push(Child { said, ..Child::default() });
        }
    }

    /// An element ends; what the formula said, where it ends with it.
    pub fn end(&mut self) -> Option<String> {
        let open = self.open.pop()?;
        let (limit, closed) = match (open.name.as_str(), open.children.as_slice()) {
            ("limLow", _) => (Some([open.argument("e"), open.argument("lim")]), None),
            ("d", _) if open.properties.contains_key("grow") => {
                (None, Some([open.enclosed(), open.property("endChr", ")").to_owned()]))
            }
            ("e", [only]) => (only.limit.clone(), only.closed.clone()),
            _ => (None, None),
        };
        let said = match open.name.as_str() {
            "r" if self.is_line() && !open.properties.contains_key("nor") => open.all().replace('&', "\0"),
            _ => open.said(),
        };
        match self.open.last_mut() {
            Some(outer) => {
                outer.children.push(Child { name: open.name, said, limit, closed });
                None
            }
            None => Some(said),
        }
    }

    /// Whether the element that is open is one of lines that are aligned.
    fn is_line(&self) -> bool {
        let mut outer = self.open.iter().rev();
        outer.next().is_some_and(|open| open.name == "e") && outer.next().is_some_and(|open| open.name == "eqArr")
    }
}

impl Open {
    fn said(&self) -> String {
        let argument = |name: &str| self.argument(name);
        match self.name.as_str() {
            name if name.ends_with("Pr") => String::new(),
            "f" => format!("frac{{{}}}{{{}}}", argument("num"), argument("den")),
            "rad" if self.is("degHide") => format!("root{{{}}}", argument("e")),
            "rad" => format!("root{{{}}}{{{}}}", argument("e"), argument("deg")),
            "sSub" | "sSup" | "sSubSup" => {
                let closed =
                    self.children.iter().find(|child| child.name == "e").and_then(|child| child.closed.clone());
                let [before, base] = closed.unwrap_or_else(|| [String::new(), argument("e")]);
                format!("{before}{}", scripts(&base, [self.child("sub"), self.child("sup")]))
            }
            "limLow" => scripts(&argument("e"), [self.child("lim"), None]),
            "limUpp" => {
                match self.children.iter().find(|child| child.name == "e").and_then(|child| child.limit.clone()) {
                    Some([base, below]) => scripts(&base, [Some(&below), self.child("lim")]),
                    None => scripts(&argument("e"), [None, self.child("lim")]),
                }
            }
            "sPre" => {
                let shown = |name| self.child(name).filter(|said| !said.is_empty());
                format!("{}{}", scripts("", [shown("sub"), shown("sup")]), argument("e"))
            }
            "nary" => {
                let shown = |name, hide| self.child(name).filter(|_| !self.is(hide));
                let limits = [shown("sub", "subHide"), shown("sup", "supHide")];
                format!("{}{}", scripts(self.property("chr", "∫"), limits), argument("e"))
            }
            "acc" => scripts(&argument("e"), [None, Some(mark(self.property("chr", "\u{302}")))]),
            "bar" if self.property("pos", "bot") == "top" => scripts(&argument("e"), [None, Some("‾")]),
            "bar" => scripts(&argument("e"), [Some("_"), None]),
            "groupChr" => {
                let sign = Some(self.property("chr", "⏟"));
                let is_over = self.property("pos", "bot") == "top";
                scripts(&argument("e"), if is_over { [None, sign] } else { [sign, None] })
            }
            "d" => format!("{}{}", self.enclosed(), self.property("endChr", ")")),
            "mr" => format!("row{}", self.arguments("e").map(|cell| format!("{{{cell}}}")).collect::<String>()),
            "eqArr" => self.arguments("e").map(aligned).collect(),
            _ => self.all(),
        }
    }

    /// A delimiter and what it opens.
    fn enclosed(&self) -> String {
        let parts: Vec<&str> = self.arguments("e").collect();
        format!("{}{}", self.property("begChr", "("), parts.join(self.property("sepChr", "|")))
    }

    fn all(&self) -> String {
        self.children.iter().map(|child| child.said.as_str()).collect()
    }

    fn arguments<'o>(&'o self, name: &'o str) -> impl Iterator<Item = &'o str> {
        self.children.iter().filter(move |child| child.name == name).map(|child| child.said.as_str())
    }

    fn child(&self, name: &str) -> Option<&str> {
        self.children.iter().find(|child| child.name == name).map(|child| child.said.as_str())
    }

    fn argument(&self, name: &str) -> String {
        self.child(name).unwrap_or_default().to_owned()
    }

    fn property<'o>(&'o self, name: &str, usual: &'o str) -> &'o str {
        self.properties.get(name).map_or(usual, String::as_str)
    }

    fn is(&self, name: &str) -> bool {
        self.properties.get(name).is_some_and(|value| !matches!(value.as_str(), "0" | "off" | "false"))
    }
}

/// A base with what is under and over it, or without either.
fn scripts(base: &str, scripts: [Option<&str>; 2]) -> String {
    let [below, above] = scripts.map(|script| script.map(|script| format!("{{{script}}}")));
    let name = match (&below, &above) {
        (Some(_), Some(_)) => "subsup",
        (Some(_), None) => "sub",
        (None, Some(_)) => "sup",
        (None, None) => return base.to_owned(),
    };
    format!("{name}{{{base}}}{}{}", below.unwrap_or_default(), above.unwrap_or_default())
}

/// A line and its cells.
fn aligned(line: &str) -> String {
    format!("row{}", line.split(TOUCH).map(|cell| format!("{{{cell}}}")).collect::<String>())
}

/// The mark that a combining character puts over something.
fn mark(combining: &str) -> &str {
    match combining {
        "\u{302}" => "^",
        "\u{30c}" => "ˇ",
        "\u{303}" => "~",
        "\u{301}" => "´",
        "\u{300}" => "`",
        "\u{306}" => "˘",
        "\u{304}" => "¯",
        "\u{307}" => "˙",
        "\u{308}" => "¨",
        "\u{30a}" => "˚",
        "\u{20d7}" => "→",
        "\u{20d6}" => "←",
        "\u{20e1}" => "↔",
        other => other,
    }
}
