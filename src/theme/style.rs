//! The style table: what paragraphs and words look like by their role, worked out from the
//! theme. The pages and Word both ask here. Where they differ, the row of the role says so; what
//! only one of them has, such as indents and penalties, is not in the table.

use super::{Color, FaceStyle, FontFamily, Pt, TextAlign, Theme};

/// How heavy letters are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Weight {
    /// Normal weight.
    #[default]
    Regular,
    /// Bold.
    Bold,
}

/// Whether letters lean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Slant {
    /// Roman.
    #[default]
    Upright,
    /// Italic, or slanted where the family has no italic.
    Italic,
}

/// Where lines are in their measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alignment {
    /// Flush at both ends.
    Justify,
    /// Flush where lines start.
    Start,
    /// Centred.
    Center,
    /// Flush where lines end.
    End,
}

/// The role of a paragraph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ParagraphRole {
    /// Running text.
    Body,
    /// The document's title.
    Title,
    /// The line below the title.
    Subtitle,
    /// A marking above the title.
    Banner,
    /// The title of the document's control data.
    ControlTitle,
    /// A value of the control data.
    ControlValue,
    /// The label of a value of the control data.
    ControlLabel,
    /// The heading of a section or of a list made from the document, by its level from 1.
    Heading(u8),
    /// An entry of the contents, by its level from 1.
    Contents(u8),
    /// An entry of a list of figures or tables.
    FigureEntry,
    /// An entry of a list whose entries have no pages: sources, abbreviations.
    ListingEntry,
    /// An item of a list with little space between items.
    ListItem,
    /// A term that is defined.
    Term,
    /// The definition of a term.
    Definition,
    /// A paragraph of a quotation.
    Quote,
    /// Whom a quotation is from.
    Attribution,
    /// A block of code.
    Code,
    /// A formula on a line of its own.
    Equation,
    /// A picture with its caption.
    Figure,
    /// The words of a caption, below a figure or above a table.
    Caption,
    /// The continuation line of a table on each further page.
    TableContinuation,
    /// A cell of a table.
    Cell,
    /// A cell of a table that heads others.
    HeaderCell,
    /// The title of a panel.
    PanelTitle,
    /// The title of an admonition that warns.
    WarningTitle,
    /// The title of the summary.
    SummaryTitle,
    /// The way back to the document that this one belongs to.
    Navigation,
    /// A footnote.
    Note,
    /// The running head and the foot.
    Furniture,
    /// A marking in the foot.
    FurnitureMarking,
    /// Words across the page.
    Watermark,
    /// A line across the text.
    Rule,
}

/// The role of words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum CharacterRole {
    /// Weighty words.
    Strong,
    /// Stressed words, cited titles, defined terms.
    Emphasis,
    /// Code in a line.
    Code,
    /// Keyboard input.
    Keyboard,
    /// Underlined words, and those that an author put in.
    Underline,
    /// Struck words, and those that an author took out.
    Strikethrough,
    /// Marked words.
    Highlight,
    /// Small print.
    Small,
    /// Words that lead somewhere.
    Link,
    /// The label of a caption on the pages.
    CaptionLabel,
}

/// The medium of an edition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Medium {
    /// The pages of the PDF. Of two spaces that meet the larger counts.
    Pages,
    /// Word. Spaces that meet add up, and lines of small type are as high as those of running
    /// text.
    Word,
}

/// The context of a paragraph.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Surroundings {
    /// The medium of the edition.
    pub medium: Medium,
    /// Size of the type around it.
    pub size: Pt,
    /// Distance between baselines of the surrounding text.
    pub leading: Pt,
    /// Space between paragraphs there.
    pub gap: Pt,
}

/// The type of running text, from which all styles start.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RunningText {
    /// The family of letters.
    pub family: FontFamily,
    /// Size of the type.
    pub size: Pt,
    /// Distance between baselines.
    pub leading: Pt,
    /// Colour of the letters.
    pub color: Color,
    /// Where lines are on the pages; Word sets them ragged.
    pub alignment: Alignment,
}

/// How letters differ from those around them: what is `None` is as there.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct CharacterStyle {
    /// The family of letters.
    pub family: Option<FontFamily>,
    /// Size of the type.
    pub size: Option<Pt>,
    /// How heavy they are.
    pub weight: Option<Weight>,
    /// Whether they are italic. In italic text, emphasis is upright.
    pub slant: Option<Slant>,
    /// Colour of the letters.
    pub color: Option<Color>,
    /// Colour behind the letters.
    pub background: Option<Color>,
    /// A line under them, in the colour of the letters.
    pub underline: bool,
    /// A line through them.
    pub strikethrough: bool,
    /// A thin line under them, in a colour of its own.
    pub link_rule: Option<Color>,
}

/// How a paragraph differs from those around it: what is `None` is as there.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct ParagraphStyle {
    /// Its letters.
    pub characters: CharacterStyle,
    /// Distance between baselines.
    pub leading: Option<Pt>,
    /// The alignment of its lines.
    pub alignment: Option<Alignment>,
    /// Space above it.
    pub before: Pt,
    /// Space below it.
    pub after: Pt,
    /// Whether it stays on the page of the next paragraph.
    pub keep_with_next: bool,
    /// Its lines stay on one page.
    pub keep_lines: bool,
    /// Colour behind the paragraph.
    pub background: Option<Color>,
    /// Colour of the line beside or along it.
    pub rule: Option<Color>,
}

/// The role of a panel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PanelRole {
    /// A panel, or an admonition that does not warn.
    Panel,
    /// An admonition that warns.
    Warning,
    /// The summary on the pages; in Word it is a panel.
    Summary,
}

/// The style of a panel, which has a title and other blocks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PanelStyle {
    /// Colour behind it.
    pub background: Color,
    /// Colour of the bar where its lines start.
    pub bar: Option<Color>,
    /// Padding above and below the content.
    pub pad_y: Pt,
    /// Padding beside the content.
    pub pad_x: Pt,
}

/// Captions and attributions, as a share of the size of running text.
const CAPTION_SIZE: Pt = 0.88;
/// Entries of the contents, as shares of the type of running text.
const CONTENTS_SIZE: Pt = 0.9;
const CONTENTS_LEADING: Pt = 0.89;
const WORD_CONTENTS_SIZE: Pt = 0.88;
/// Code in a line, as a share of the size around it: its letters look larger than their
/// neighbours.
const CODE_SIZE: Pt = 0.9;
const WORD_CODE_SIZE: Pt = 0.88;
/// Small print, as a share of the size around it.
const SMALL_SIZE: Pt = 0.85;
const WORD_SMALL_SIZE: Pt = 0.88;
/// Control data on the pages, as a share of the type of tables.
const CONTROL_SIZE: Pt = 0.95;
/// The foot and the head, from baseline to baseline, as a share of their size.
const FURNITURE_LEADING: Pt = 1.25;
/// The words across a page.
const WATERMARK_SIZE: Pt = 96.0;
/// Space around figures, tables and panels on the pages, in gaps between paragraphs.
pub const APART: Pt = 1.6;

impl ParagraphStyle {
    fn bold(mut self) -> ParagraphStyle {
        self.characters.weight = Some(Weight::Bold);
        self
    }

    fn colored(mut self, color: Color) -> ParagraphStyle {
        self.characters.color = Some(color);
        self
    }

    fn aligned(self, alignment: Alignment) -> ParagraphStyle {
        ParagraphStyle { alignment: Some(alignment), ..self }
    }

    fn leading(self, leading: Pt) -> ParagraphStyle {
        ParagraphStyle { leading: Some(leading), ..self }
    }

    fn spaced(self, before: Pt, after: Pt) -> ParagraphStyle {
        ParagraphStyle { before, after, ..self }
    }

    fn ruled(self, color: Color) -> ParagraphStyle {
        ParagraphStyle { rule: Some(color), ..self }
    }

    fn kept_whole(self) -> ParagraphStyle {
        ParagraphStyle { keep_lines: true, ..self }
    }

    fn kept_with_next(self) -> ParagraphStyle {
        ParagraphStyle { keep_with_next: true, ..self }
    }
}

impl Surroundings {
    /// Selects one of two lengths.
    fn on(self, pages: Pt, word: Pt) -> Pt {
        match self.medium {
            Medium::Pages => pages,
            Medium::Word => word,
        }
    }

    /// A style whose lines are lower than those of running text on the pages only.
    fn small(self, style: ParagraphStyle, leading: Pt) -> ParagraphStyle {
        match self.medium {
            Medium::Pages => style.leading(leading),
            Medium::Word => style,
        }
    }
}

impl Theme {
    /// The type of running text.
    pub fn running_text(&self) -> RunningText {
        RunningText {
            family: self.fonts.body,
            size: self.text.size.0,
            leading: self.text.leading.0,
            color: self.colors.text,
            alignment: match self.text.align {
                TextAlign::Justify => Alignment::Justify,
                TextAlign::Start => Alignment::Start,
            },
        }
    }

    /// The context of a paragraph within running text.
    pub fn among_running_text(&self, medium: Medium) -> Surroundings {
        Surroundings { medium, size: self.text.size.0, leading: self.text.leading.0, gap: self.text.gap.0 }
    }

    /// The style of paragraphs of a role.
    pub fn paragraph_style(&self, role: ParagraphRole, around: Surroundings) -> ParagraphStyle {
        use ParagraphRole as Role;
        let (colors, text, gap) = (&self.colors, &self.text, around.gap);
        let plain = ParagraphStyle::default();
        let on = |pages: Pt, word: Pt| around.on(pages, word);
        match role {
            Role::Body => plain.spaced(on(gap, gap / 2.0), on(gap, gap / 2.0)),
            Role::Title => {
                let title = self.set_apart(self.title.size.0).leading(self.title.leading.0);
                title.bold().colored(colors.accent).spaced(0.0, 4.0).kept_whole().kept_with_next()
            }
            Role::Subtitle => {
                let subtitle = self.set_apart(self.title.subtitle_size.0).leading(self.title.subtitle_leading.0);
                subtitle.colored(colors.muted).spaced(0.0, text.leading.0).kept_whole().kept_with_next()
            }
            Role::Banner => {
                let banner = self.set_apart(around.size).bold().colored(colors.warning);
                banner.spaced(0.0, 4.0).kept_whole().kept_with_next()
            }
            Role::Heading(level) => self.heading(level),
            Role::PanelTitle => self.panel_title(around).colored(colors.accent),
            Role::WarningTitle => self.panel_title(around).colored(colors.warning),
            Role::SummaryTitle => self.panel_title(around).colored(colors.accent).spaced(0.0, 3.0),
            Role::ControlTitle => {
                let title = self.control(around).bold().colored(colors.accent);
                title.spaced(4.0, 4.0).kept_whole().kept_with_next()
            }
            Role::ControlLabel => self.control(around).colored(colors.muted),
            Role::ControlValue => self.control(around),
            Role::Cell => self.set_apart(self.table.size.0).leading(self.table.leading.0),
            Role::HeaderCell => self.set_apart(self.table.size.0).leading(self.table.leading.0).bold(),
            Role::Figure => plain.spaced(on(gap * APART, gap), on(gap * APART, 0.0)).kept_with_next(),
            Role::Caption => self.caption(around).spaced(on(6.0, gap), on(5.0, gap)).kept_whole(),
            Role::TableContinuation => {
                let mut style = self.caption(around);
                style.characters.slant = Some(Slant::Italic);
                style
            }
            Role::Equation => plain.aligned(Alignment::Start).spaced(gap, gap),
            Role::Code => {
                let (family, size) = (Some(self.fonts.code), Some(self.code.size.0));
                let characters = CharacterStyle { family, size, ..plain.characters };
                let code = ParagraphStyle { characters, background: Some(colors.code), ..plain };
                code.leading(self.code.leading.0).aligned(Alignment::Start).spaced(gap, gap)
            }
            Role::Quote => plain.ruled(colors.rule).spaced(on(gap, gap / 2.0), on(gap, gap / 2.0)),
            Role::Attribution => self.caption(around).aligned(Alignment::End).spaced(on(gap * 0.5, 1.0), on(0.0, 1.0)),
            Role::Term => plain.bold().aligned(Alignment::Start).spaced(on(gap, gap / 2.0), 0.0).kept_with_next(),
            Role::Definition => plain.spaced(on(gap * 0.5, 1.0), on(gap * 0.5, 1.0)),
            Role::ListItem => plain.spaced(on(2.0, 1.0), on(2.0, 1.0)),
            Role::ListingEntry => plain.aligned(Alignment::Start).spaced(on(2.0, 1.0), on(0.0, 1.0)),
            Role::Contents(0 | 1) => self.entry(around).bold().spaced(on(gap * 0.45, 3.0), on(0.0, 0.5)),
            Role::Contents(_) | Role::FigureEntry => self.entry(around).spaced(0.5, on(0.0, 0.5)),
            Role::Navigation => self.set_apart(around.size).spaced(on(gap * APART, 0.0), 0.0),
            Role::Note => {
                let mut note = plain.leading(self.note.leading.0).spaced(on(1.5, 0.0), on(0.0, 2.0));
                note.characters.size = Some(self.note.size.0);
                note
            }
            Role::Furniture => self.furniture(around).colored(colors.muted),
            Role::FurnitureMarking => self.furniture(around).bold().colored(colors.warning),
            Role::Watermark => {
                let watermark = self.set_apart(WATERMARK_SIZE).leading(WATERMARK_SIZE).bold();
                watermark.colored(colors.watermark).aligned(Alignment::Center)
            }
            Role::Rule => plain.ruled(colors.rule).spaced(on(gap * 1.5, gap), on(gap * 1.5, gap)),
        }
    }

    /// Words that are no running text: in the family of headings, ragged.
    fn set_apart(&self, size: Pt) -> ParagraphStyle {
        let characters = CharacterStyle {
            family: Some(self.fonts.heading),
            size: Some(size),
            weight: Some(Weight::Regular),
            slant: Some(Slant::Upright),
            ..CharacterStyle::default()
        };
        ParagraphStyle { characters, alignment: Some(Alignment::Start), ..ParagraphStyle::default() }
    }

    fn heading(&self, level: u8) -> ParagraphStyle {
        let heading = self.headings.level(level);
        let (weight, slant) = match heading.style {
            FaceStyle::Regular => (Weight::Regular, Slant::Upright),
            FaceStyle::Italic => (Weight::Regular, Slant::Italic),
            FaceStyle::Bold => (Weight::Bold, Slant::Upright),
            FaceStyle::BoldItalic => (Weight::Bold, Slant::Italic),
        };
        let mut style = self.set_apart(heading.size.0).leading(heading.leading.0).colored(heading.color);
        style.characters.weight = Some(weight);
        style.characters.slant = Some(slant);
        style.spaced(heading.before.0, heading.after.0).kept_whole().kept_with_next()
    }

    fn panel_title(&self, around: Surroundings) -> ParagraphStyle {
        self.set_apart(around.size).bold().spaced(0.0, around.on(around.gap * 0.3, 3.0)).kept_with_next()
    }

    fn control(&self, around: Surroundings) -> ParagraphStyle {
        let size = self.table.size.0 * around.on(CONTROL_SIZE, 1.0);
        around.small(self.set_apart(size), self.table.leading.0 * CONTROL_SIZE)
    }

    fn caption(&self, around: Surroundings) -> ParagraphStyle {
        let caption = self.set_apart(self.text.size.0 * CAPTION_SIZE).colored(self.colors.muted);
        around.small(caption, self.text.leading.0 * CAPTION_SIZE)
    }

    fn entry(&self, around: Surroundings) -> ParagraphStyle {
        let entry = self.set_apart(around.size * around.on(CONTENTS_SIZE, WORD_CONTENTS_SIZE));
        around.small(entry, around.leading * CONTENTS_LEADING)
    }

    fn furniture(&self, around: Surroundings) -> ParagraphStyle {
        let size = self.page.furniture_size.0;
        around.small(self.set_apart(size), size * FURNITURE_LEADING).ruled(self.colors.rule)
    }

    /// The style of words of a role.
    pub fn character_style(&self, role: CharacterRole, around: Surroundings) -> CharacterStyle {
        let (colors, plain) = (&self.colors, CharacterStyle::default());
        let size = |pages: Pt, word: Pt| Some(around.size * around.on(pages, word));
        match role {
            CharacterRole::Strong => CharacterStyle { weight: Some(Weight::Bold), ..plain },
            CharacterRole::Emphasis => CharacterStyle { slant: Some(Slant::Italic), ..plain },
            CharacterRole::Code => {
                CharacterStyle { family: Some(self.fonts.code), size: size(CODE_SIZE, WORD_CODE_SIZE), ..plain }
            }
            CharacterRole::Keyboard => {
                let size = match around.medium {
                    Medium::Pages => Some(around.size * CODE_SIZE),
                    Medium::Word => None,
                };
                CharacterStyle { family: Some(self.fonts.code), size, background: Some(colors.code), ..plain }
            }
            CharacterRole::Underline => CharacterStyle { underline: true, ..plain },
            CharacterRole::Strikethrough => CharacterStyle { strikethrough: true, ..plain },
            CharacterRole::Highlight => CharacterStyle { background: Some(colors.highlight), ..plain },
            CharacterRole::Small => CharacterStyle { size: size(SMALL_SIZE, WORD_SMALL_SIZE), ..plain },
            CharacterRole::Link => {
                CharacterStyle { color: Some(colors.link), link_rule: Some(colors.link_rule), ..plain }
            }
            CharacterRole::CaptionLabel => {
                CharacterStyle { weight: Some(Weight::Bold), color: Some(colors.accent), ..plain }
            }
        }
    }

    /// The style of panels of a role.
    pub fn panel_style(&self, role: PanelRole, medium: Medium) -> PanelStyle {
        let colors = &self.colors;
        let (background, bar) = match role {
            PanelRole::Panel => (colors.panel, Some(colors.accent)),
            PanelRole::Warning => (colors.warning_panel, Some(colors.warning)),
            PanelRole::Summary => (colors.panel, None),
        };
        let (pad_y, pad_x) = match (medium, role) {
            (Medium::Word, _) => (6.0, 10.0),
            (Medium::Pages, PanelRole::Summary) => (8.0, 10.0),
            (Medium::Pages, PanelRole::Panel | PanelRole::Warning) => (8.0, 11.0),
        };
        PanelStyle { background, bar, pad_y, pad_x }
    }
}

#[cfg(test)]
mod tests {
    use super::{CharacterStyle, Medium, ParagraphRole as Role, ParagraphStyle};
    use crate::theme::Theme;

    /// Roles of both media; the others are for pages only.
    const SHARED: [Role; 27] = [
        Role::Body,
        Role::Title,
        Role::Subtitle,
        Role::Banner,
        Role::ControlTitle,
        Role::Heading(1),
        Role::Heading(2),
        Role::Heading(4),
        Role::Contents(1),
        Role::Contents(2),
        Role::FigureEntry,
        Role::ListingEntry,
        Role::ListItem,
        Role::Term,
        Role::Definition,
        Role::Quote,
        Role::Attribution,
        Role::Code,
        Role::Equation,
        Role::Figure,
        Role::Caption,
        Role::Cell,
        Role::HeaderCell,
        Role::PanelTitle,
        Role::WarningTitle,
        Role::Note,
        Role::Furniture,
    ];

    #[test]
    fn the_media_differ_in_lengths_only() {
        for theme in Theme::names().filter_map(Theme::builtin) {
            for role in SHARED {
                let [pages, word] = [Medium::Pages, Medium::Word]
                    .map(|medium| theme.paragraph_style(role, theme.among_running_text(medium)));
                let without_lengths = |style: ParagraphStyle| ParagraphStyle {
                    characters: CharacterStyle { size: None, ..style.characters },
                    leading: None,
                    before: 0.0,
                    after: 0.0,
                    ..style
                };
                assert_eq!(without_lengths(pages), without_lengths(word), "{role:?} of {}", theme.name);
                // Half a point is the least that Word can tell apart.
                let sizes = pages.characters.size.zip(word.characters.size);
                assert!(sizes.is_none_or(|(pages, word)| (pages - word).abs() < 0.5), "{role:?} of {}", theme.name);
            }
        }
    }
}
