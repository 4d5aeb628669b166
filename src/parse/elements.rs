//! The HTML elements that have a meaning here, and how they are converted.

use super::html::Tag;
use crate::ast::Inline;
use crate::ast::{AttrList, Attrs, InlineKind, ListMarker, NumberStyle, Parsed};

/// How an element is handled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Element {
    Inline(InlineElement),
    Block(BlockElement),
    /// Has no content.
    Void(VoidElement),
    /// Its content is not for readers (`script`).
    Hidden,
    /// Not passed on; its words are kept.
    Unsupported,
    /// No element of HTML, such as `<name>` where something is to be filled
    /// in: it stays as text.
    Unknown,
}

/// Elements without content and end tag (HTML, 13.1.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VoidElement {
    LineBreak,
    /// Where a line may break; nothing is lost without it.
    BreakOpportunity,
    Image,
    Rule,
    /// Presentation of table columns.
    Column,
}

/// Elements of running text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InlineElement {
    Emphasis,
    Strong,
    Strikethrough,
    Superscript,
    Subscript,
    Underline,
    Highlight,
    Inserted,
    Deleted,
    Small,
    Quoted,
    CitedTitle,
    DefinedTerm,
    Keyboard,
    Code,
    Span,
    Abbreviation,
    Anchor,
    /// `script` and `style` among text: what they hold is left out.
    Hidden,
}

/// Elements that are blocks or parts of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlockElement {
    Paragraph,
    Heading(u8),
    Group,
    Quote,
    Preformatted,
    List,
    Item,
    Definitions,
    Term,
    Details,
    Table,
    Caption,
    Head,
    Body,
    Row,
    HeaderCell,
    DataCell,
    Figure,
    FigureCaption,
}

/// How the element with a name in lower case is handled.
pub fn element(name: &str) -> Element {
    use BlockElement as B;
    use Element::{Block, Hidden, Inline, Unknown, Unsupported, Void};
    use InlineElement as I;
    match name {
        "em" | "i" | "var" => Inline(I::Emphasis),
        "strong" | "b" => Inline(I::Strong),
        "s" | "strike" => Inline(I::Strikethrough),
        "sup" => Inline(I::Superscript),
        "sub" => Inline(I::Subscript),
        "u" => Inline(I::Underline),
        "mark" => Inline(I::Highlight),
        "ins" => Inline(I::Inserted),
        "del" => Inline(I::Deleted),
        "small" => Inline(I::Small),
        "q" => Inline(I::Quoted),
        "cite" => Inline(I::CitedTitle),
        "dfn" => Inline(I::DefinedTerm),
        "kbd" => Inline(I::Keyboard),
        "code" | "samp" | "tt" => Inline(I::Code),
        "span" | "time" | "data" | "bdi" | "bdo" => Inline(I::Span),
        "abbr" | "acronym" => Inline(I::Abbreviation),
        "a" => Inline(I::Anchor),
        "br" => Void(VoidElement::LineBreak),
        "wbr" => Void(VoidElement::BreakOpportunity),
        "img" => Void(VoidElement::Image),
        "hr" => Void(VoidElement::Rule),
        "col" => Void(VoidElement::Column),
        "p" => Block(B::Paragraph),
        "h1" => Block(B::Heading(1)),
        "h2" => Block(B::Heading(2)),
        "h3" => Block(B::Heading(3)),
        "h4" => Block(B::Heading(4)),
        "h5" => Block(B::Heading(5)),
        "h6" => Block(B::Heading(6)),
        "div" | "section" | "article" | "aside" | "header" | "footer" | "main" | "nav" | "address" | "details"
        | "hgroup" | "body" | "html" | "center" => Block(B::Group),
        "summary" => Block(B::Paragraph),
        "blockquote" => Block(B::Quote),
        "pre" => Block(B::Preformatted),
        "ul" | "ol" | "menu" => Block(B::List),
        "li" => Block(B::Item),
        "dl" => Block(B::Definitions),
        "dt" => Block(B::Term),
        "dd" => Block(B::Details),
        "table" => Block(B::Table),
        "caption" => Block(B::Caption),
        "thead" => Block(B::Head),
        "tbody" | "tfoot" | "colgroup" => Block(B::Body),
        "tr" => Block(B::Row),
        "th" => Block(B::HeaderCell),
        "td" => Block(B::DataCell),
        "figure" => Block(B::Figure),
        "figcaption" => Block(B::FigureCaption),
        "script" | "style" | "template" => Hidden,
        _ if UNSUPPORTED.contains(&name) => Unsupported,
        _ => Unknown,
    }
}

/// The rest of the elements of the HTML Standard, obsolete ones with them, and those of the
/// drawings that are in pages.
const UNSUPPORTED: &[&str] = &[
    "applet",
    "area",
    "audio",
    "base",
    "basefont",
    "bgsound",
    "big",
    "blink",
    "button",
    "canvas",
    "circle",
    "datalist",
    "dialog",
    "dir",
    "ellipse",
    "embed",
    "fieldset",
    "font",
    "form",
    "frame",
    "frameset",
    "g",
    "head",
    "iframe",
    "input",
    "label",
    "legend",
    "line",
    "link",
    "listing",
    "map",
    "marquee",
    "math",
    "meta",
    "meter",
    "nobr",
    "noembed",
    "noframes",
    "noscript",
    "object",
    "optgroup",
    "option",
    "output",
    "param",
    "path",
    "picture",
    "plaintext",
    "polygon",
    "polyline",
    "progress",
    "rb",
    "rect",
    "rp",
    "rt",
    "rtc",
    "ruby",
    "search",
    "select",
    "slot",
    "source",
    "svg",
    "textarea",
    "title",
    "track",
    "use",
    "video",
    "xmp",
];

/// Whether the end of one element follows from the start of another that may not be in it (HTML
/// Standard, 13.1.2.4).
pub fn ends_at(open: BlockElement, starting: BlockElement) -> bool {
    use BlockElement as B;
    match open {
        B::Paragraph => !matches!(starting, B::Caption | B::FigureCaption),
        B::Heading(_) => matches!(starting, B::Heading(_) | B::Paragraph),
        B::Item => starting == B::Item,
        B::Term | B::Details => matches!(starting, B::Term | B::Details),
        B::Caption => matches!(starting, B::Head | B::Body | B::Row | B::HeaderCell | B::DataCell),
        B::Head | B::Body => matches!(starting, B::Head | B::Body),
        B::Row => matches!(starting, B::Row | B::Head | B::Body),
        B::HeaderCell | B::DataCell => {
            matches!(starting, B::HeaderCell | B::DataCell | B::Row | B::Head | B::Body)
        }
        B::Group | B::Quote | B::Preformatted | B::List | B::Definitions | B::Table | B::Figure | B::FigureCaption => {
            false
        }
    }
}

/// How far up a tag looks for what it ends: past these it does not go.
pub fn is_boundary(open: BlockElement, looking: BlockElement) -> bool {
    use BlockElement as B;
    match looking {
        B::Item => open == B::List,
        B::Term | B::Details => open == B::Definitions,
        B::Caption | B::Head | B::Body | B::Row | B::HeaderCell | B::DataCell => open == B::Table,
        B::Paragraph
        | B::Heading(_)
        | B::Group
        | B::Quote
        | B::Preformatted
        | B::List
        | B::Definitions
        | B::Table
        | B::Figure
        | B::FigureCaption => matches!(open, B::HeaderCell | B::DataCell | B::Table),
    }
}

/// The attributes of an element that every node can have.
pub fn attrs(tag: &Tag) -> Attrs {
    let mut list = AttrList::default();
    for (name, value) in &tag.attributes {
        let value = value.trim();
        match name.as_str() {
            "id" if !value.is_empty() => list.id = Some(value.to_owned()),
            "name" if tag.name == "a" && list.id.is_none() && !value.is_empty() => list.id = Some(value.to_owned()),
            "class" => list.classes = value.split_whitespace().map(str::to_owned).collect(),
            "lang" | "xml:lang" if !value.is_empty() => list.lang = Some(value.to_owned()),
            "dir" if matches!(value, "ltr" | "rtl" | "auto") => list.pairs.push(("dir".to_owned(), value.to_owned())),
            "width" | "height" if tag.name == "img" => list.pairs.push((name.clone(), value.to_owned())),
            "style" if tag.name == "img" => list.pairs.extend(sizes(value)),
            _ => {}
        }
    }
    if list != AttrList::default() {
        list.span = Some(tag.span);
        list.html = true;
    }
    list.into()
}

/// The width and height among the declarations of a `style`.
fn sizes(style: &str) -> impl Iterator<Item = (String, String)> {
    style.split(';').filter_map(|declaration| {
        let (property, value) = declaration.split_once(':')?;
        let property = property.trim().to_ascii_lowercase();
        matches!(property.as_str(), "width" | "height").then(|| (property, value.trim().to_owned()))
    })
}

/// How a list of HTML is marked.
pub fn list_marker(tag: &Tag) -> ListMarker {
    let style = tag.get("style").unwrap_or_default().to_ascii_lowercase().replace(' ', "");
    let none = style.contains("list-style-type:none") || style.contains("list-style:none");
    if tag.name != "ol" {
        return if none { ListMarker::Plain } else { ListMarker::Bullet };
    }
    if none {
        return ListMarker::Plain;
    }
    let style = match tag.get("type") {
        Some("a") => NumberStyle::LowerAlpha,
        Some("A") => NumberStyle::UpperAlpha,
        Some("i") => NumberStyle::LowerRoman,
        Some("I") => NumberStyle::UpperRoman,
        _ if style.contains("lower-alpha") || style.contains("lower-latin") => NumberStyle::LowerAlpha,
        _ if style.contains("upper-alpha") || style.contains("upper-latin") => NumberStyle::UpperAlpha,
        _ if style.contains("lower-roman") => NumberStyle::LowerRoman,
        _ if style.contains("upper-roman") => NumberStyle::UpperRoman,
        _ => NumberStyle::Decimal,
    };
    let start = tag.get("start").and_then(|start| start.trim().parse().ok()).unwrap_or(1);
    ListMarker::Ordered { start, style }
}

impl InlineElement {
    /// The inline that an element becomes, but for those that need more than
    /// their content (`a`, `abbr`).
    pub fn wrap(self, content: Vec<Inline<Parsed>>) -> InlineKind<Parsed> {
        match self {
            InlineElement::Emphasis => InlineKind::Emphasis(content),
            InlineElement::Strong => InlineKind::Strong(content),
            InlineElement::Strikethrough => InlineKind::Strikethrough(content),
            InlineElement::Superscript => InlineKind::Superscript(content),
            InlineElement::Subscript => InlineKind::Subscript(content),
            InlineElement::Underline => InlineKind::Underline(content),
            InlineElement::Highlight => InlineKind::Highlight(content),
            InlineElement::Inserted => InlineKind::Inserted(content),
            InlineElement::Deleted => InlineKind::Deleted(content),
            InlineElement::Small => InlineKind::Small(content),
            InlineElement::Quoted => InlineKind::Quoted(content),
            InlineElement::CitedTitle => InlineKind::CitedTitle(content),
            InlineElement::DefinedTerm => InlineKind::DefinedTerm(content),
            InlineElement::Keyboard => InlineKind::Keyboard(content),
            InlineElement::Code
            | InlineElement::Span
            | InlineElement::Abbreviation
            | InlineElement::Anchor
            | InlineElement::Hidden => InlineKind::Span(content),
        }
    }
}
