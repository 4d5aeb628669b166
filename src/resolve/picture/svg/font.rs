//! Shorthand properties, which are no attributes: `font` and `marker`.

/// A declaration as declarations that attributes can make.
pub fn written_out<'a>(name: &'a str, value: &str) -> Vec<(&'a str, String)> {
    match name {
        "font" => font(value),
        "marker" => ["marker-start", "marker-mid", "marker-end"].map(|name| (name, value.to_owned())).to_vec(),
        _ => vec![(name, value.to_owned())],
    }
}

/// The parts of `font` (CSS Fonts 4, section 2.7): style, weight and the like
/// in any order, the size with or without the height of a line, the families.
fn font<'a>(value: &str) -> Vec<(&'a str, String)> {
    let mut parts = Vec::new();
    let mut rest = value.trim();
    while let Some((word, after)) = rest.split_once(char::is_whitespace) {
        let name = match word {
            "italic" | "oblique" => "font-style",
            "small-caps" => "font-variant",
            "bold" | "bolder" | "lighter" => "font-weight",
            _ if word.len() == 3 && word.ends_with("00") => "font-weight",
            _ if word.ends_with("condensed") || word.ends_with("expanded") => "font-stretch",
            "normal" => "",
            _ => {
                let size = word.split('/').next().unwrap_or_default();
                parts.push(("font-size", size.to_owned()));
                parts.push(("font-family", after.trim().to_owned()));
                return parts;
            }
        };
        if !name.is_empty() {
            parts.push((name, word.to_owned()));
        }
        rest = after.trim_start();
    }
    // Without a family it is none.
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::written_out;

    #[test]
    fn a_font_has_its_parts() {
        let parts = |value| {
            written_out("font", value)
                .into_iter()
                .map(|(name, value)| format!("{name}:{value}"))
                .collect::<Vec<_>>()
                .join(";")
        };
        assert_eq!(parts("12px serif"), "font-size:12px;font-family:serif");
        assert_eq!(
            parts("italic normal bold 1.2em/1.5 'A B', sans-serif"),
            "font-style:italic;font-weight:bold;font-size:1.2em;font-family:'A B', sans-serif"
        );
        assert_eq!(parts("inherit"), "");
    }
}
