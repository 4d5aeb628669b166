//! The part with the styles: the rows of the style table, and what only Word has.

use super::order::{self, Property};
use super::style::{
    Alignment, INDENT, LIST_STYLES, Mark, Marks, Role, Style, Used, family_name, half_points, hexadecimal, lang,
    marks_name, run_style, twips,
};
use crate::backend::markup::Markup;
use crate::language::{Direction, Language};
use crate::resolve::Resolved;
use crate::theme::{
    self, CharacterRole, CharacterStyle, Color, FontFamily, Medium, ParagraphRole, ParagraphStyle, Pt, Slant, Theme,
    Weight,
};

/// Writes the part with the styles.
pub fn part(document: &Resolved, theme: &Theme, used: &Used, numbers_headings: bool) -> String {
    let sheet = Sheet { theme, numbers_headings };
    let mut out = Markup::new();
    out.raw(super::package::DECLARATION);
    out.element("w:styles", &[("xmlns:w", super::package::WORD)], |out| {
        sheet.defaults(out, &document.language);
        sheet.normal(out);
        let base = Role::all()
            .map(Style::for_role)
            .map(|style| if style.role.is_list() { Style { depth: 1, ..style } } else { style });
        base.for_each(|style| sheet.paragraph_style(out, style));
        used.paragraphs.iter().filter(|style| !style.is_base()).for_each(|style| sheet.paragraph_style(out, *style));
        sheet.default_run(out);
        Mark::ALL.iter().for_each(|mark| sheet.run_style(out, &Marks::from([*mark])));
        used.runs.iter().filter(|marks| marks.len() > 1).for_each(|marks| sheet.run_style(out, marks));
        super::table_style::write(out, theme);
    });
    out.into_string()
}

struct Sheet<'a> {
    theme: &'a Theme,
    numbers_headings: bool,
}

impl Sheet<'_> {
    fn fonts(&self, family: FontFamily) -> Property {
        let name = family_name(family, &self.theme.fonts);
        let all = ["w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"];
        all.into_iter().fold(Property::new("w:rFonts"), |fonts, script| fonts.with(script, &name))
    }

    fn size(points: Pt) -> [Property; 2] {
        [Property::with_value("w:sz", half_points(points)), Property::with_value("w:szCs", half_points(points))]
    }

    fn color(color: Color) -> Property {
        Property::with_value("w:color", hexadecimal(color))
    }

    fn shade(color: Color) -> Property {
        Property::with_value("w:shd", "clear").with("w:color", "auto").with("w:fill", hexadecimal(color))
    }

    /// Writes the document defaults: fonts and language.
    fn defaults(&self, out: &mut Markup, language: &Language) {
        let text = self.theme.running_text();
        let mut run = vec![self.fonts(text.family), Self::color(text.color), lang(&language.tag)];
        run.extend(Self::size(text.size));
        let mut paragraph = Vec::new();
        if language.direction == Direction::RightToLeft {
            paragraph.push(Property::new("w:bidi"));
        }
        out.element("w:docDefaults", &[], |out| {
            out.element("w:rPrDefault", &[], |out| order::write(out, "w:rPr", run));
            out.element("w:pPrDefault", &[], |out| order::write(out, "w:pPr", paragraph));
        });
    }

    fn normal(&self, out: &mut Markup) {
        let attributes = [("w:type", "paragraph"), ("w:default", "1"), ("w:styleId", "Normal")];
        let leading = self.theme.running_text().leading;
        let line = Property::new("w:spacing").with("w:line", twips(leading)).with("w:lineRule", "atLeast");
        out.element("w:style", &attributes, |out| {
            out.empty("w:name", &[("w:val", "Normal")]);
            out.empty("w:qFormat", &[]);
            order::write(out, "w:pPr", vec![Property::new("w:widowControl"), line]);
        });
    }

    fn default_run(&self, out: &mut Markup) {
        let attributes = [("w:type", "character"), ("w:default", "1"), ("w:styleId", "DefaultParagraphFont")];
        out.element("w:style", &attributes, |out| {
            out.empty("w:name", &[("w:val", "Default Paragraph Font")]);
            out.empty("w:uiPriority", &[("w:val", "1")]);
            out.empty("w:semiHidden", &[]);
        });
    }

    fn paragraph_style(&self, out: &mut Markup, style: Style) {
        let (paragraph, run) = if style.is_base() { self.properties(style) } else { self.variant(style) };
        let based_on = if style.is_base() { parent(style.role).to_owned() } else { base(style).id() };
        let id = style.id();
        let mut attributes = vec![("w:type", "paragraph"), ("w:styleId", id.as_str())];
        if !is_built_in(style) {
            attributes.insert(1, ("w:customStyle", "1"));
        }
        out.element("w:style", &attributes, |out| {
            out.empty("w:name", &[("w:val", &style.name())]);
            out.empty("w:basedOn", &[("w:val", &based_on)]);
            if let Some(next) = next(style.role) {
                out.empty("w:next", &[("w:val", &next.id())]);
            }
            out.empty("w:qFormat", &[]);
            order::write(out, "w:pPr", paragraph);
            order::write(out, "w:rPr", run);
        });
    }

    /// Properties of a style that differ from those of its role because of its position.
    fn variant(&self, style: Style) -> (Vec<Property>, Vec<Property>) {
        let mut paragraph = Vec::new();
        let mut run = Vec::new();
        if style.depth > 0 {
            paragraph.push(indent(style));
        }
        if style.in_table {
            let cell = self.table_style(ParagraphRole::Cell);
            paragraph.push(spacing(1.0, 1.0, cell.leading));
            let code = self.table_style(ParagraphRole::Code).characters.size;
            let size = cell.characters.size.map(|size| match (style.role, code) {
                (Role::Code, Some(code)) => code.min(size),
                _ => size,
            });
            run.extend(size.into_iter().flat_map(Self::size));
        }
        match style.align {
            Alignment::Start => {}
            Alignment::Center => paragraph.push(Property::with_value("w:jc", "center")),
            Alignment::End => paragraph.push(Property::with_value("w:jc", "right")),
        }
        (paragraph, run)
    }

    /// A row of the style table, as Word has it.
    fn table_style(&self, role: ParagraphRole) -> ParagraphStyle {
        self.theme.paragraph_style(role, self.theme.among_running_text(Medium::Word))
    }

    /// The properties of a role: what the style table says, and what only Word has.
    fn properties(&self, style: Style) -> (Vec<Property>, Vec<Property>) {
        let Some(role) = style.role.in_style_table() else { return self.empty_line(style.role) };
        let row = self.table_style(role);
        let mut paragraph = vec![];
        let mut run = self.character_properties(&row.characters);
        if (row.before, row.after, row.leading) != (0.0, 0.0, None) {
            paragraph.push(spacing(row.before, row.after, row.leading));
        }
        paragraph.extend(row.keep_with_next.then(|| Property::new("w:keepNext")));
        paragraph.extend(row.keep_lines.then(|| Property::new("w:keepLines")));
        if row.alignment == Some(theme::Alignment::End) {
            paragraph.push(Property::with_value("w:jc", "right"));
        }
        paragraph.extend(row.background.map(Self::shade));
        paragraph.extend(borders(style.role, &row));
        paragraph.extend(indentation(style));
        match style.role {
            Role::Heading(level) => {
                paragraph.push(Property::with_value("w:outlineLvl", level.saturating_sub(1)));
                if self.numbers_headings {
                    let level = Property::with_value("w:ilvl", level.saturating_sub(1));
                    let list = Property::with_value("w:numId", super::numbering::HEADINGS);
                    paragraph.push(Property::new("w:numPr").holding(vec![level, list]));
                }
            }
            Role::Contents(level) => {
                let text = twips(INDENT) * i64::from(level.saturating_sub(1)) + twips(INDENT * 1.4);
                let tab = Property::with_value("w:tab", "left").with("w:pos", text);
                paragraph.push(Property::new("w:tabs").holding(vec![tab]));
            }
            Role::Header | Role::Footer => {
                let measure = twips(self.theme.page.measure());
                let tab = Property::with_value("w:tab", "right").with("w:pos", measure);
                paragraph.push(Property::new("w:tabs").holding(vec![tab]));
            }
            Role::Code => {
                paragraph.push(Property::new("w:suppressAutoHyphens"));
                run.push(Property::new("w:noProof"));
            }
            _ => {}
        }
        (paragraph, run)
    }

    /// An invisible line that Word requires.
    fn empty_line(&self, role: Role) -> (Vec<Property>, Vec<Property>) {
        // Tables that it is between are as far apart as paragraphs.
        let between = self.theme.among_running_text(Medium::Word).gap;
        let gap = if role == Role::TableEnd { between } else { 0.0 };
        let line = spacing(0.0, gap, None).with("w:line", 40).with("w:lineRule", "exact");
        (vec![line], Self::size(1.0).to_vec())
    }

    fn character_properties(&self, style: &CharacterStyle) -> Vec<Property> {
        let mut run = Vec::new();
        run.extend(style.family.map(|family| self.fonts(family)));
        run.extend(style.color.map(Self::color));
        run.extend(style.size.into_iter().flat_map(Self::size));
        run.extend(style.background.map(Self::shade));
        // No style that others are based on is bold or leans.
        run.extend((style.weight == Some(Weight::Bold)).then(|| Property::new("w:b")));
        run.extend((style.slant == Some(Slant::Italic)).then(|| Property::new("w:i")));
        run.extend(style.strikethrough.then(|| Property::new("w:strike")));
        let underline = Property::with_value("w:u", "single");
        match style.link_rule {
            Some(color) => run.push(underline.with("w:color", hexadecimal(color))),
            None => run.extend(style.underline.then_some(underline)),
        }
        run
    }

    fn run_style(&self, out: &mut Markup, marks: &Marks) {
        let id = run_style(marks);
        let mut attributes = vec![("w:type", "character"), ("w:styleId", id.as_str())];
        if !is_built_in_run(marks) {
            attributes.insert(1, ("w:customStyle", "1"));
        }
        let properties: Vec<Property> = marks.iter().flat_map(|mark| self.mark(*mark)).collect();
        out.element("w:style", &attributes, |out| {
            out.empty("w:name", &[("w:val", &marks_name(marks))]);
            out.empty("w:basedOn", &[("w:val", "DefaultParagraphFont")]);
            out.empty("w:qFormat", &[]);
            order::write(out, "w:rPr", unique(properties));
        });
    }

    fn mark(&self, mark: Mark) -> Vec<Property> {
        let table = |role| {
            let around = self.theme.among_running_text(Medium::Word);
            self.character_properties(&self.theme.character_style(role, around))
        };
        let with = |role, name| table(role).into_iter().chain([Property::new(name)]).collect();
        match mark {
            Mark::Strong => with(CharacterRole::Strong, "w:bCs"),
            Mark::Emphasis | Mark::Citation | Mark::Term => with(CharacterRole::Emphasis, "w:iCs"),
            Mark::Code => with(CharacterRole::Code, "w:noProof"),
            Mark::Keyboard => with(CharacterRole::Keyboard, "w:noProof"),
            Mark::Underline | Mark::Inserted => table(CharacterRole::Underline),
            Mark::Highlight => table(CharacterRole::Highlight),
            Mark::Deleted | Mark::Struck => table(CharacterRole::Strikethrough),
            Mark::Small => table(CharacterRole::Small),
            Mark::Superscript | Mark::NoteNumber => vec![Property::with_value("w:vertAlign", "superscript")],
            Mark::Subscript => vec![Property::with_value("w:vertAlign", "subscript")],
            Mark::Link => table(CharacterRole::Link),
        }
    }
}

/// The first of each name: marks that meet may both want a property.
fn unique(properties: Vec<Property>) -> Vec<Property> {
    let mut kept: Vec<Property> = Vec::with_capacity(properties.len());
    for property in properties {
        if !kept.iter().any(|other| other.is_named_like(&property)) {
            kept.push(property);
        }
    }
    kept
}

/// The style that a variant is based on.
fn base(style: Style) -> Style {
    Style { depth: u8::from(style.role.is_list()), ..Style::for_role(style.role) }
}

fn parent(role: Role) -> &'static str {
    match role {
        Role::PanelTitle | Role::WarningTitle | Role::Quote | Role::Definition => "BodyText",
        _ => "Normal",
    }
}

/// The style of the next paragraph.
fn next(role: Role) -> Option<Style> {
    match role {
        Role::Title | Role::Subtitle | Role::Heading(_) | Role::ListingTitle | Role::Caption | Role::Figure => {
            Some(Style::for_role(Role::Body))
        }
        Role::Term => Some(Style::for_role(Role::Definition)),
        _ => None,
    }
}

fn is_built_in(style: Style) -> bool {
    let is_own = matches!(
        style.role,
        Role::Banner
            | Role::ControlTitle
            | Role::Entry
            | Role::Task
            | Role::Numbered
            | Role::Term
            | Role::Definition
            | Role::Attribution
            | Role::Figure
            | Role::Equation
            | Role::Cell
            | Role::HeaderCell
            | Role::PanelTitle
            | Role::WarningTitle
            | Role::Rule
            | Role::TableEnd
            | Role::SectionEnd
    );
    let is_level = style.role.is_list() && style.depth <= LIST_STYLES && !style.in_table;
    !is_own && (style.is_base() || is_level)
}

fn is_built_in_run(marks: &Marks) -> bool {
    let own = [
        Mark::Underline,
        Mark::Highlight,
        Mark::Inserted,
        Mark::Deleted,
        Mark::Struck,
        Mark::Small,
        Mark::Superscript,
        Mark::Subscript,
    ];
    marks.len() == 1 && !own.iter().any(|mark| marks.contains(mark))
}

/// Space before and after, and the height of lines.
fn spacing(before: Pt, after: Pt, leading: Option<Pt>) -> Property {
    let spacing = Property::new("w:spacing").with("w:before", twips(before)).with("w:after", twips(after));
    match leading {
        Some(leading) => spacing.with("w:line", twips(leading)).with("w:lineRule", "atLeast"),
        None => spacing,
    }
}

fn indent(style: Style) -> Property {
    Property::new("w:ind").with("w:left", twips(style.indent()))
}

/// Where the lines of an item begin; the first one starts before the others.
pub fn hanging(style: Style) -> Property {
    indent(style).with("w:hanging", twips(INDENT))
}

/// Where the lines of a role begin, which is elsewhere than where the text around it does.
fn indentation(style: Style) -> Option<Property> {
    let one_level = Style { depth: 1, ..style };
    match style.role {
        Role::Bullet | Role::Number | Role::Task => Some(hanging(style)),
        Role::Bibliography => Some(hanging(one_level)),
        Role::Plain | Role::Continued | Role::Equation => Some(indent(style)),
        Role::Definition | Role::Quote | Role::Attribution => Some(indent(one_level)),
        Role::Contents(level) => Some(indent(Style { depth: level.saturating_sub(1), ..style })),
        _ => None,
    }
}

/// The lines beside and around a role.
fn borders(role: Role, row: &ParagraphStyle) -> Option<Property> {
    let sides = match role {
        Role::Quote => vec![border("w:left", 12, 10, row.rule?)],
        Role::Header => vec![border("w:bottom", 4, 5, row.rule?)],
        Role::Footer => vec![border("w:top", 4, 5, row.rule?)],
        Role::Rule => vec![border("w:bottom", 4, 1, row.rule?)],
        // A border as wide as the padding around code, in its colour.
        Role::Code => {
            let color = row.background?;
            ["w:top", "w:left", "w:bottom", "w:right"].map(|side| border(side, 4, 4, color)).to_vec()
        }
        _ => return None,
    };
    Some(Property::new("w:pBdr").holding(sides))
}

/// A rule of some eighths of a point, with some points between it and the text.
fn border(side: &'static str, eighths: u32, space: u32, color: Color) -> Property {
    Property::with_value(side, "single")
        .with("w:sz", eighths)
        .with("w:space", space)
        .with("w:color", hexadecimal(color))
}

#[cfg(test)]
mod tests {
    use super::{Sheet, Style};
    use crate::backend::docx::style::{Role, family_name, half_points, hexadecimal, twips};
    use crate::backend::markup::Markup;
    use crate::theme::{Medium, Slant, Theme, Weight};

    /// The value of an attribute of the first element of a name.
    fn attribute(xml: &str, element: &str, name: &str) -> Option<String> {
        let (_, rest) = xml.split_once(&format!("<{element} "))?;
        let (element, _) = rest.split_once('>')?;
        let (_, value) = element.split_once(&format!("{name}=\""))?;
        Some(value.split_once('"')?.0.to_owned())
    }

    #[test]
    fn every_paragraph_style_is_a_row_of_the_style_table() {
        for theme in Theme::names().filter_map(Theme::builtin) {
            let sheet = Sheet { theme: &theme, numbers_headings: false };
            for role in Role::all() {
                let Some(row) = role.in_style_table() else { continue };
                let row = theme.paragraph_style(row, theme.among_running_text(Medium::Word));
                let mut out = Markup::new();
                let style = Style { depth: u8::from(role.is_list()), ..Style::for_role(role) };
                sheet.paragraph_style(&mut out, style);
                let xml = out.into_string();
                let written = |element, name| attribute(&xml, element, name);
                let letters = row.characters;
                let family = letters.family.map(|family| family_name(family, &theme.fonts));
                assert_eq!(written("w:rFonts", "w:ascii"), family, "{role:?}");
                assert_eq!(
                    written("w:sz", "w:val"),
                    letters.size.map(|size| half_points(size).to_string()),
                    "{role:?}"
                );
                let run = xml.split_once("<w:rPr>").map_or("", |(_, run)| run);
                assert_eq!(attribute(run, "w:color", "w:val"), letters.color.map(hexadecimal), "{role:?}");
                assert_eq!(run.contains("<w:b/>"), letters.weight == Some(Weight::Bold), "{role:?}");
                assert_eq!(run.contains("<w:i/>"), letters.slant == Some(Slant::Italic), "{role:?}");
                assert_eq!(
                    written("w:spacing", "w:line"),
                    row.leading.map(|leading| twips(leading).to_string()),
                    "{role:?}"
                );
                let space = |name| written("w:spacing", name).map_or(0, |space| space.parse().unwrap());
                assert_eq!((space("w:before"), space("w:after")), (twips(row.before), twips(row.after)), "{role:?}");
                assert_eq!(xml.contains("<w:keepNext/>"), row.keep_with_next, "{role:?}");
                assert_eq!(xml.contains("<w:keepLines/>"), row.keep_lines, "{role:?}");
            }
        }
    }
}
