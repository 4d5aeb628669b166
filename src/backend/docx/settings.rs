//! How Word treats the file.

use super::math::MATH;
use super::package::{DECLARATION, WORD};
use super::style::twips;
use crate::backend::markup::Markup;
use crate::language::Direction;
use crate::resolve::Resolved;
use crate::theme::{Hyphenation, Theme};

/// Between stops of tabs, in points.
const TAB: f32 = 36.0;
/// The version of Word whose rules for pages hold: that of 2013 and later.
const MODE: &str = "15";

/// Writes the part with the settings.
pub fn part(document: &Resolved, theme: &Theme, has_notes: bool) -> String {
    let mut out = Markup::new();
    out.raw(DECLARATION);
    out.element("w:settings", &[("xmlns:w", WORD), ("xmlns:m", MATH)], |out| {
        out.empty("w:zoom", &[("w:percent", "100")]);
        out.empty("w:defaultTabStop", &[("w:val", &twips(TAB).to_string())]);
        if theme.text.hyphenation == Hyphenation::On {
            out.empty("w:autoHyphenation", &[("w:val", "1")]);
        }
        out.empty("w:characterSpacingControl", &[("w:val", "doNotCompress")]);
        if has_notes {
            out.element("w:footnotePr", &[], |out| {
                for id in ["-1", "0"] {
                    out.empty("w:footnote", &[("w:id", id)]);
                }
            });
        }
        out.element("w:compat", &[], |out| {
            let attributes = [
                ("w:name", "compatibilityMode"),
                ("w:uri", "http://schemas.microsoft.com/office/word"),
                ("w:val", MODE),
            ];
            out.empty("w:compatSetting", &attributes);
        });
        // The font in which Word sets formulas, which comes with it.
        out.element("m:mathPr", &[], |out| out.empty("m:mathFont", &[("m:val", "Cambria Math")]));
        let tag = document.language.tag.as_str();
        let attribute = match document.language.direction {
            Direction::LeftToRight => "w:val",
            Direction::RightToLeft => "w:bidi",
        };
        out.empty("w:themeFontLang", &[(attribute, tag)]);
        out.empty("w:decimalSymbol", &[("w:val", document.language.decimal_sign())]);
        let list = if document.language.decimal_sign() == "," { ";" } else { "," };
        out.empty("w:listSeparator", &[("w:val", list)]);
    });
    out.into_string()
}
