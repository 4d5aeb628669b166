//! Which family plays which part: a bundled one, or files of the project.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Which family plays which part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct FontsTheme {
    /// Running text, tables and notes.
    pub body: FontFamily,
    /// Title and headings.
    pub heading: FontFamily,
    /// Code in lines and in blocks.
    pub code: FontFamily,
    /// The project's own families, which [`FontFamily::Own`] counts.
    pub own: Vec<OwnFamily>,
}

/// A family of letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FontFamily {
    /// Source Serif 4, bundled.
    SourceSerif,
    /// Source Sans 3, bundled.
    SourceSans,
    /// Source Code Pro, bundled.
    SourceCode,
    /// Index into [`FontsTheme::own`].
    Own(u8),
}

/// A family that the project brings along.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnFamily {
    /// Name in the theme.
    pub name: String,
    /// Font files of the family.
    pub faces: Vec<OwnFace>,
}

/// A font file of the project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnFace {
    /// Its path as the theme writes it.
    pub file: String,
    /// Whether it is for bold text.
    pub bold: bool,
    /// Whether it is for emphasis.
    pub italic: bool,
    /// Empty until the file is read.
    pub bytes: Arc<[u8]>,
}

const BUNDLED: [(&str, FontFamily); 3] = [
    ("source-serif", FontFamily::SourceSerif),
    ("source-sans", FontFamily::SourceSans),
    ("source-code", FontFamily::SourceCode),
];

/// The table `[fonts]` as it is written.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    body: String,
    heading: String,
    code: String,
    /// `[fonts.files.NAME]`: the files of a family.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    files: BTreeMap<String, Files>,
}

/// The files of a family. A style without one is set in the nearest.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Files {
    regular: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    italic: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    bold: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    bold_italic: Option<String>,
}

impl TryFrom<Written> for FontsTheme {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, String> {
        if written.files.len() > usize::from(u8::MAX) {
            return Err("there are too many font families".to_owned());
        }
        let own: Vec<OwnFamily> = written.files.into_iter().map(|(name, files)| files.family(name)).collect();
        let family = |name: &str| {
            let bundled = BUNDLED.iter().find(|(known, _)| *known == name).map(|(_, family)| *family);
            let place = || own.iter().position(|family| family.name == name);
            let own = || place().and_then(|index| u8::try_from(index).ok()).map(FontFamily::Own);
            bundled.or_else(own).ok_or_else(|| format!("there is no font family `{name}`"))
        };
        let (body, heading, code) = (family(&written.body)?, family(&written.heading)?, family(&written.code)?);
        Ok(FontsTheme { body, heading, code, own })
    }
}

impl Files {
    fn family(self, name: String) -> OwnFamily {
        let faces = [
            (Some(self.regular), false, false),
            (self.italic, false, true),
            (self.bold, true, false),
            (self.bold_italic, true, true),
        ];
        let face = |(file, bold, italic): (Option<String>, bool, bool)| {
            Some(OwnFace { file: file?, bold, italic, bytes: Arc::default() })
        };
        OwnFamily { name, faces: faces.into_iter().filter_map(face).collect() }
    }
}

impl From<FontsTheme> for Written {
    fn from(theme: FontsTheme) -> Self {
        let name = |family: FontFamily| match family {
            FontFamily::Own(index) => theme.own.get(usize::from(index)).map(|family| family.name.clone()),
            bundled => BUNDLED.iter().find(|(_, known)| *known == bundled).map(|(name, _)| (*name).to_owned()),
        };
        let name = |family| name(family).unwrap_or_default();
        Written {
            body: name(theme.body),
            heading: name(theme.heading),
            code: name(theme.code),
            files: theme.own.iter().map(|family| (family.name.clone(), Files::from_family(family))).collect(),
        }
    }
}

impl Files {
    fn from_family(family: &OwnFamily) -> Files {
        let file = |bold, italic| {
            let face = family.faces.iter().find(|face| (face.bold, face.italic) == (bold, italic));
            face.map(|face| face.file.clone())
        };
        Files {
            regular: file(false, false).unwrap_or_default(),
            italic: file(false, true),
            bold: file(true, false),
            bold_italic: file(true, true),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::FontFamily;
    use crate::theme::Theme;

    #[test]
    fn a_project_may_bring_families() {
        let text = "[fonts]\nbody = \"own\"\n[fonts.files.own]\nregular = \"a.ttf\"\nbold-italic = \"b.otf\"\n";
        let theme = Theme::parse(text, &Theme::default()).unwrap();
        assert_eq!(theme.fonts.body, FontFamily::Own(0));
        assert_eq!(theme.fonts.heading, FontFamily::SourceSans);
        let faces: Vec<_> = theme.fonts.own[0].faces.iter().map(|face| (face.file.as_str(), face.bold)).collect();
        assert_eq!(faces, [("a.ttf", false), ("b.otf", true)]);
        // A theme that is based on this one keeps them.
        assert_eq!(Theme::parse("", &theme).unwrap(), theme);
    }

    #[test]
    fn a_family_that_nobody_brings_is_named() {
        let error = Theme::parse("[fonts]\nbody = \"helvetica\"\n", &Theme::default()).unwrap_err();
        assert!(error.message.contains("`helvetica`"), "{}", error.message);
        assert_eq!(error.range, 16..25);
    }
}
