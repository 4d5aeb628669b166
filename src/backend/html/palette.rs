//! Proof that the style sheet's colours have the contrast WCAG 2.2 asks for.

use super::head::STYLE;

/// WCAG 2.2, success criterion 1.4.3: text against its background.
const TEXT: f64 = 4.5;
/// Success criterion 1.4.11: focus rings and other graphics.
const GRAPHIC: f64 = 3.0;

/// The colours of the light and of the dark scheme, in that order.
fn palettes() -> Vec<Vec<(String, [f64; 3])>> {
    let mut palettes = Vec::new();
    for block in STYLE.split(":root {").skip(1) {
        let block = block.split('}').next().unwrap();
        let colours: Vec<_> = block.lines().filter_map(colour).collect();
        if !colours.is_empty() {
            palettes.push(colours);
        }
    }
    palettes
}

/// Reads `--name: #rrggbb;`.
fn colour(line: &str) -> Option<(String, [f64; 3])> {
    let (name, value) = line.trim().strip_prefix("--")?.split_once(": #")?;
    let value = u32::from_str_radix(value.trim_end_matches(';'), 16).ok()?;
    let channel = |shift: u32| f64::from((value >> shift) & 0xff) / 255.0;
    Some((name.to_owned(), [channel(16), channel(8), channel(0)]))
}

/// Relative luminance, as WCAG 2.2 defines it.
fn luminance([red, green, blue]: [f64; 3]) -> f64 {
    let linear =
        |channel: f64| if channel <= 0.04045 { channel / 12.92 } else { ((channel + 0.055) / 1.055).powf(2.4) };
    0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
}

fn contrast(one: [f64; 3], other: [f64; 3]) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[test]
fn every_pair_of_colours_that_meets_has_contrast() {
    let palettes = palettes();
    assert_eq!(palettes.len(), 2, "a light and a dark palette");
    let names = |palette: &[(String, [f64; 3])]| palette.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
    assert_eq!(names(&palettes[0]), names(&palettes[1]));
    let texts = [
        "text",
        "muted",
        "accent",
        "link",
        "visited",
        "note",
        "tip",
        "important",
        "warning",
        "caution",
        "inserted",
        "deleted",
        "moved",
    ];
    for palette in &palettes {
        let find = |name: &str| palette.iter().find(|(known, _)| known == name).expect(name).1;
        for background in ["page", "tint"] {
            for text in texts {
                let ratio = contrast(find(text), find(background));
                assert!(ratio >= TEXT, "{text} on {background}: {ratio:.2}");
            }
            let ratio = contrast(find("focus"), find(background));
            assert!(ratio >= GRAPHIC, "focus on {background}: {ratio:.2}");
        }
        for text in ["text", "link", "visited", "muted"] {
            let ratio = contrast(find(text), find("mark"));
            assert!(ratio >= TEXT, "{text} on mark: {ratio:.2}");
        }
    }
}

#[test]
fn contrast_of_known_pairs() {
    assert!((contrast([0.0; 3], [1.0; 3]) - 21.0).abs() < 1e-9);
    assert!((contrast([0.5; 3], [0.5; 3]) - 1.0).abs() < 1e-9);
}
