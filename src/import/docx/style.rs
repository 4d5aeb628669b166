//! Styles: what a paragraph or a run is by the name of its style and of those it is based on.

use crate::import::xml::Element;
use std::collections::BTreeMap;

/// Styles are based on no more others in a row; more of them go round in a circle.
const CHAIN: usize = 64;

/// The role of a paragraph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Role {
    #[default]
    Body,
    Title,
    Subtitle,
    /// A heading of a level, from 1.
    Heading(u8),
    /// An item, at a level from 0 on, where nothing else says so.
    Bullet(u8),
    Number(u8),
    Task(u8),
    /// An item without a sign.
    Plain(u8),
    /// More of an item.
    Continued(u8),
    Term,
    Definition,
    Quote,
    Attribution,
    Code,
    Caption,
    /// A line of a list of contents.
    ContentsEntry,
    ContentsHeading,
    Rule,
    /// What our own editions have beside that: what shows a picture or what else has a
    /// caption below it,
    Figure,
    /// the heading of a panel or an admonition,
    PanelTitle,
    /// a paragraph with a number in the document,
    Numbered,
    /// a formula on lines of its own,
    Equation,
    /// a paragraph of a note,
    Note,
    /// a member of a collection,
    Entry,
    /// and content above the text, generated from the document's data.
    Front,
}

impl Role {
    /// Whether it starts an item of a list.
    pub fn is_item(self) -> bool {
        matches!(self, Role::Bullet(_) | Role::Number(_) | Role::Task(_) | Role::Plain(_))
    }
}

/// The headings of word processors in other languages, which write their own names for
/// built-in styles.
const HEADINGS: [&str; 26] = [
    "heading",
    "überschrift",
    "titre",
    "título",
    "titolo",
    "kop",
    "rubrik",
    "overskrift",
    "otsikko",
    "nagłówek",
    "nadpis",
    "címsor",
    "titlu",
    "naslov",
    "заглавие",
    "заголовок",
    "επικεφαλίδα",
    "pealkiri",
    "virsraksts",
    "antraštė",
    "başlık",
    "ceannteideal",
    "intestazione",
    "encabezado",
    "título de nivel",
    "cabeçalho",
];

/// Names of other styles, in small letters.
const NAMES: [(&str, Role); 42] = [
    ("title", Role::Title),
    ("titel", Role::Title),
    ("titre", Role::Title),
    ("título", Role::Title),
    ("titolo", Role::Title),
    ("subtitle", Role::Subtitle),
    ("untertitel", Role::Subtitle),
    ("sous-titre", Role::Subtitle),
    ("subtítulo", Role::Subtitle),
    ("sottotitolo", Role::Subtitle),
    ("quote", Role::Quote),
    ("intense quote", Role::Quote),
    ("block text", Role::Quote),
    ("quotations", Role::Quote),
    ("quotation", Role::Quote),
    ("zitat", Role::Quote),
    ("citation", Role::Quote),
    ("quote attribution", Role::Attribution),
    ("html preformatted", Role::Code),
    ("preformatted text", Role::Code),
    ("source code", Role::Code),
    ("code", Role::Code),
    ("code block", Role::Code),
    ("plain text", Role::Code),
    ("macro text", Role::Code),
    ("macro", Role::Code),
    ("caption", Role::Caption),
    ("image caption", Role::Caption),
    ("table caption", Role::Caption),
    ("beschriftung", Role::Caption),
    ("légende", Role::Caption),
    ("legenda", Role::Caption),
    ("didascalia", Role::Caption),
    ("definition term", Role::Term),
    ("definition", Role::Definition),
    ("table of figures", Role::ContentsEntry),
    ("toc heading", Role::ContentsHeading),
    ("contents heading", Role::ContentsHeading),
    ("horizontal rule", Role::Rule),
    ("horizontal line", Role::Rule),
    ("list paragraph", Role::Body),
    ("body text", Role::Body),
];

/// Names of styles that our own editions have, in small letters, apart from those above.
const OWN_NAMES: [(&str, Role); 11] = [
    ("figure", Role::Figure),
    ("panel title", Role::PanelTitle),
    ("warning title", Role::PanelTitle),
    ("numbered paragraph", Role::Numbered),
    ("banner", Role::Front),
    ("control title", Role::Front),
    ("table text", Role::Body),
    ("table heading", Role::Body),
    ("footnote text", Role::Note),
    ("list entry", Role::Entry),
    ("equation", Role::Equation),
];
/// Styles of tables by which our own editions are known, also after they were edited.
const OWN_TABLES: [&str; 4] = ["Document Table", "Control Table", "Panel", "Warning Panel"];

/// A style as it is written.
#[derive(Debug, Default, Clone)]
struct Style {
    name: String,
    based_on: Option<String>,
    outline: Option<u8>,
    /// The list that it is an item of, and the level.
    list: Option<(Option<String>, Option<u8>)>,
    run: Option<Element>,
}

/// Properties of a style, including those it is based on.
#[derive(Debug, Default, Clone)]
pub struct Found {
    pub role: Role,
    /// Whether a name said what it is.
    pub is_named: bool,
    pub list: Option<(String, u8)>,
    pub lang: Option<String>,
    /// How many lists, definitions and quotations are open, in our own editions.
    pub depth: u8,
}

/// All styles of a document.
#[derive(Debug, Default)]
pub struct Styles {
    by_id: BTreeMap<String, Style>,
    default_paragraph: Option<String>,
    /// The language where nothing else says it.
    pub lang: Option<String>,
    /// Whether they are those of our own editions.
    pub own: bool,
}

impl Styles {
    /// Reads the part of styles.
    pub fn read(root: &Element) -> Styles {
        let mut styles = Styles::default();
        let defaults = root.child("w:docDefaults").and_then(|defaults| defaults.child("w:rPrDefault"));
        let run = defaults.and_then(|defaults| defaults.child("w:rPr"));
        styles.lang = run.and_then(|run| run.value("w:lang")).map(str::to_owned);
        for element in root.elements().filter(|element| element.is("w:style")) {
            let Some(id) = element.get("w:styleId") else { continue };
            let is_default = matches!(element.get("w:default"), Some("1" | "true" | "on"));
            if is_default && element.get("w:type") == Some("paragraph") {
                styles.default_paragraph = Some(id.to_owned());
            }
            styles.by_id.entry(id.to_owned()).or_insert_with(|| style(element));
        }
        styles.own = OWN_TABLES.iter().all(|name| styles.by_id.values().any(|style| style.name == *name));
        styles
    }

    /// The name of a style; empty where there is none.
    pub fn name(&self, id: Option<&str>) -> &str {
        id.and_then(|id| self.by_id.get(id)).map_or("", |style| style.name.as_str())
    }

    /// A style and what it is based on, nearest first. A circle ends where it closes.
    fn chain(&self, id: &str) -> impl Iterator<Item = (&str, &Style)> {
        let first = self.by_id.get_key_value(id);
        let next = |(_, style): &(&String, &Style)| self.by_id.get_key_value(style.based_on.as_ref()?);
        std::iter::successors(first, next).take(CHAIN).map(|(id, style)| (id.as_str(), style))
    }

    /// Properties of a paragraph style, or of the default one.
    pub fn paragraph(&self, id: Option<&str>) -> Found {
        let mut found = Found::default();
        let Some(id) = id.or(self.default_paragraph.as_deref()) else { return found };
        if let Some((role, depth)) = own_role(self.name(Some(id))).filter(|_| self.own) {
            (found.role, found.is_named, found.depth) = (role, true, depth);
        }
        let (mut list, mut level, mut outline) = (None, None, None);
        for (id, style) in self.chain(id) {
            if !found.is_named
                && let Some(role) = role(&style.name).or_else(|| role(id))
            {
                (found.role, found.is_named) = (role, true);
            }
            outline = outline.or(style.outline);
            if let Some((number, own)) = &style.list {
                list = list.or_else(|| number.clone());
                level = level.or(*own);
            }
            let run = style.run.as_ref();
            found.lang = found.lang.or_else(|| run.and_then(|run| run.value("w:lang")).map(str::to_owned));
        }
        if let Some(outline) = outline.filter(|_| !found.is_named || found.role == Role::Body) {
            (found.role, found.is_named) = (Role::Heading(outline + 1), true);
        }
        found.list = list.map(|list| (list, level.unwrap_or(0)));
        found
    }

    /// Whether words in a style of our own editions are the number of a note.
    pub fn is_note_number(&self, id: &str) -> bool {
        self.own && self.name(Some(id)).ends_with("footnote reference")
    }

    /// The names of a style of runs and what it is based on, in small letters, with the
    /// properties of runs of each.
    pub fn character(&self, id: &str) -> Vec<(String, Option<&Element>)> {
        self.chain(id).map(|(_, style)| (style.name.to_lowercase(), style.run.as_ref())).collect()
    }
}

fn style(element: &Element) -> Style {
    let paragraph = element.child("w:pPr");
    let outline = paragraph.and_then(|properties| properties.value("w:outlineLvl"));
    let list = paragraph.and_then(|properties| properties.child("w:numPr")).map(|list| {
        let number = list.value("w:numId").map(str::to_owned);
        (number, list.value("w:ilvl").and_then(|level| level.parse().ok()))
    });
    Style {
        name: element.value("w:name").unwrap_or_default().to_owned(),
        based_on: element.value("w:basedOn").map(str::to_owned),
        // 9 is text of the body (ISO/IEC 29500-1, 17.3.1.20).
        outline: outline.and_then(|level| level.parse().ok()).filter(|level: &u8| *level < 9),
        list,
        run: element.child("w:rPr").cloned(),
    }
}

/// The role and nesting depth of a paragraph style of our own editions, by its name.
fn own_role(name: &str) -> Option<(Role, u8)> {
    let lower = name.to_lowercase();
    let mut name = lower.as_str();
    for ending in [" right", " centered", " in table"] {
        name = name.strip_suffix(ending).unwrap_or(name);
    }
    let (words, number) = match name.rsplit_once(' ') {
        Some((words, number)) => number.parse::<u8>().map_or((name, 1), |number| (words, number)),
        None => (name, 1),
    };
    let above = number.saturating_sub(1);
    Some(match words {
        "list bullet" => (Role::Bullet(above), number),
        "list number" => (Role::Number(above), number),
        "list task" => (Role::Task(above), number),
        "list" => (Role::Plain(above), number),
        "list continue" => (Role::Body, number),
        "heading" => return None,
        "toc" => (Role::ContentsEntry, above),
        words => {
            let mut all = OWN_NAMES.iter().chain(&NAMES);
            (all.find(|(known, _)| *known == words)?.1, above)
        }
    })
}

/// The role of a paragraph style, by its name.
fn role(name: &str) -> Option<Role> {
    let name = name.trim().to_lowercase().replace('_', " ");
    if let Some((_, role)) = NAMES.iter().find(|(known, _)| *known == name) {
        return Some(*role);
    }
    let words = name.trim_end_matches(|c: char| c.is_ascii_digit());
    let number = name.get(words.len()..).and_then(|digits| digits.parse::<u8>().ok());
    let words = words.trim_end();
    if let Some(level) = number.filter(|level| (1..=9).contains(level))
        && HEADINGS.contains(&words)
    {
        return Some(Role::Heading(level));
    }
    let level = number.unwrap_or(1).saturating_sub(1);
    Some(match words {
        "list bullet" => Role::Bullet(level),
        "list number" => Role::Number(level),
        "list task" => Role::Task(level),
        "list continue" => Role::Continued(level),
        "definition" => Role::Definition,
        "toc" | "verzeichnis" if number.is_some() => Role::ContentsEntry,
        "quote" => Role::Quote,
        "html preformatted" => Role::Code,
        _ => return None,
    })
}
