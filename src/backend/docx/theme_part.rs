//! The theme of the file: the names of colours and fonts that a Word user picks
//! from, those of the document's theme.

use super::package::{DECLARATION, WORD};
use super::style::family_name;
use crate::backend::markup::Markup;
use crate::theme::{Color, FontFamily, Theme};

const DRAWING: &str = "http://schemas.openxmlformats.org/drawingml/2006/main";

/// Writes the part with the theme.
pub fn part(theme: &Theme) -> String {
    let mut out = Markup::new();
    out.raw(DECLARATION);
    out.element("a:theme", &[("xmlns:a", DRAWING), ("name", &theme.name)], |out| {
        out.element("a:themeElements", &[], |out| {
            colors(out, theme);
            fonts(out, theme);
            formats(out, &theme.name);
        });
    });
    out.into_string()
}

fn colors(out: &mut Markup, theme: &Theme) {
    let colors = &theme.colors;
    let white = Color { red: 255, green: 255, blue: 255 };
    let named = [
        ("a:dk1", colors.text),
        ("a:lt1", white),
        ("a:dk2", colors.accent),
        ("a:lt2", colors.panel),
        ("a:accent1", colors.accent),
        ("a:accent2", colors.warning),
        ("a:accent3", colors.muted),
        ("a:accent4", colors.rule),
        ("a:accent5", colors.link),
        ("a:accent6", colors.highlight),
        ("a:hlink", colors.link),
        ("a:folHlink", colors.link),
    ];
    out.element("a:clrScheme", &[("name", &theme.name)], |out| {
        for (name, color) in named {
            let value = color.to_string().trim_start_matches('#').to_uppercase();
            out.element(name, &[], |out| out.empty("a:srgbClr", &[("val", &value)]));
        }
    });
}

fn fonts(out: &mut Markup, theme: &Theme) {
    out.element("a:fontScheme", &[("name", &theme.name)], |out| {
        for (name, family) in [("a:majorFont", theme.fonts.heading), ("a:minorFont", theme.fonts.body)] {
            out.element(name, &[], |out| {
                out.empty("a:latin", &[("typeface", &family_name(family, &theme.fonts))]);
                out.empty("a:ea", &[("typeface", "")]);
                out.empty("a:cs", &[("typeface", "")]);
            });
        }
    });
}

/// Formats of shapes. We have no shapes, but Word requires three of each.
fn formats(out: &mut Markup, name: &str) {
    let fill = |out: &mut Markup| out.element("a:solidFill", &[], |out| out.empty("a:schemeClr", &[("val", "phClr")]));
    out.element("a:fmtScheme", &[("name", name)], |out| {
        out.element("a:fillStyleLst", &[], |out| (0..3).for_each(|_| fill(out)));
        out.element("a:lnStyleLst", &[], |out| {
            for width in ["6350", "12700", "19050"] {
                out.element("a:ln", &[("w", width)], fill);
            }
        });
        out.element("a:effectStyleLst", &[], |out| {
            (0..3).for_each(|_| out.element("a:effectStyle", &[], |out| out.empty("a:effectLst", &[])));
        });
        out.element("a:bgFillStyleLst", &[], |out| (0..3).for_each(|_| fill(out)));
    });
}

/// Writes the font table, with substitutes for fonts that are not installed.
pub fn font_table(theme: &Theme) -> String {
    let mut out = Markup::new();
    out.raw(DECLARATION);
    let mut families = vec![theme.fonts.body, theme.fonts.heading, theme.fonts.code];
    families.sort_unstable();
    families.dedup();
    out.element("w:fonts", &[("xmlns:w", WORD)], |out| {
        for family in families {
            let (instead, kind, pitch) = match family {
                FontFamily::SourceSerif => (Some("Cambria"), "roman", "variable"),
                FontFamily::SourceSans => (Some("Calibri"), "swiss", "variable"),
                FontFamily::SourceCode => (Some("Consolas"), "modern", "fixed"),
                FontFamily::Own(_) => (None, "auto", "variable"),
            };
            out.element("w:font", &[("w:name", &family_name(family, &theme.fonts))], |out| {
                if let Some(instead) = instead {
                    out.empty("w:altName", &[("w:val", instead)]);
                }
                out.empty("w:family", &[("w:val", kind)]);
                out.empty("w:pitch", &[("w:val", pitch)]);
            });
        }
    });
    out.into_string()
}
