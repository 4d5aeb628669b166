//! Short forms of a document: its summary, description and brief edition.

use super::inline::{RunKind, RunLowering};
use super::link;
use super::listing::without_anchors;
use super::resolved::{Brief, RBlock, ResolvedBlock};
use crate::ast::{
    Block, BlockKind, Cell, Definition, Inline, InlineNote, List, ListItem, Metadata, PanelRole, Parsed, Row,
    plain_text,
};
use crate::diagnostic::Diagnostics;
use crate::language::Date;
use crate::parse::inline_text;
use crate::project::Project;
use crate::source::{Sources, Span};

/// The paragraphs of the abstract, and the notes that are written in them.
pub fn parse(
    metadata: &Metadata,
    start: Span,
    sources: &Sources,
    diagnostics: &mut Diagnostics,
) -> (Vec<Vec<Inline<Parsed>>>, Vec<InlineNote>) {
    let Some(text) = &metadata.abstract_text else { return Default::default() };
    let span = text.span.unwrap_or(start);
    let mut notes = Vec::new();
    let paragraph = |words: String| {
        let (content, mut inside) = inline_text(&words, notes.len(), span, sources, diagnostics);
        notes.append(&mut inside);
        content
    };
    (paragraphs(&text.value).map(paragraph).collect(), notes)
}

/// The abstract as it is read.
pub fn summary(
    runs: &mut RunLowering<'_>,
    paragraphs: Vec<Vec<Inline<Parsed>>>,
    metadata: &Metadata,
    start: Span,
) -> Vec<RBlock> {
    let span = metadata.abstract_text.as_ref().and_then(|text| text.span).unwrap_or(start);
    let block = |content| Block::new(BlockKind::Paragraph(runs.run(content, RunKind::Summary).into()), span);
    paragraphs.into_iter().map(block).collect()
}

/// The abstract as others quote it.
pub fn quoted_summary(runs: &mut RunLowering<'_>, paragraphs: Vec<Vec<Inline<Parsed>>>) -> Option<String> {
    let words = paragraphs.into_iter().map(|content| runs.quoted(content, RunKind::Summary));
    in_one_line(&words.collect::<Vec<_>>().join(" "))
}

/// The paragraphs of a text, each in one line.
fn paragraphs(text: &str) -> impl Iterator<Item = String> {
    text.split("\n\n").filter_map(in_one_line)
}

/// Words in one line, where there are any.
pub fn in_one_line(text: &str) -> Option<String> {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    (!words.is_empty()).then_some(words)
}

/// The source's path under the project's folder of sources, without ending.
pub fn stem(path: &str, project: &Project) -> String {
    let source = project.source.trim_end_matches('/');
    let inside = path.strip_prefix(source).and_then(|rest| rest.strip_prefix('/')).unwrap_or(path);
    link::stem(inside).to_owned()
}

/// The words of the summary, else of the first paragraph.
pub fn description(summary: &[RBlock], blocks: &[RBlock]) -> Option<String> {
    match summary {
        [] => summary_text(&[first_paragraph(blocks)?]),
        summary => summary_text(summary),
    }
}

/// The words of paragraphs, in one line.
pub fn summary_text(paragraphs: &[RBlock]) -> Option<String> {
    let words = paragraphs.iter().filter_map(|block| match &block.kind {
        BlockKind::Paragraph(content) => Some(plain_text(content)),
        _ => None,
    });
    in_one_line(&words.collect::<Vec<_>>().join(" "))
}

/// The short form: the first key-points panel and the first paragraph.
pub fn brief(blocks: &[RBlock]) -> Brief {
    Brief { key_points: key_points(blocks).unwrap_or_default(), first_paragraph: first_paragraph(blocks) }
}

fn key_points(blocks: &[RBlock]) -> Option<Vec<RBlock>> {
    blocks.iter().find_map(|block| match &block.kind {
        BlockKind::Panel(panel) if panel.role == PanelRole::KeyPoints => Some(panel.blocks.iter().map(copy).collect()),
        BlockKind::Stage(ResolvedBlock::Section(section)) => key_points(&section.blocks),
        _ => None,
    })
}

/// The first paragraph of running text with words in it.
fn first_paragraph(blocks: &[RBlock]) -> Option<RBlock> {
    blocks.iter().find_map(|block| match &block.kind {
        BlockKind::Paragraph(content) | BlockKind::Stage(ResolvedBlock::NumberedParagraph { content, .. })
            if !plain_text(content).trim().is_empty() =>
        {
            Some(Block::new(BlockKind::Paragraph(without_anchors(content).into()), block.span))
        }
        BlockKind::Stage(ResolvedBlock::Section(section)) => first_paragraph(&section.blocks),
        _ => None,
    })
}

/// A copy for another place: no ids, links or notes, which belong to the first.
fn copy(block: &RBlock) -> RBlock {
    let mut attrs = block.attrs.clone();
    if attrs.id().is_some() {
        attrs.edit().id = None;
    }
    let all = |blocks: &[RBlock]| blocks.iter().map(copy).collect::<Vec<_>>();
    let kind = match &block.kind {
        BlockKind::Paragraph(content) | BlockKind::Stage(ResolvedBlock::NumberedParagraph { content, .. }) => {
            BlockKind::Paragraph(without_anchors(content).into())
        }
        BlockKind::List(list) => {
            let item =
                |item: &ListItem<_>| ListItem { blocks: all(&item.blocks), attrs: Default::default(), ..item.clone() };
            BlockKind::List(List { items: list.items.iter().map(item).collect(), ..**list }.into())
        }
        BlockKind::Definitions(definitions) => {
            let definition = |definition: &Definition<_>| Definition {
                terms: definition.terms.iter().map(|term| without_anchors(term)).collect(),
                details: definition.details.iter().map(|blocks| all(blocks)).collect(),
                span: definition.span,
            };
            BlockKind::Definitions(definitions.iter().map(definition).collect())
        }
        BlockKind::Quote { blocks, attribution } => {
            BlockKind::Quote { blocks: all(blocks), attribution: attribution.as_deref().map(without_anchors) }
        }
        BlockKind::Admonition { kind, title, blocks } => {
            BlockKind::Admonition { kind: *kind, title: title.as_deref().map(without_anchors), blocks: all(blocks) }
        }
        BlockKind::Panel(panel) => {
            let mut panel = panel.clone();
            panel.title = panel.title.as_deref().map(without_anchors);
            panel.blocks = all(&panel.blocks);
            BlockKind::Panel(panel)
        }
        BlockKind::Figure(figure) => {
            let mut figure = figure.clone();
            figure.caption = figure.caption.as_deref().map(without_anchors);
            figure.blocks = all(&figure.blocks);
            BlockKind::Figure(figure)
        }
        BlockKind::Table(table) => {
            let mut table = table.clone();
            table.caption = table.caption.as_deref().map(without_anchors);
            let cell = |cell: &Cell<_>| Cell { blocks: all(&cell.blocks), attrs: Default::default(), ..cell.clone() };
            let row = |row: &Row<_>| Row { cells: row.cells.iter().map(cell).collect(), span: row.span };
            table.head = table.head.iter().map(row).collect();
            table.body = table.body.iter().map(row).collect();
            BlockKind::Table(table)
        }
        BlockKind::Group(blocks) => BlockKind::Group(all(blocks)),
        BlockKind::Stage(ResolvedBlock::ForFormats { formats, blocks }) => {
            BlockKind::Stage(ResolvedBlock::ForFormats { formats: formats.clone(), blocks: all(blocks) })
        }
        kind @ (BlockKind::Code { .. }
        | BlockKind::Equation(_)
        | BlockKind::Rule
        | BlockKind::PageBreak
        | BlockKind::Stage(
            ResolvedBlock::Section(_) | ResolvedBlock::Listing(_) | ResolvedBlock::Changed { .. },
        )) => kind.clone(),
    };
    Block { kind, span: block.span, attrs }
}

/// Midnight UTC of a day, in seconds since 1970.
pub fn midnight(date: Date) -> i64 {
    const DAY: i64 = 86_400;
    // Days from the civil calendar with years that start in March, so that the leap day comes last.
    let (year, month, day) = (i64::from(date.year()), i64::from(date.month()), i64::from(date.day()));
    let year = if month <= 2 { year - 1 } else { year };
    let months = (month + 9) % 12;
    let day_of_year = (153 * months + 2) / 5 + day - 1;
    let days = year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + day_of_year;
    const DAYS_BEFORE_1970: i64 = 719_468;
    (days - DAYS_BEFORE_1970) * DAY
}
