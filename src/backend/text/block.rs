//! Blocks as lines. Every method returns lines of at most `width` columns,
//! without what surrounds them.

use super::code::code_lines;
use super::fill::{COLUMNS, LongWords, columns};
use super::inline::{Renderer, signs};
use crate::ast::{AdmonitionKind, BlockKind, Figure, InlineKind, Panel};
use crate::resolve::{ChangeKind, Label, RBlock, RInline, ResolvedBlock, ResolvedStage, Section};

/// Lines of text, without line endings.
pub(super) type Lines = Vec<String>;

/// The narrowest text that is still indented further. Deeper nesting is shown
/// no more, so that words keep room.
const NARROWEST: usize = 10;

/// Space between blocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spacing {
    /// A blank line.
    Loose,
    /// None between paragraphs and lists, as in a list without space between items.
    Tight,
}

impl Renderer<'_> {
    pub(super) fn blocks(&mut self, blocks: &[RBlock], width: usize) -> Lines {
        self.spaced_blocks(blocks, width, Spacing::Loose)
    }

    pub(super) fn spaced_blocks(&mut self, blocks: &[RBlock], width: usize, spacing: Spacing) -> Lines {
        let mut lines = Lines::new();
        for block in blocks {
            let rendered = self.block(block, width);
            if rendered.is_empty() {
                continue;
            }
            let apart = spacing == Spacing::Loose || !is_running(block);
            if !lines.is_empty() && apart {
                lines.push(String::new());
            }
            if !lines.is_empty() && is_chapter(block) {
                lines.push(String::new());
            }
            lines.extend(rendered);
        }
        lines
    }

    fn block(&mut self, block: &RBlock, width: usize) -> Lines {
        match &block.kind {
            BlockKind::Paragraph(content) => self.paragraph(content, width),
            BlockKind::List(list) => self.list(list, width),
            BlockKind::Definitions(definitions) => self.definitions(definitions, width),
            BlockKind::Quote { blocks, attribution } => self.prefixed("> ", "> ", width, |renderer, width| {
                let mut lines = renderer.blocks(blocks, width);
                if let Some(attribution) = attribution {
                    let words = format!("— {}", renderer.text(attribution));
                    push_blank(&mut lines);
                    lines.extend(renderer.lines(&words, width));
                }
                lines
            }),
            BlockKind::Code { text, .. } => {
                self.prefixed("    ", "    ", width, |renderer, width| code_lines(&renderer.own(text), width))
            }
            BlockKind::Equation(equation) => self.equation(equation, width),
            BlockKind::Admonition { kind, title, blocks } => self.admonition(*kind, title.as_deref(), blocks, width),
            BlockKind::Panel(panel) => self.panel(panel, width),
            BlockKind::Figure(figure) => self.figure(figure, width),
            BlockKind::Table(table) => self.table(table, width),
            BlockKind::Rule => vec![centred("* * *", width)],
            BlockKind::PageBreak => Lines::new(),
            BlockKind::Group(blocks) => self.blocks(blocks, width),
            BlockKind::Stage(ResolvedBlock::Section(section)) => self.section(section, width),
            BlockKind::Stage(ResolvedBlock::Listing(listing)) => self.listing(listing, width),
            BlockKind::Stage(ResolvedBlock::NumberedParagraph { number, content }) => {
                let mark = format!("{number}  ");
                let rest = " ".repeat(columns(&mark));
                self.prefixed(&mark, &rest, width, |renderer, width| renderer.paragraph(content, width))
            }
            BlockKind::Stage(ResolvedBlock::ForFormats { formats, blocks }) => {
                if formats.contains(&self.format) {
                    self.blocks(blocks, width)
                } else {
                    Lines::new()
                }
            }
            BlockKind::Stage(ResolvedBlock::Changed { change, block }) => self.changed(change.kind, block, width),
        }
    }

    /// A block that one version alone has, between the signs of its change.
    fn changed(&mut self, kind: ChangeKind, block: &RBlock, width: usize) -> Lines {
        let (open, close) = signs(kind);
        let mut lines = self.block(block, width.saturating_sub(open.len() + close.len()));
        if let Some(first) = lines.first_mut() {
            let indent = first.len() - first.trim_start().len();
            first.insert_str(indent, open);
        }
        if let Some(last) = lines.last_mut() {
            last.push_str(close);
        }
        lines
    }

    /// Lines with `first` before the first and `rest` before the others. Where that leaves no room
    /// for words, a mark is on a line of its own.
    pub(super) fn prefixed(
        &mut self,
        first: &str,
        rest: &str,
        width: usize,
        render: impl FnOnce(&mut Self, usize) -> Lines,
    ) -> Lines {
        let inner = width.saturating_sub(columns(first).max(columns(rest)));
        if inner < NARROWEST {
            let mut lines = render(self, width);
            if first != rest {
                lines.insert(0, first.trim_end().to_owned());
            }
            return lines;
        }
        let mut rendered = render(self, inner);
        if rendered.is_empty() && first != rest {
            rendered.push(String::new());
        }
        let mut lines = Lines::with_capacity(rendered.len());
        let mut prefix = first;
        for line in rendered {
            // An address longer than its line stands alone, even without what
            // goes before other lines.
            if self.long_words == LongWords::Break && columns(&line) > inner {
                if prefix != rest {
                    lines.push(prefix.trim_end().to_owned());
                }
                lines.push(line.trim_start().to_owned());
            } else {
                lines.push(format!("{prefix}{line}").trim_end().to_owned());
            }
            prefix = rest;
        }
        lines
    }

    fn paragraph(&mut self, content: &[RInline], width: usize) -> Lines {
        let words = self.paragraph_words(content);
        self.lines(&words, width)
    }

    /// The words of a paragraph. A picture that stands alone is called one.
    pub(super) fn paragraph_words(&mut self, content: &[RInline]) -> String {
        if let [inline] = content
            && let InlineKind::Image(image) = &inline.kind
            && image.alt.is_some()
            && !inline.attrs.has_class("decorative")
        {
            return format!("[{}]", self.label_value(self.labels.picture, &self.image_words(image)));
        }
        self.text(content)
    }

    fn section(&mut self, section: &Section, width: usize) -> Lines {
        let title = self.plain(&section.title);
        let title = self.numbered(section.number.as_deref(), &title);
        let mut lines = self.heading(&title, section.level, width);
        let blocks = self.blocks(&section.blocks, width);
        if !blocks.is_empty() {
            lines.push(String::new());
            lines.extend(blocks);
        }
        lines
    }

    /// An underlined heading.
    pub(super) fn heading(&self, title: &str, level: u8, width: usize) -> Lines {
        let mut lines = self.lines(title, width);
        let under = match level {
            0 | 1 => "=",
            2 => "-",
            3 => "~",
            _ => ".",
        };
        let length = lines.iter().map(|line| columns(line)).max().unwrap_or(0);
        if length > 0 {
            lines.push(under.repeat(length.min(width)));
        }
        lines
    }

    fn admonition(
        &mut self,
        kind: AdmonitionKind,
        title: Option<&[RInline]>,
        blocks: &[RBlock],
        width: usize,
    ) -> Lines {
        let name = kind.label(self.labels);
        self.prefixed("| ", "| ", width, |renderer, width| {
            let title = title.map(|title| renderer.plain(title)).unwrap_or_default();
            let (words, blocks) = match blocks.split_first() {
                Some((first, rest)) if title.is_empty() => match &first.kind {
                    BlockKind::Paragraph(content) if first.attrs.lang().is_none() => (renderer.text(content), rest),
                    _ => (String::new(), blocks),
                },
                _ => (title, blocks),
            };
            let mut lines = renderer.lines(&renderer.label_value(name, &words), width);
            let after = renderer.blocks(blocks, width);
            if !after.is_empty() {
                lines.push(String::new());
                lines.extend(after);
            }
            lines
        })
    }

    fn panel(&mut self, panel: &Panel<ResolvedStage>, width: usize) -> Lines {
        let title = self.caption(panel.label.as_ref(), panel.title.as_deref());
        let title = if title.is_empty() { panel.role.label(self.labels) } else { &title };
        let rule = "-".repeat(width.min(COLUMNS));
        let mut lines = vec![rule.clone()];
        lines.extend(self.lines(title, width));
        let blocks = self.blocks(&panel.blocks, width);
        if !title.is_empty() && !blocks.is_empty() {
            lines.push(String::new());
        }
        lines.extend(blocks);
        lines.push(rule);
        lines
    }

    fn figure(&mut self, figure: &Figure<ResolvedStage>, width: usize) -> Lines {
        let mut lines = self.blocks(&figure.blocks, width);
        let caption = self.caption(figure.label.as_ref(), figure.caption.as_deref());
        if !caption.is_empty() {
            push_blank(&mut lines);
            lines.extend(self.lines(&caption, width));
        }
        lines
    }

    /// "Table 3: Caption", or what there is of it.
    pub(super) fn caption(&mut self, label: Option<&Label>, caption: Option<&[RInline]>) -> String {
        let words = caption.map(|caption| self.plain(caption)).unwrap_or_default();
        match label {
            Some(label) if words.is_empty() => label.text.clone(),
            Some(label) => self.label_value(&label.text, &words),
            None => words,
        }
    }
}

/// A blank line, unless nothing is before it.
pub(super) fn push_blank(lines: &mut Lines) {
    if !lines.is_empty() {
        lines.push(String::new());
    }
}

fn centred(text: &str, width: usize) -> String {
    let space = width.min(COLUMNS).saturating_sub(columns(text)) / 2;
    format!("{}{text}", " ".repeat(space))
}

/// Whether a block follows another without a blank line in a tight list.
fn is_running(block: &RBlock) -> bool {
    matches!(block.kind, BlockKind::Paragraph(_) | BlockKind::List(_))
}

/// Whether two blank lines are before a block.
fn is_chapter(block: &RBlock) -> bool {
    matches!(&block.kind, BlockKind::Stage(ResolvedBlock::Section(section)) if section.level <= 1)
}
