//! Page geometry, fonts, sizes and colours of the PDF edition, read from TOML.

mod fonts;
mod style;

pub use fonts::{FontFamily, FontsTheme, OwnFace, OwnFamily};
pub use style::{
    APART, Alignment, CharacterRole, CharacterStyle, Medium, PanelRole, PanelStyle, ParagraphRole, ParagraphStyle,
    RunningText, Slant, Surroundings, Weight,
};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;
use std::ops::Range;
use std::sync::OnceLock;

/// A length in PostScript points (1/72 inch).
pub type Pt = f32;

/// Everything a theme decides. What a theme's TOML leaves out is taken from
/// the theme it is based on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Theme {
    /// Name in the theme's file.
    pub name: String,
    /// Form of the first page.
    pub opening: Opening,
    /// Whether the contents list has pages of its own.
    pub contents_page: ContentsPage,
    /// Whether each annex starts a new page; one shares the page of another where
    /// it would be nearly empty.
    pub annex_break: AnnexBreak,
    /// A picture for the head of the first page: its path from the theme's file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logo: Option<String>,
    /// Alternative text of the logo. Without it the logo is decoration, which assistive technology
    /// skips.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logo_alt: Option<String>,
    /// Height of the logo on the page; the width follows.
    pub logo_height: Length,
    /// The logo among the document's pictures, when it is read.
    #[serde(skip)]
    pub logo_picture: Option<usize>,
    /// Paper and margins.
    pub page: PageTheme,
    /// Which family plays which part.
    pub fonts: FontsTheme,
    /// Running text.
    pub text: TextTheme,
    /// Title and subtitle.
    pub title: TitleTheme,
    /// Headings by their level.
    pub headings: Headings,
    /// Text in tables.
    pub table: TableTheme,
    /// Blocks of code.
    pub code: CodeTheme,
    /// Footnotes.
    pub note: NoteTheme,
    /// Colours by their part.
    pub colors: Colors,
}

/// The form of the first page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Opening {
    /// Title and control data above the text.
    Block,
    /// A page of their own.
    Cover,
}

/// The position of the contents list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ContentsPage {
    /// In the flow of the text.
    Inline,
    /// On pages of its own.
    Separate,
}

/// Where annexes start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AnnexBreak {
    /// On a page of its own.
    Page,
    /// In the flow of the text.
    Inline,
}

/// Paper and margins.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct PageTheme {
    /// The paper upright; landscape pages turn it.
    pub size: PaperSize,
    /// Distance from the page's upper edge to the text.
    pub margin_top: Length,
    /// Distance from the text to the page's lower edge.
    pub margin_bottom: Length,
    /// Left margin, of left and right pages.
    pub margin_left: Length,
    /// Right margin, of left and right pages.
    pub margin_right: Length,
    /// Distance from the page's upper edge to the baseline of the running head.
    pub head: Length,
    /// Distance from the page's lower edge to the baseline of the foot.
    pub foot: Length,
    /// Size of running head and foot.
    pub furniture_size: Length,
}

impl PageTheme {
    /// Width of a line of text.
    pub fn measure(&self) -> Pt {
        self.size.width - self.margin_left.0 - self.margin_right.0
    }

    /// Height of the text.
    pub fn height(&self) -> Pt {
        self.size.height - self.margin_top.0 - self.margin_bottom.0
    }
}

/// Running text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct TextTheme {
    /// Size of the type.
    pub size: Length,
    /// Distance between baselines.
    pub leading: Length,
    /// Space between paragraphs.
    pub gap: Length,
    /// Whether lines end flush.
    pub align: TextAlign,
    /// Whether words are divided at the end of lines.
    pub hyphenation: Hyphenation,
}

/// Whether lines of running text end flush.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TextAlign {
    /// Flush at both ends.
    Justify,
    /// Ragged at the end of lines.
    Start,
}

/// Whether running text is hyphenated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Hyphenation {
    /// Where the document's language has patterns.
    On,
    /// Never.
    Off,
}

/// Title and subtitle.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct TitleTheme {
    /// Size of the title's type.
    pub size: Length,
    /// Distance between baselines of a title of several lines.
    pub leading: Length,
    /// Size of the subtitle's type.
    pub subtitle_size: Length,
    /// Distance between baselines of a subtitle of several lines.
    pub subtitle_leading: Length,
}

/// Styles of section headings; deeper levels look like the last.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Headings {
    /// Sections right below the title.
    pub level1: HeadingTheme,
    /// Sections one level down.
    pub level2: HeadingTheme,
    /// Sections two levels down.
    pub level3: HeadingTheme,
    /// Sections three levels down and deeper.
    pub level4: HeadingTheme,
}

impl Headings {
    /// The style of a level, 1 for the outermost section.
    pub fn level(&self, level: u8) -> &HeadingTheme {
        match level {
            0 | 1 => &self.level1,
            2 => &self.level2,
            3 => &self.level3,
            _ => &self.level4,
        }
    }
}

/// How a heading looks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct HeadingTheme {
    /// Size of the type.
    pub size: Length,
    /// Distance between baselines.
    pub leading: Length,
    /// Space above the heading.
    pub before: Length,
    /// Space below the heading.
    pub after: Length,
    /// Weight and slant.
    pub style: FaceStyle,
    /// Colour of the letters.
    pub color: Color,
}

/// Style of a heading's letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FaceStyle {
    /// Upright, of normal weight.
    Regular,
    /// Leaning, of normal weight.
    Italic,
    /// Upright and bold.
    Bold,
    /// Leaning and bold.
    BoldItalic,
}

/// Text in tables.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct TableTheme {
    /// Size of the type where the table fits in it.
    pub size: Length,
    /// Distance between baselines at that size.
    pub leading: Length,
    /// The smallest type that a table is set in where it would not fit else.
    pub least_size: Length,
    /// Space between a cell's edge and its content, left and right.
    pub pad_x: Length,
    /// Above and below.
    pub pad_y: Length,
}

/// Blocks of code.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct CodeTheme {
    /// Size of the type.
    pub size: Length,
    /// Distance between baselines.
    pub leading: Length,
}

/// Footnotes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct NoteTheme {
    /// Size of the type.
    pub size: Length,
    /// Distance between baselines.
    pub leading: Length,
}

/// The colours.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Colors {
    /// Running text.
    pub text: Color,
    /// Title, bars, strong rules.
    pub accent: Color,
    /// Captions, running heads, less important words.
    pub muted: Color,
    /// Light rules.
    pub rule: Color,
    /// Words that lead somewhere.
    pub link: Color,
    /// The thin line under links.
    pub link_rule: Color,
    /// Background of panels.
    pub panel: Color,
    /// Background of warning admonitions.
    pub warning_panel: Color,
    /// Bar of admonitions that warn.
    pub warning: Color,
    /// Background of code.
    pub code: Color,
    /// Background of highlighted text.
    pub highlight: Color,
    /// Words across the pages, such as a draft's.
    pub watermark: Color,
    /// Content of a redline's new version only.
    pub inserted: Color,
    /// Content of its old version only.
    pub deleted: Color,
    /// Content moved between the versions.
    pub moved: Color,
}

/// sRGB, each 0 to 255. Written `#rrggbb`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Color {
    /// Red.
    pub red: u8,
    /// Green.
    pub green: u8,
    /// Blue.
    pub blue: u8,
}

impl Color {
    fn parse(text: &str) -> Option<Color> {
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6 && digits.is_ascii())?;
        let channel = |range: Range<usize>| u8::from_str_radix(digits.get(range)?, 16).ok();
        Some(Color { red: channel(0..2)?, green: channel(2..4)?, blue: channel(4..6)? })
    }
}

impl fmt::Display for Color {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.red, self.green, self.blue)
    }
}

impl Serialize for Color {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Color {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Color::parse(&text).ok_or_else(|| de::Error::custom(format!("`{text}` is not a colour such as `#1f4e79`")))
    }
}

/// A length. Written with a unit: `25mm`, `2.5cm`, `10.5pt`, `1in`.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default)]
pub struct Length(pub Pt);

const POINTS_PER_INCH: Pt = 72.0;
const MILLIMETRES_PER_INCH: Pt = 25.4;
/// The longest side PDF allows without scaling (ISO 32000-1, annex C), in points.
const LONGEST: Pt = 14_400.0;

impl Length {
    fn parse(text: &str) -> Option<Length> {
        let text = text.trim();
        let split = text.find(|c: char| c.is_ascii_alphabetic())?;
        let (number, unit) = text.split_at_checked(split)?;
        let number: Pt = number.trim().parse().ok()?;
        let points = match unit {
            "pt" => number,
            "mm" => number * POINTS_PER_INCH / MILLIMETRES_PER_INCH,
            "cm" => number * 10.0 * POINTS_PER_INCH / MILLIMETRES_PER_INCH,
            "in" => number * POINTS_PER_INCH,
            _ => return None,
        };
        (0.0..=LONGEST).contains(&points).then_some(Length(points))
    }
}

impl Serialize for Length {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{}pt", self.0))
    }
}

impl<'de> Deserialize<'de> for Length {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Length::parse(&text).ok_or_else(|| de::Error::custom(format!("`{text}` is not a length such as `25mm`")))
    }
}

/// A page's size in points. Written `A4`, `A5`, `Letter`, `Legal` or as
/// `width × height`: `210mm x 297mm`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PaperSize {
    /// The shorter side of `A4` and its like.
    pub width: Pt,
    /// The longer side of `A4` and its like.
    pub height: Pt,
}

impl PaperSize {
    fn parse(text: &str) -> Option<PaperSize> {
        let millimetres = |width: Pt, height: Pt| PaperSize {
            width: width * POINTS_PER_INCH / MILLIMETRES_PER_INCH,
            height: height * POINTS_PER_INCH / MILLIMETRES_PER_INCH,
        };
        match text.trim().to_ascii_lowercase().as_str() {
            "a4" => Some(millimetres(210.0, 297.0)),
            "a5" => Some(millimetres(148.0, 210.0)),
            "letter" => Some(PaperSize { width: 612.0, height: 792.0 }),
            "legal" => Some(PaperSize { width: 612.0, height: 1008.0 }),
            custom => {
                let (width, height) = custom.split_once(['x', '×'])?;
                Some(PaperSize { width: Length::parse(width)?.0, height: Length::parse(height)?.0 })
            }
        }
    }
}

impl Serialize for PaperSize {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{}pt x {}pt", self.width, self.height))
    }
}

impl<'de> Deserialize<'de> for PaperSize {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        PaperSize::parse(&text)
            .ok_or_else(|| de::Error::custom(format!("`{text}` is not a page size such as `A4` or `210mm x 297mm`")))
    }
}

/// A problem of a theme, with its position in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThemeError {
    /// Message: one sentence without a full stop.
    pub message: String,
    /// Bytes of the theme's text.
    pub range: Range<usize>,
}

/// The built-in themes. The first one is complete, the others say what they
/// change.
const BUILTIN: [(&str, &str); 3] = [
    ("briefing", include_str!("../assets/themes/briefing.toml")),
    ("report", include_str!("../assets/themes/report.toml")),
    ("plain", include_str!("../assets/themes/plain.toml")),
];

/// The least room a page must leave for text.
const LEAST_MEASURE: Pt = 72.0;
const LEAST_HEIGHT: Pt = 144.0;
/// The smallest size of type: what is smaller cannot be read.
const LEAST_SIZE: Pt = 4.0;

impl Theme {
    /// The names of the built-in themes.
    pub fn names() -> impl Iterator<Item = &'static str> {
        BUILTIN.iter().map(|(name, _)| *name)
    }

    /// A built-in theme.
    pub fn builtin(name: &str) -> Option<Theme> {
        // Each is read once, for nearly every document asks for one of them.
        static READ: [OnceLock<Option<Theme>>; BUILTIN.len()] = [const { OnceLock::new() }; BUILTIN.len()];
        let place = BUILTIN.iter().position(|(known, _)| *known == name)?;
        let (_, text) = BUILTIN.get(place)?;
        let read = || match place {
            0 => toml::from_str(text).ok(),
            _ => Theme::parse(text, &Theme::builtin(BUILTIN.first()?.0)?).ok(),
        };
        READ.get(place)?.get_or_init(read).clone()
    }

    /// Reads a theme that changes `base`.
    ///
    /// # Errors
    /// Where the TOML is broken, a key is not known, a value is of the wrong
    /// kind, or the page leaves no room for text.
    pub fn parse(text: &str, base: &Theme) -> Result<Theme, ThemeError> {
        let error = |message: &str, range: Option<Range<usize>>| ThemeError {
            message: message.to_owned(),
            range: range.unwrap_or(0..text.len().min(1)),
        };
        let own: toml::Table = toml::from_str(text).map_err(|e: toml::de::Error| error(e.message(), e.span()))?;
        let mut merged = toml::Table::try_from(base).map_err(|e| error(&e.to_string(), None))?;
        merge(&mut merged, own);
        let theme: Theme =
            merged.try_into().map_err(|e: toml::de::Error| error(e.message(), place(text, e.message())))?;
        if theme.page.measure() < LEAST_MEASURE || theme.page.height() < LEAST_HEIGHT {
            return Err(error(
                "the margins leave no room for text",
                text.find("[page]").map(|at| at..at + "[page]".len()),
            ));
        }
        let sizes = [theme.text.size, theme.table.size, theme.code.size, theme.note.size, theme.page.furniture_size];
        let leadings = [theme.text.leading, theme.table.leading, theme.code.leading, theme.note.leading];
        if sizes.iter().chain(&leadings).any(|length| length.0 < LEAST_SIZE) {
            return Err(error("a size of type is too small to be read", None));
        }
        Ok(theme)
    }
}

/// Where in the text the words stand that a message names between backticks:
/// a merged table has no places of its own.
fn place(text: &str, message: &str) -> Option<Range<usize>> {
    place_of(text, message.split('`').nth(1)?)
}

/// The first position of some words in a theme's text.
pub fn place_of(text: &str, words: &str) -> Option<Range<usize>> {
    let start = text.find(words)?;
    Some(start..start + words.len())
}

/// Lays one table over another, key by key.
fn merge(base: &mut toml::Table, over: toml::Table) {
    for (key, value) in over {
        match (base.get_mut(&key), value) {
            (Some(toml::Value::Table(below)), toml::Value::Table(above)) => merge(below, above),
            (_, value) => {
                base.insert(key, value);
            }
        }
    }
}

impl Default for Theme {
    /// `briefing`.
    #[allow(clippy::expect_used, reason = "a test parses the built-in theme; no input reaches it")]
    fn default() -> Self {
        Theme::builtin("briefing").expect("the built-in theme is whole")
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn builtin_themes_parse() {
        for name in Theme::names() {
            assert_eq!(Theme::builtin(name).unwrap().name, name);
        }
        // The first says everything, and is as good as one that changes it.
        let (name, complete) = BUILTIN[0];
        let base = Theme::builtin(name).unwrap();
        assert_eq!(Theme::parse(complete, &base).unwrap(), base);
        assert!(Theme::builtin("no such theme").is_none());
    }

    #[test]
    fn a_theme_changes_what_it_says_and_keeps_the_rest() {
        let base = Theme::default();
        let theme = Theme::parse("[page]\nsize = \"Letter\"\n[text]\nsize = \"12pt\"", &base).unwrap();
        assert_eq!(theme.page.size, PaperSize { width: 612.0, height: 792.0 });
        assert_eq!(theme.text.size, Length(12.0));
        assert_eq!(theme.headings, base.headings);
    }

    #[test]
    fn errors_have_places() {
        let base = Theme::default();
        let at = |text: &str| {
            let error = Theme::parse(text, &base).unwrap_err();
            (error.message, text[error.range].to_owned())
        };
        assert_eq!(at("[text]\nsise = \"12pt\"").1, "sise");
        assert_eq!(at("[text]\nsize = \"12 apples\"").1, "12 apples");
        assert_eq!(
            at("[page]\nmargin-left = \"200mm\""),
            ("the margins leave no room for text".into(), "[page]".into())
        );
    }
}
