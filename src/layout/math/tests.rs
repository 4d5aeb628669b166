//! What holds for formulas that are set. Lengths are of a size of 100 points.

use super::frame::{Ink, MathBox};
use super::{MathFont, display, inline};
use crate::ast::Math;
use crate::layout::font::FontBook;

const SIZE: f32 = 100.0;

fn math_of(source: &str) -> Vec<Math> {
    let (content, problems) = crate::parse::math::read(source);
    assert!(problems.is_empty(), "{source}: {problems:?}");
    content
}

fn set(source: &str) -> Vec<MathBox> {
    let book = FontBook::bundled();
    let set = display(&math_of(source), &MathFont::from_book(book).unwrap(), book, SIZE);
    assert!(set.missing.is_empty());
    set.parts
}

fn one(source: &str) -> MathBox {
    let [only] = <[MathBox; 1]>::try_from(set(source)).unwrap();
    only
}

/// The place and size of the first sign of a text.
fn sign(set: &MathBox, wanted: &str) -> (f32, f32, f32) {
    let found = set.marks.iter().find_map(|mark| match &mark.ink {
        Ink::Glyphs { text, size, .. } if text == wanted => Some((mark.x, mark.y, *size)),
        Ink::Glyphs { .. } | Ink::Rule { .. } => None,
    });
    found.unwrap_or_else(|| panic!("{wanted} is not there: {set:?}"))
}

fn rules(set: &MathBox) -> Vec<(f32, f32, f32, f32)> {
    let rule = |mark: &super::frame::Placed| match mark.ink {
        Ink::Rule { width, height } => Some((mark.x, mark.y, width, height)),
        Ink::Glyphs { .. } => None,
    };
    set.marks.iter().filter_map(rule).collect()
}

#[test]
fn a_fraction_stands_on_the_axis() {
    let set = one("\\frac{a}{b} - 1");
    let [(x, y, width, height)] = rules(&set)[..] else { panic!("{set:?}") };
    let minus = one("-");
    // The bar is where a minus is.
    let (middle, thickness) = (-(y + height / 2.0), 8.0);
    assert!(middle < minus.ascent && middle > minus.ascent - thickness, "{middle} {minus:?}");
    let (above, below) = (sign(&set, "𝑎"), sign(&set, "𝑏"));
    assert!(above.1 < y && below.1 > y && above.0 >= x && above.0 < x + width);
}

#[test]
fn scripts_are_smaller_and_away_from_the_line() {
    let set = one("x_i^{n^k}");
    let (base, below, above, over) = (sign(&set, "𝑥"), sign(&set, "𝑖"), sign(&set, "𝑛"), sign(&set, "𝑘"));
    assert!(below.1 > base.1 && above.1 < base.1 && over.1 < above.1);
    assert!(below.2 < SIZE && above.2 == below.2 && over.2 < above.2);
    assert!(below.0 > base.0 && above.0 >= below.0);
}

#[test]
fn limits_stand_over_and_under_on_lines_of_their_own() {
    let set = one("\\sum_{i}^{n}");
    let (below, above) = (sign(&set, "𝑖"), sign(&set, "𝑛"));
    assert!(below.1 > 0.0 && above.1 < 0.0 && (below.0 - above.0).abs() < 20.0);
    let book = FontBook::bundled();
    let beside = inline(&math_of("\\sum_{i}^{n}"), &MathFont::from_book(book).unwrap(), book, SIZE);
    let (beside, large) = (&beside.parts[0], sign(&beside.parts[0], "∑"));
    assert!(sign(beside, "𝑖").0 > large.0 + 50.0);
    assert!(beside.height() < set.height());
}

#[test]
fn delimiters_reach_what_they_hold() {
    let mut inside = "x".to_owned();
    let mut before = 0.0;
    for _ in 0..8 {
        let set = one(&format!("\\left( {inside} \\right)"));
        let content = one(&inside);
        assert!(set.height() >= content.height() * 0.9, "{inside}");
        assert!(set.height() >= before, "{inside}");
        before = set.height();
        inside = format!("\\frac{{{inside}}}{{y}}");
    }
    // Past the largest sign of the font several are put together.
    let tall = one(&format!("\\left( {inside} \\right)"));
    let parts = tall.marks.iter().find_map(|mark| match &mark.ink {
        Ink::Glyphs { text, glyphs, .. } if text == "(" => Some(glyphs.len()),
        Ink::Glyphs { .. } | Ink::Rule { .. } => None,
    });
    assert!(parts.is_some_and(|parts| parts > 2), "{parts:?}");
}

#[test]
fn a_root_covers_what_it_is_of() {
    for radicand in ["x", "\\frac{a}{b}", "\\sum_{i=1}^n x_i^2 + \\frac{1}{2}"] {
        let (set, inside) = (one(&format!("\\sqrt{{{radicand}}}")), one(radicand));
        let [.., (_, y, width, height)] = rules(&set)[..] else { panic!("{set:?}") };
        let first = rules(&set).into_iter().find(|(_, y, ..)| -y > inside.ascent).unwrap();
        assert!((first.2 - inside.width).abs() < 1.0 && -first.1 - first.3 >= inside.ascent, "{y} {width} {height}");
    }
}

#[test]
fn spaces_say_what_an_operator_joins() {
    let width = |source: &str| set(source).iter().map(|part| part.width).sum::<f32>();
    // A sign is close to its number, an operator is spaced, a relation more so.
    let minus = width("-");
    assert!((width("-x") - width("x") - minus).abs() < 0.5);
    let (binary, relation) = (width("a-b") - width("a") - width("b") - minus, width("a=b") - width("a") - width("b"));
    assert!((binary - 8.0 / 18.0 * SIZE).abs() < 0.5, "{binary}");
    assert!((relation - width("=") - 10.0 / 18.0 * SIZE).abs() < 0.5, "{relation}");
    assert!(width("\\sin x") > width("\\mathrm{sin}x") - 0.5);
}

#[test]
fn lines_end_behind_relations() {
    assert_eq!(set("a + b = c + d = e").len(), 3);
    assert_eq!(set("(a = b)").len(), 2);
    assert_eq!(set("\\left( a = b \\right)").len(), 1);
    assert_eq!(set("a + b").len(), 1);
}

#[test]
fn columns_of_aligned_lines_touch_at_their_marks() {
    let set = one("\\begin{aligned} a + b &= c \\\\ d &= e + f \\end{aligned}");
    let equals: Vec<f32> = set
        .marks
        .iter()
        .filter_map(|mark| match &mark.ink {
            Ink::Glyphs { text, .. } if text == "=" => Some(mark.x),
            Ink::Glyphs { .. } | Ink::Rule { .. } => None,
        })
        .collect();
    assert!(equals.len() == 2 && (equals[0] - equals[1]).abs() < 0.01, "{equals:?}");
}
