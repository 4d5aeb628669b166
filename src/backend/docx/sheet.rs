//! The part with the styles: what each looks like in a theme.

use super::order::{self, Property};
use super::style::{
    Alignment, INDENT, LIST_STYLES, Mark, Marks, PAD, Role, SMALL, Style, Used, family_name, half_points, hexadecimal,
    lang, marks_name, run_style, twips,
};
use crate::backend::markup::Markup;
use crate::language::{Direction, Language};
use crate::resolve::Resolved;
use crate::theme::{Color, FaceStyle, FontFamily, HeadingTheme, Pt, Theme};

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

    /// What holds where no style says otherwise: the fonts, and the language.
    fn defaults(&self, out: &mut Markup, language: &Language) {
        let mut run = vec![self.fonts(self.theme.fonts.body), Self::color(self.theme.colors.text), lang(&language.tag)];
        run.extend(Self::size(self.theme.text.size.0));
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
        let line =
            Property::new("w:spacing").with("w:line", twips(self.theme.text.leading.0)).with("w:lineRule", "atLeast");
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
        let (paragraph, run) = if style.is_base() { self.look(style) } else { self.variant(style) };
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

    /// What a style has that differs from its role's own by its place.
    fn variant(&self, style: Style) -> (Vec<Property>, Vec<Property>) {
        let mut paragraph = Vec::new();
        let mut run = Vec::new();
        if style.depth > 0 {
            paragraph.push(indent(style));
        }
        if style.in_table {
            let table = &self.theme.table;
            paragraph.push(spacing(1.0, 1.0, Some(table.leading.0)));
            let size = if style.role == Role::Code { self.theme.code.size.0.min(table.size.0) } else { table.size.0 };
            run.extend(Self::size(size));
        }
        match style.align {
            Alignment::Start => {}
            Alignment::Center => paragraph.push(Property::with_value("w:jc", "center")),
            Alignment::End => paragraph.push(Property::with_value("w:jc", "right")),
        }
        (paragraph, run)
    }

    /// What a role looks like.
    fn look(&self, style: Style) -> (Vec<Property>, Vec<Property>) {
        match style.role {
            Role::Title
            | Role::Subtitle
            | Role::Banner
            | Role::ControlTitle
            | Role::ListingTitle
            | Role::Heading(_) => self.titles(style.role),
            Role::Cell
            | Role::HeaderCell
            | Role::PanelTitle
            | Role::WarningTitle
            | Role::TableEnd
            | Role::SectionEnd => self.cells(style.role),
            Role::Contents(_) | Role::Captions | Role::Header | Role::Footer | Role::Note => self.apparatus(style.role),
            _ => self.text(style),
        }
    }

    /// Running text and what is set apart in it.
    fn text(&self, style: Style) -> (Vec<Property>, Vec<Property>) {
        let (theme, gap) = (self.theme, self.theme.text.gap.0);
        let colors = &theme.colors;
        let around = spacing(gap / 2.0, gap / 2.0, None);
        let close = spacing(1.0, 1.0, None);
        let caption = || {
            let mut run = vec![self.fonts(theme.fonts.heading), Self::color(colors.muted)];
            run.extend(Self::size(theme.text.size.0 * SMALL));
            run
        };
        match style.role {
            Role::Bullet | Role::Number | Role::Task => (vec![close, hanging(style)], Vec::new()),
            Role::Plain | Role::Continued => (vec![close, indent(style)], Vec::new()),
            Role::Entry => (vec![close], Vec::new()),
            Role::Bibliography => (vec![close, hanging(Style { depth: 1, ..style })], Vec::new()),
            Role::Term => (vec![spacing(gap / 2.0, 0.0, None), Property::new("w:keepNext")], vec![bold()]),
            Role::Definition => (vec![close, indent(Style { depth: 1, ..style })], Vec::new()),
            Role::Quote => {
                let bar = Property::new("w:pBdr").holding(vec![border("w:left", 12, 10, colors.rule)]);
                (vec![around, indent(Style { depth: 1, ..style }), bar], Vec::new())
            }
            Role::Attribution => {
                let place = [indent(Style { depth: 1, ..style }), Property::with_value("w:jc", "right")];
                (place.into_iter().chain([close]).collect(), caption())
            }
            Role::Code => {
                let sides = ["w:top", "w:left", "w:bottom", "w:right"].map(|side| border(side, 4, 4, colors.code));
                let ground = [Property::new("w:pBdr").holding(sides.to_vec()), Self::shade(colors.code)];
                let space = [spacing(gap, gap, Some(theme.code.leading.0)), Property::new("w:suppressAutoHyphens")];
                let mut run = vec![self.fonts(theme.fonts.code), Property::new("w:noProof")];
                run.extend(Self::size(theme.code.size.0));
                (ground.into_iter().chain(space).collect(), run)
            }
            Role::Caption => (vec![spacing(gap, gap, None), Property::new("w:keepLines")], caption()),
            Role::Figure => (vec![spacing(gap, 0.0, None), Property::new("w:keepNext")], Vec::new()),
            Role::Equation => (vec![spacing(gap, gap, None), indent(style)], Vec::new()),
            Role::Rule => {
                let line = Property::new("w:pBdr").holding(vec![border("w:bottom", 4, 1, colors.rule)]);
                (vec![spacing(gap, gap, None), line], Vec::new())
            }
            _ => (vec![around], Vec::new()),
        }
    }

    fn titles(&self, role: Role) -> (Vec<Property>, Vec<Property>) {
        let theme = self.theme;
        let (title, colors) = (&theme.title, &theme.colors);
        let sans = |size: Pt, color: Color| {
            let mut run = vec![self.fonts(theme.fonts.heading), Self::color(color)];
            run.extend(Self::size(size));
            run
        };
        let kept = [Property::new("w:keepNext"), Property::new("w:keepLines")];
        let with = |space: Property| kept.iter().cloned().chain([space]).collect::<Vec<_>>();
        match role {
            Role::Title => {
                let mut run = sans(title.size.0, colors.accent);
                run.push(bold());
                (with(spacing(0.0, 4.0, Some(title.leading.0))), run)
            }
            Role::Subtitle => {
                let after = spacing(0.0, theme.text.leading.0, Some(title.subtitle_leading.0));
                (with(after), sans(title.subtitle_size.0, colors.muted))
            }
            Role::Banner => {
                let mut run = sans(theme.text.size.0, colors.warning);
                run.push(bold());
                (with(spacing(0.0, 4.0, None)), run)
            }
            Role::ControlTitle => {
                let mut run = sans(theme.table.size.0, colors.accent);
                run.push(bold());
                (with(spacing(4.0, 4.0, None)), run)
            }
            Role::ListingTitle => self.heading(theme.headings.level(1), with),
            Role::Heading(level) => {
                let (mut paragraph, run) = self.heading(theme.headings.level(level), with);
                paragraph.push(Property::with_value("w:outlineLvl", level.saturating_sub(1)));
                if self.numbers_headings {
                    let level = Property::with_value("w:ilvl", level.saturating_sub(1));
                    let list = Property::with_value("w:numId", super::numbering::HEADINGS);
                    paragraph.push(Property::new("w:numPr").holding(vec![level, list]));
                }
                (paragraph, run)
            }
            _ => (Vec::new(), Vec::new()),
        }
    }

    fn heading(
        &self,
        heading: &HeadingTheme,
        with: impl Fn(Property) -> Vec<Property>,
    ) -> (Vec<Property>, Vec<Property>) {
        let mut run = vec![self.fonts(self.theme.fonts.heading), Self::color(heading.color)];
        run.extend(Self::size(heading.size.0));
        match heading.style {
            FaceStyle::Regular => {}
            FaceStyle::Bold => run.push(bold()),
            FaceStyle::Italic => run.push(Property::new("w:i")),
            FaceStyle::BoldItalic => run.extend([bold(), Property::new("w:i")]),
        }
        (with(spacing(heading.before.0, heading.after.0, Some(heading.leading.0))), run)
    }

    fn cells(&self, role: Role) -> (Vec<Property>, Vec<Property>) {
        let theme = self.theme;
        let mut run = vec![self.fonts(theme.fonts.heading)];
        let (paragraph, color, size) = match role {
            Role::PanelTitle => {
                (vec![spacing(0.0, 3.0, None), Property::new("w:keepNext")], Some(theme.colors.accent), theme.text.size)
            }
            Role::WarningTitle => (
                vec![spacing(0.0, 3.0, None), Property::new("w:keepNext")],
                Some(theme.colors.warning),
                theme.text.size,
            ),
            Role::TableEnd | Role::SectionEnd => {
                // Tables that it stands between are as far apart as paragraphs.
                let gap = if role == Role::TableEnd { theme.text.gap.0 } else { 0.0 };
                let line = spacing(0.0, gap, None).with("w:line", 40).with("w:lineRule", "exact");
                return (vec![line], Self::size(1.0).to_vec());
            }
            _ => (vec![spacing(0.0, 0.0, Some(theme.table.leading.0))], None, theme.table.size),
        };
        run.extend(color.map(Self::color));
        run.extend(Self::size(size.0));
        if role != Role::Cell {
            run.push(bold());
        }
        (paragraph, run)
    }

    /// Contents, notes, and what stands on every page.
    fn apparatus(&self, role: Role) -> (Vec<Property>, Vec<Property>) {
        let theme = self.theme;
        let mut run = vec![self.fonts(theme.fonts.heading)];
        let measure = twips(theme.page.measure());
        let right =
            || Property::new("w:tabs").holding(vec![Property::with_value("w:tab", "right").with("w:pos", measure)]);
        match role {
            Role::Contents(level) => {
                run.extend(Self::size(theme.text.size.0 * SMALL));
                if level == 1 {
                    run.push(bold());
                }
                let left = twips(INDENT) * i64::from(level.saturating_sub(1));
                let text = left + twips(INDENT * 1.4);
                let tab = Property::with_value("w:tab", "left").with("w:pos", text);
                let place = Property::new("w:ind").with("w:left", left);
                (
                    vec![
                        spacing(if level == 1 { 3.0 } else { 0.5 }, 0.5, None),
                        Property::new("w:tabs").holding(vec![tab]),
                        place,
                    ],
                    run,
                )
            }
            Role::Captions => {
                run.extend(Self::size(theme.text.size.0 * SMALL));
                (vec![spacing(0.5, 0.5, None)], run)
            }
            Role::Header | Role::Footer => {
                run.extend(Self::size(theme.page.furniture_size.0));
                run.push(Self::color(theme.colors.muted));
                let side = if role == Role::Header { "w:bottom" } else { "w:top" };
                let line = Property::new("w:pBdr").holding(vec![border(side, 4, 5, theme.colors.rule)]);
                (vec![right(), line], run)
            }
            _ => {
                let run = Self::size(theme.note.size.0).to_vec();
                (vec![spacing(0.0, 2.0, Some(theme.note.leading.0))], run)
            }
        }
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
        let (theme, colors) = (self.theme, &self.theme.colors);
        match mark {
            Mark::Strong => vec![bold(), Property::new("w:bCs")],
            Mark::Emphasis | Mark::Citation | Mark::Term => vec![Property::new("w:i"), Property::new("w:iCs")],
            Mark::Code => {
                let mut run = vec![self.fonts(theme.fonts.code), Property::new("w:noProof")];
                run.extend(Self::size(theme.text.size.0 * SMALL));
                run
            }
            Mark::Keyboard => vec![self.fonts(theme.fonts.code), Self::shade(colors.code), Property::new("w:noProof")],
            Mark::Underline | Mark::Inserted => vec![Property::with_value("w:u", "single")],
            Mark::Highlight => vec![Self::shade(colors.highlight)],
            Mark::Deleted | Mark::Struck => vec![Property::new("w:strike")],
            Mark::Small => Self::size(theme.text.size.0 * SMALL).to_vec(),
            Mark::Superscript | Mark::NoteNumber => vec![Property::with_value("w:vertAlign", "superscript")],
            Mark::Subscript => vec![Property::with_value("w:vertAlign", "subscript")],
            Mark::Link => vec![
                Self::color(colors.link),
                Property::with_value("w:u", "single").with("w:color", hexadecimal(colors.link_rule)),
            ],
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

/// What is written after a paragraph of this style.
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

fn bold() -> Property {
    Property::new("w:b")
}

/// Space before and behind, and the height of lines.
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

/// The first line begins before the others.
fn hanging(style: Style) -> Property {
    indent(style).with("w:hanging", twips(INDENT))
}

/// A rule of some eighths of a point, with some points between it and the text.
fn border(side: &'static str, eighths: u32, space: u32, color: Color) -> Property {
    Property::with_value(side, "single")
        .with("w:sz", eighths)
        .with("w:space", space.min(PAD * 4))
        .with("w:color", hexadecimal(color))
}
