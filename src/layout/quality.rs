//! How well paragraphs are broken, in figures, against a breaker that fills
//! each line as far as it goes. For the bench; layout itself measures nothing.

use super::breakpoint::{Hyphens, Measure, Points, breakpoints};
use super::flow::Flow;
use super::font::FontBook;
use super::frame::TagTree;
use super::inline::Collector;
use super::linebreak::{BreakKind, Fill, badness, greedy, ratio};
use super::lines::choose;
use super::node::Node;
use super::paragraph::shape_paragraph;
use super::shape::{Languages, Shaper};
use super::text::Paragraph;
use crate::resolve::Resolved;
use crate::theme::{Alignment, Pt, Theme};

/// Quality of the line breaks of a document's justified paragraphs.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Quality {
    /// How many were broken.
    pub paragraphs: usize,
    /// Lines but for the last of each paragraph.
    pub lines: usize,
    /// Sum of the squares of the lines' badness (100 |r|³).
    pub badness_squared: f64,
    /// Lines stretched further than they should be.
    pub loose: usize,
    /// Lines that end in a hyphen.
    pub hyphenated: usize,
}

/// Breaks every justified paragraph of a document both ways: as a whole, and
/// line by line.
pub fn quality(document: &Resolved, theme: &Theme) -> (Quality, Quality) {
    let book = FontBook::bundled();
    let measure = theme.page.measure();
    let mut collector = Collector {
        document,
        theme,
        book,
        languages: Languages::default(),
        tags: TagTree::default(),
        noted: Vec::new(),
        measure,
        math: std::cell::OnceCell::new(),
    };
    let mut flow = Flow::new(&mut collector);
    let place = flow.column();
    flow.blocks(&document.blocks, place);
    let nodes = flow.nodes;
    let mut shaper = Shaper::new(book, &collector.languages);
    let (mut whole, mut line_by_line) = (Quality::default(), Quality::default());
    for node in &nodes {
        if let Node::Text(text) = node
            && text.paragraph.align == Alignment::Justify
            && !text.paragraph.text.is_empty()
        {
            compare(&text.paragraph, text.width, &mut shaper, &mut whole, &mut line_by_line);
        }
    }
    (whole, line_by_line)
}

fn compare(paragraph: &Paragraph, measure: Pt, shaper: &mut Shaper, whole: &mut Quality, line_by_line: &mut Quality) {
    let prepared = shape_paragraph(paragraph, shaper);
    let (points, breaks) = choose(paragraph, &prepared, measure, shaper);
    count(&points, &breaks, measure, whole);
    let wide = Measure { width: measure, before: 0.0 };
    let points = breakpoints(paragraph, &prepared, wide, Hyphens::All, shaper);
    let breaks = greedy(&points.points, f64::from(measure));
    count(&points, &breaks, measure, line_by_line);
}

fn count(points: &Points, breaks: &[usize], measure: Pt, quality: &mut Quality) {
    quality.paragraphs += 1;
    let mut from = 0;
    for index in breaks {
        if let (Some(start), Some(end)) = (points.points.get(from), points.points.get(*index))
            && end.kind != BreakKind::Forced
        {
            let r = ratio(start, end, f64::from(measure), Fill::Justified, 0.0);
            quality.lines += 1;
            quality.badness_squared += badness(r).powi(2);
            quality.loose += usize::from(r > 1.0);
            quality.hyphenated += usize::from(end.kind == BreakKind::Hyphen);
        }
        from = *index;
    }
}
