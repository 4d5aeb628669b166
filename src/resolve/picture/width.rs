//! How wide a picture is shown: `width` and `height` among its attributes.

use crate::ast::Attrs;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::resolve::{Picture, PictureWidth};
use crate::source::Span;

/// Units of CSS (CSS Values and Units, section 6) and how many points of 1/72
/// inch they have. A font's size is that of the text, roughly.
const UNITS: [(&str, f32); 10] = [
    ("px", 0.75),
    ("pt", 1.0),
    ("pc", 12.0),
    ("in", 72.0),
    ("cm", 72.0 / 2.54),
    ("mm", 72.0 / 25.4),
    ("q", 72.0 / 101.6),
    ("em", 11.0),
    ("rem", 11.0),
    ("ex", 5.5),
];

/// The width that the attributes of a picture ask for. A height alone is
/// turned into the width that goes with it; where both are given, the picture
/// fits into them, since its proportions are kept.
pub fn width(picture: &Picture, attrs: &Attrs, span: Span, diagnostics: &mut Diagnostics) -> Option<PictureWidth> {
    let mut read = |key: &str, percent: bool| {
        let written = attrs.get(key)?.trim();
        let length = length(written).filter(|length| percent || !matches!(length, PictureWidth::Percent(_)));
        if length.is_none() && written != "auto" {
            let place = attrs.list().and_then(|list| list.span).unwrap_or(span);
            let message = format!("`{key}={written}` is not a size that a picture can have");
            let hint = "write `width=50%`, `width=6cm` or a number of pixels";
            diagnostics.push(Diagnostic::new(Code::BadAttributes, place, message).hint(hint));
        }
        length
    };
    let across = read("width", true);
    // A height in percent would be one of a page that not all editions have.
    let down = if across.is_some() { length(attrs.get("height").unwrap_or_default()) } else { read("height", false) };
    let (natural_width, natural_height) = picture.natural_size();
    match (across, down) {
        (Some(PictureWidth::Points(width)), Some(PictureWidth::Points(height))) => {
            Some(PictureWidth::Points(hundredths(width.min(height * natural_width / natural_height))))
        }
        (None, Some(PictureWidth::Points(height))) => {
            Some(PictureWidth::Points(hundredths(height * natural_width / natural_height)))
        }
        (across, _) => across,
    }
}

/// Reads a length; without a unit it has CSS pixels.
fn length(written: &str) -> Option<PictureWidth> {
    let end = written.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(written.len());
    let (number, unit) = written.split_at_checked(end)?;
    let number: f32 = number.parse().ok().filter(|number: &f32| *number > 0.0 && number.is_finite())?;
    let unit = unit.trim().to_ascii_lowercase();
    match unit.as_str() {
        "%" | "vw" => Some(PictureWidth::Percent(hundredths(number.min(100.0)))),
        "" => Some(PictureWidth::Points(hundredths(number * 0.75))),
        unit => {
            let (_, points) = UNITS.iter().find(|(name, _)| *name == unit)?;
            Some(PictureWidth::Points(hundredths(number * points)))
        }
    }
}

/// Rounded to a hundredth, and at least that.
fn hundredths(number: f32) -> f32 {
    ((number * 100.0).round() / 100.0).clamp(0.01, 100_000.0)
}

#[cfg(test)]
mod tests {
    use super::{PictureWidth, length};

    #[test]
    fn lengths_have_units() {
        for (written, points) in
            [("96", 72.0), ("96px", 72.0), ("2.54cm", 72.0), ("25.4 mm", 72.0), ("1in", 72.0), ("12PT", 12.0)]
        {
            assert_eq!(length(written), Some(PictureWidth::Points(points)), "{written}");
        }
        assert_eq!(length("50%"), Some(PictureWidth::Percent(50.0)));
        assert_eq!(length("250%"), Some(PictureWidth::Percent(100.0)));
        for written in ["", "auto", "0", "-3cm", "wide", "3 parsecs", "1e9999", "NaN", "%"] {
            assert_eq!(length(written), None, "{written}");
        }
    }
}
