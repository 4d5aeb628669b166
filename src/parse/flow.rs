//! Puts blocks together that lines open and close: directives (`:::box` …
//! `:::`) and HTML elements (`<div>` … `</div>`), with Markdown between.

use super::attributes::Word;
use super::build::Parts;
use super::directive::{self, Directive};
use super::elements::{self, BlockElement, Element, VoidElement, element};
use super::html::{self, LineMap, Tag, Token, tokens};
use super::inline_token::{InlineToken, InlineTokenKind, SPACES};
use super::lower::Lowering;
use super::scan::{Comments, Line, LineKind, Opening};
use super::slip::Slip;
use crate::ast::{AbbreviationDefinition, Block, BlockKind, InlineKind, Node, Parsed, ParsedBlock};
use crate::diagnostic::{Code, Diagnostic, Fix, guess};
use crate::source::Span;
use crate::source::edit::Edit;
use comrak::nodes::{Node as Comrak, NodeValue};

/// The blocks of one container under way, and what is open among them.
pub struct Flow {
    root: Content,
    open: Vec<Frame>,
    /// How many closing lines there are more than directives that need one:
    /// they belong to directives that need none.
    surplus: usize,
    /// Whether the last thing was a directive that needs no closing line.
    after_leaf: bool,
}

/// The content of a container so far.
#[derive(Default)]
pub struct Content {
    pub blocks: Vec<Block<Parsed>>,
    /// Running text that no block holds yet.
    pub pieces: Vec<InlineToken>,
    pub parts: Parts,
}

/// Something open.
pub struct Frame {
    pub kind: FrameKind,
    /// The line or tag that opened it.
    pub opening: Span,
    pub content: Content,
}

/// The kind of an open frame: a directive line, or a tag.
pub enum FrameKind {
    Directive(Directive, Opening),
    Element(BlockElement, Tag),
    /// An element whose content is not for readers.
    Hidden(Tag),
}

impl Flow {
    /// A container with nothing in it. `surplus`: see [`Lowering::surplus_ends`].
    pub fn new(surplus: usize) -> Self {
        Self { root: Content::default(), open: Vec::new(), surplus, after_leaf: false }
    }

    /// The innermost content.
    pub fn top(&mut self) -> &mut Content {
        self.open.last_mut().map_or(&mut self.root, |frame| &mut frame.content)
    }

    /// The innermost open element of a kind, or what is innermost.
    pub fn element(&mut self, wanted: BlockElement) -> &mut Content {
        let is_wanted = |frame: &Frame| matches!(frame.kind, FrameKind::Element(element, _) if element == wanted);
        match self.open.iter().rposition(is_wanted) {
            Some(index) => self.open.get_mut(index).map_or(&mut self.root, |frame| &mut frame.content),
            None => self.top(),
        }
    }

    /// Whether rows now belong to the head of their table.
    pub fn in_head(&self) -> bool {
        let elements = self.open.iter().rev().map_while(|frame| match frame.kind {
            FrameKind::Element(element, _) if element != BlockElement::Table => Some(element),
            FrameKind::Element(..) | FrameKind::Directive(..) | FrameKind::Hidden(_) => None,
        });
        elements.into_iter().any(|element| element == BlockElement::Head)
    }

    /// Whether an empty line between two blocks of HTML parts paragraphs here: where blocks
    /// may stand, unless an element of the text is open.
    fn may_part(&mut self) -> bool {
        use BlockElement as B;
        let holds_blocks = match self.innermost() {
            None | Some(FrameKind::Directive(..)) => true,
            Some(FrameKind::Element(element, _)) => {
                matches!(element, B::Group | B::Quote | B::Item | B::Details | B::HeaderCell | B::DataCell)
            }
            Some(FrameKind::Hidden(_)) => false,
        };
        let opened = |piece: &InlineToken| match piece.kind {
            InlineTokenKind::Open(..) => 1,
            InlineTokenKind::Close(_) => -1,
            InlineTokenKind::Text(_) | InlineTokenKind::Decoded(_) | InlineTokenKind::Inline(_) => 0,
        };
        holds_blocks && self.top().pieces.iter().map(opened).sum::<i32>() <= 0
    }

    fn innermost(&self) -> Option<&FrameKind> {
        self.open.last().map(|frame| &frame.kind)
    }
}

impl Lowering<'_> {
    /// How many closing lines in a container have no directive to close, but
    /// for those that need none.
    pub fn surplus_ends(&self, parent: Comrak<'_>) -> usize {
        if self.scanned.lines.is_empty() {
            return 0;
        }
        let (mut opened, mut closed) = (0_usize, 0_usize);
        for node in parent.children() {
            let data = node.data();
            let NodeValue::HtmlBlock(block) = &data.value else { continue };
            match self.scanned.line(&block.literal).map(|line| &line.kind) {
                Some(LineKind::Open(opening)) if opening.until.is_some() => {}
                Some(LineKind::Open(opening)) if !directive::read_directive(opening).is_leaf(opening) => opened += 1,
                Some(LineKind::Close { .. }) => closed += 1,
                Some(
                    LineKind::Open(_)
                    | LineKind::Abbreviation { .. }
                    | LineKind::Comment(_)
                    | LineKind::Tag
                    | LineKind::Attributes { .. },
                )
                | None => {}
            }
        }
        closed.saturating_sub(opened)
    }

    /// Ends the directives whose content, by its indentation, is over at a byte.
    pub fn end_indented(&mut self, flow: &mut Flow, at: usize) {
        let over = |frame: &Frame| matches!(&frame.kind, FrameKind::Directive(_, opening) if opening.until.is_some_and(|until| until <= at));
        if let Some(index) = flow.open.iter().position(over) {
            self.close_to(flow, index);
        }
    }

    /// Adds a block at the current position of the flow.
    pub fn add_block(&mut self, flow: &mut Flow, block: Block<Parsed>) {
        if matches!(flow.innermost(), Some(FrameKind::Hidden(_))) {
            return;
        }
        flow.after_leaf = false;
        self.end_preformatted(flow);
        let top = flow.top();
        self.flush(top);
        // Most items and cells are one block.
        top.blocks.reserve_exact(usize::from(top.blocks.is_empty()));
        top.blocks.push(block);
    }

    /// Preformatted text holds no blocks.
    fn end_preformatted(&mut self, flow: &mut Flow) {
        if matches!(flow.innermost(), Some(FrameKind::Element(BlockElement::Preformatted, _))) {
            self.close_top(flow);
        }
    }

    /// Makes a paragraph of running text.
    pub fn flush(&mut self, content: &mut Content) {
        let pieces = trimmed(std::mem::take(&mut content.pieces));
        let span = match (pieces.first(), pieces.last()) {
            (Some(first), Some(last)) => first.span.to(last.span),
            _ => return,
        };
        let (inlines, _) = self.finish(pieces);
        if !inlines.is_empty() {
            let block = self.paragraph(inlines, span);
            content.blocks.push(block);
        }
    }

    /// Ends what is still open and gives the blocks.
    pub fn finish_flow(&mut self, mut flow: Flow) -> Vec<Block<Parsed>> {
        while let Some(frame) = flow.open.last() {
            self.left_open = true;
            match &frame.kind {
                FrameKind::Directive(_, opening) if opening.until.is_some() => {}
                FrameKind::Directive(_, opening) => {
                    // Around a heading more is in it than was meant, perhaps.
                    let is_heading =
                        |block: &Block<Parsed>| matches!(block.kind, BlockKind::Stage(ParsedBlock::Heading(_)));
                    let is_safe = !frame.content.blocks.iter().any(is_heading);
                    let fix = self.closed_directive(&":".repeat(opening.colons), frame.opening);
                    self.unclosed(opening, frame.opening, fix.map(|fix| fix.safe_if(is_safe)));
                }
                FrameKind::Hidden(tag) => {
                    let message = format!("`<{}>` has no end; what follows is left out with it", tag.name);
                    self.diagnostics.push(Diagnostic::new(Code::RawHtml, tag.span, message));
                }
                FrameKind::Element(..) => {}
            }
            self.close_top(&mut flow);
        }
        self.flush(&mut flow.root);
        flow.root.blocks
    }

    fn unclosed(&mut self, opening: &Opening, span: Span, fix: Option<Fix>) {
        let name = opening.name.as_ref().map_or("", |name| name.text.as_str());
        let colons = ":".repeat(opening.colons);
        self.diagnostics.push(
            Diagnostic::new(Code::UnclosedDirective, span, format!("the directive `{name}` has no end"))
                .hint(format!("close it with a line `{colons}`"))
                .fixes(fix),
        );
    }

    /// Ends the innermost frame and hands its content on.
    fn close_top(&mut self, flow: &mut Flow) {
        let Some(mut frame) = flow.open.pop() else { return };
        self.leave();
        match frame.kind {
            FrameKind::Directive(directive, opening) => {
                if directive == Directive::Only {
                    self.conditions.pop();
                }
                self.flush(&mut frame.content);
                let blocks = self.build_directive(directive, opening, frame.opening, frame.content.blocks);
                flow.top().blocks.extend(blocks);
            }
            FrameKind::Element(element, tag) => self.build_element(element, tag, frame.content, flow),
            FrameKind::Hidden(_) => {}
        }
    }

    /// Ends frames down to and with the one at an index.
    fn close_to(&mut self, flow: &mut Flow, index: usize) {
        while flow.open.len() > index {
            if let Some(Frame { kind: FrameKind::Directive(_, opening), opening: span, .. }) = flow.open.last()
                && flow.open.len() > index + 1
                && opening.until.is_none()
            {
                let (opening, span) = (opening.clone(), *span);
                self.unclosed(&opening, span, None);
            }
            self.close_top(flow);
        }
    }

    /// A line of ours.
    fn line(&mut self, line: &Line, flow: &mut Flow) {
        match &line.kind {
            LineKind::Abbreviation { short, expansion } => {
                let text = self.legal(&expansion.text, expansion.span);
                let only = self.conditions.clone();
                let short = short.text.clone();
                self.abbreviations.push(AbbreviationDefinition { short, expansion: text, only, span: line.span });
            }
            LineKind::Close { colons } => self.close_directive(*colons, line.span, flow),
            LineKind::Open(opening) => self.open_directive(opening, line.span, flow),
            LineKind::Comment(form) => self.comment_left_out(*form, line.span),
            LineKind::Attributes { id } => self.attributes_of_last(id.as_ref(), line.span, flow),
            LineKind::Tag => {
                let tag = self.text.get(line.span.range()).unwrap_or_default();
                self.html(tag, &LineMap::same(self.file, line.span.start as usize), flow);
            }
        }
    }

    /// Attributes of kramdown: the id is that of the block before them, and its classes say
    /// how another tool shows it.
    fn attributes_of_last(&mut self, id: Option<&Word>, span: Span, flow: &mut Flow) {
        self.flush(flow.top());
        let without_id = |block: &&mut Block<Parsed>| block.attrs.id().is_none();
        let problem = match (id, flow.top().blocks.last_mut().filter(without_id)) {
            (Some(id), Some(block)) => {
                let list = block.attrs.edit();
                list.id = Some(id.text.clone());
                list.span = Some(id.span);
                Diagnostic::new(Code::ForeignComment, span, "of attributes of kramdown (`{: …}`) the id is kept")
            }
            (Some(id), None) => {
                let message = format!("nothing stands before these attributes that could have the id `{}`", id.text);
                Diagnostic::new(Code::ForeignSyntax, span, message)
            }
            (None, _) => {
                Diagnostic::new(Code::ForeignComment, span, "attributes of kramdown (`{: .class}`) are left out")
            }
        };
        let hint =
            "write them in the heading’s line, `## Heading {#id .class}`, or open a directive with them: `:::{.class}`";
        self.diagnostics.push(problem.hint(hint));
    }

    fn open_directive(&mut self, opening: &Opening, span: Span, flow: &mut Flow) {
        if let Some(faulty) = opening.faulty {
            self.diagnostics.push(
                Diagnostic::new(Code::BadAttributes, faulty, "these attributes cannot be read")
                    .hint("write `{#id .class key=value key=\"a value\"}`"),
            );
        }
        if let Some(unquoted) = opening.unquoted {
            self.diagnostics.push(
                Diagnostic::new(Code::BadAttributes, unquoted, "a value of several words is read up to the next key")
                    .hint("put it into quotation marks: `{key=\"several words\"}`")
                    .fixes(self.quoted(&opening.attributes)),
            );
        }
        let directive = directive::read_directive(opening);
        if directive == Directive::Tab {
            self.tell_slip(Slip::Tabs, span);
        }
        let is_fine = directive == Directive::Only || self.guard_attributes(&opening.attributes);
        if directive == Directive::Unknown
            && is_fine
            && !opening.name.as_ref().is_some_and(|name| self.guard_name(&name.text, name.span))
        {
            self.diagnostics.push(match &opening.name {
                Some(name) => {
                    let message = format!("the directive `{}` is not known", name.text);
                    let names: Vec<String> = directive::names().map(|name| format!("`{name}`")).collect();
                    Diagnostic::new(Code::UnknownDirective, name.span, message)
                        .hint(format!("known are {}", names.join(", ")))
                        .guess(guess(&name.text, directive::names().chain(directive::ADMONITIONS)))
                }
                None => Diagnostic::new(Code::UnknownDirective, span, "this directive has no name")
                    .hint("write `:::box`, say, or `:::{.class}`"),
            });
        }
        self.end_preformatted(flow);
        self.flush(flow.top());
        if directive.is_leaf(opening) {
            let blocks = self.build_directive(directive, opening.clone(), span, Vec::new());
            flow.top().blocks.extend(blocks);
            flow.after_leaf = true;
            return;
        }
        flow.after_leaf = false;
        if !self.enter(span) {
            return;
        }
        if directive == Directive::Only {
            let condition = self.condition(opening, span);
            self.conditions.push(condition);
        }
        let kind = FrameKind::Directive(directive, opening.clone());
        flow.open.push(Frame { kind, opening: span, content: Content::default() });
    }

    /// A closing line ends the innermost directive of as many colons, or else
    /// the innermost of fewer.
    fn close_directive(&mut self, colons: usize, span: Span, flow: &mut Flow) {
        if flow.after_leaf && flow.surplus > 0 {
            flow.after_leaf = false;
            flow.surplus -= 1;
            return;
        }
        flow.after_leaf = false;
        let opened = |frame: &Frame| match &frame.kind {
            FrameKind::Directive(_, opening) => opening.until.is_none().then_some(opening.colons),
            FrameKind::Element(..) | FrameKind::Hidden(_) => None,
        };
        let exact = flow.open.iter().rposition(|frame| opened(frame) == Some(colons));
        let shorter = || flow.open.iter().rposition(|frame| opened(frame).is_some_and(|count| count < colons));
        match exact.or_else(shorter) {
            Some(index) => self.close_to(flow, index),
            None => self.diagnostics.push(
                Diagnostic::new(Code::StrayDirectiveEnd, span, "this closes a directive, and none is open")
                    .hint("a directive is opened by `:::` and its name")
                    // The opening line may be what is wrong.
                    .fix(Fix::offered("Take the line out", [Edit::delete(span)])),
            ),
        }
    }

    /// An HTML block, or a line of ours in its place.
    pub fn html_block(&mut self, literal: &str, line: usize, flow: &mut Flow) {
        if let Some(line) = self.scanned.line(literal) {
            return self.line(line, flow);
        }
        if flow.may_part() {
            self.flush(flow.top());
        }
        let map = LineMap::new(self.file, self.text, &self.origin, line, literal);
        self.html(literal, &map, flow);
    }

    /// HTML whose lines have the positions that the map gives.
    fn html(&mut self, literal: &str, map: &LineMap, flow: &mut Flow) {
        self.locator.ahead = map.byte(0)..map.byte(literal.len());
        for token in tokens(literal, map) {
            if let Some(FrameKind::Hidden(hidden)) = flow.innermost() {
                if let Token::Close { name, span } = &token
                    && *name == hidden.name
                {
                    // Scripts and styles have comments of their own.
                    self.is_code(hidden.span.end as usize..span.start as usize);
                    self.close_top(flow);
                }
                continue;
            }
            let preformatted =
                flow.open.iter().any(|frame| matches!(frame.kind, FrameKind::Element(BlockElement::Preformatted, _)));
            match token {
                Token::Text { raw, span } if preformatted => self.preformatted(&raw, span, flow),
                Token::Text { raw, span } => self.push_words(&raw, span, flow),
                Token::Comment { raw, span } if preformatted && self.scanned.line(&raw).is_some() => {
                    self.preformatted(&raw, span, flow);
                }
                Token::Comment { raw, span } => match self.scanned.line(&raw) {
                    Some(line) => self.line(line, flow),
                    None => {
                        let raw = self.scanned.restore(&raw, Comments::Drop);
                        self.comment(&raw, span, &mut flow.top().pieces);
                    }
                },
                Token::Open(tag) if self.scanned.comment_tag(&tag.name).is_some() => {
                    if let Some(Line { kind: LineKind::Comment(form), span }) = self.scanned.comment_tag(&tag.name) {
                        self.comment_left_out(*form, *span);
                    }
                }
                Token::Open(tag) if preformatted && matches!(element(&tag.name), Element::Block(_)) => {
                    self.left_out(&format!("`<{}>` in this place", tag.name), tag.span);
                }
                Token::Open(tag) => self.open_tag(tag, flow),
                Token::Close { name, span } => self.close_tag(&name, span, flow),
                Token::Doctype => {}
            }
        }
    }

    fn open_tag(&mut self, tag: Tag, flow: &mut Flow) {
        match element(&tag.name) {
            Element::Block(element) => {
                self.handlers(&tag);
                self.open_element(element, tag, flow);
            }
            Element::Hidden => {
                let message = format!("`<{}>` is left out", tag.name);
                self.diagnostics.push(Diagnostic::new(Code::RawHtml, tag.span, message));
                self.depth += 1;
                let opening = tag.span;
                flow.open.push(Frame { kind: FrameKind::Hidden(tag), opening, content: Content::default() });
            }
            Element::Void(VoidElement::Rule) => {
                let span = tag.span;
                self.end_for(BlockElement::Group, flow);
                self.add_block(flow, Node::new(BlockKind::Rule, span));
            }
            Element::Inline(_) | Element::Void(_) | Element::Unsupported | Element::Unknown => {
                self.inline_tag(tag, &mut flow.top().pieces);
            }
        }
    }

    /// Ends what may not hold an element that starts now.
    fn end_for(&mut self, starting: BlockElement, flow: &mut Flow) {
        let mut end = None;
        for (index, frame) in flow.open.iter().enumerate().rev() {
            let FrameKind::Element(open, _) = frame.kind else { break };
            if elements::ends_at(open, starting) {
                end = Some(index);
            }
            if elements::is_boundary(open, starting) {
                break;
            }
        }
        if let Some(index) = end {
            self.close_to(flow, index);
        }
    }

    fn open_element(&mut self, element: BlockElement, tag: Tag, flow: &mut Flow) {
        use BlockElement as B;
        self.end_for(element, flow);
        let stands_in = |flow: &Flow, wanted: BlockElement| {
            let elements = flow.open.iter().rev().map_while(|frame| match frame.kind {
                FrameKind::Element(open, _) => Some(open),
                FrameKind::Directive(..) | FrameKind::Hidden(_) => None,
            });
            elements.into_iter().any(|open| open == wanted)
        };
        let parent = match element {
            B::Caption | B::Head | B::Body | B::Row | B::HeaderCell | B::DataCell => Some(B::Table),
            B::Item => Some(B::List),
            B::Term | B::Details => Some(B::Definitions),
            B::FigureCaption => Some(B::Figure),
            B::Paragraph
            | B::Heading(_)
            | B::Group
            | B::Quote
            | B::Preformatted
            | B::List
            | B::Definitions
            | B::Table
            | B::Figure => None,
        };
        if parent.is_some_and(|parent| !stands_in(flow, parent)) {
            return self.left_out(&format!("`<{}>` in this place", tag.name), tag.span);
        }
        let in_row = matches!(flow.innermost(), Some(FrameKind::Element(B::Row, _)));
        if matches!(element, B::HeaderCell | B::DataCell) && !in_row {
            let row = Tag { name: "tr".to_owned(), attributes: Vec::new(), span: tag.span };
            self.open_element(B::Row, row, flow);
        }
        let opening = tag.span;
        // The words before a caption or cell belong to what surrounds it.
        self.flush(flow.top());
        if self.enter(opening) {
            let kind = FrameKind::Element(element, tag);
            flow.open.push(Frame { kind, opening, content: Content::default() });
        }
    }

    fn close_tag(&mut self, name: &str, span: Span, flow: &mut Flow) {
        match element(name) {
            Element::Inline(element) => flow.top().pieces.push(InlineToken::new(InlineTokenKind::Close(element), span)),
            Element::Block(element) => {
                let mut found = None;
                for (index, frame) in flow.open.iter().enumerate().rev() {
                    let FrameKind::Element(open, tag) = &frame.kind else { break };
                    let heading = matches!((open, element), (BlockElement::Heading(_), BlockElement::Heading(_)));
                    if tag.name == name || heading {
                        found = Some(index);
                        break;
                    }
                    if elements::is_boundary(*open, element) {
                        break;
                    }
                }
                if let Some(index) = found {
                    self.close_to(flow, index);
                }
            }
            Element::Unknown => self.no_element(name, span, &mut flow.top().pieces),
            Element::Void(_) | Element::Hidden | Element::Unsupported => {}
        }
    }

    /// Words of an HTML block, as pieces.
    fn push_words(&mut self, raw: &str, span: Span, flow: &mut Flow) {
        let raw = self.scanned.restore(raw, Comments::Drop);
        let (file, base) = (span.file, span.start as usize);
        let written = self.text.get(span.range()) == Some(raw.as_str());
        if written
            && flow.may_part()
            && let Some(range) = heading_line(&raw)
        {
            return self.heading_below(&raw, span, range, flow);
        }
        if written {
            self.check_html(&raw, span);
        }
        let mut at = 0;
        while let Some(rest) = raw.get(at..).filter(|rest| !rest.is_empty()) {
            // Without a place of its own, a part has that of the whole.
            let place = |from: usize, to: usize| if written { Span::new(file, base + from, base + to) } else { span };
            let pieces = &mut flow.top().pieces;
            let space = rest.len() - rest.trim_start_matches(SPACES).len();
            let blank = rest.get(..space).unwrap_or_default();
            if blank.contains('\n') {
                pieces.push(InlineToken::inline(InlineKind::SoftBreak, place(at, at + space), 0));
                at += space;
                continue;
            }
            if space > 0
                && pieces.last().is_none_or(
                    |last| matches!(&last.kind, InlineTokenKind::Inline(inline) if inline.kind == InlineKind::SoftBreak),
                )
            {
                // Space at the start of a line means nothing.
                at += space;
                continue;
            }
            if space > 0 {
                pieces.push(InlineToken::text(" ", place(at, at + 1)));
                at += space;
                continue;
            }
            if let Some((value, length)) = html::entity(rest) {
                let place = place(at, at + length);
                let value = self.legal(&value, place);
                flow.top().pieces.push(InlineToken::new(InlineTokenKind::Decoded(value), place));
                at += length;
                continue;
            }
            let length = word_length(rest);
            let text = rest.get(..length).unwrap_or_default();
            let place = place(at, at + length);
            let kind = if written {
                InlineTokenKind::Text(text.to_owned())
            } else {
                InlineTokenKind::Decoded(text.to_owned())
            };
            pieces.push(InlineToken::new(kind, place));
            at += length;
        }
    }

    /// Words of HTML with a heading in them that stands right below an element: it is read
    /// as one, as other tools do, though CommonMark takes it for text.
    fn heading_below(&mut self, raw: &str, span: Span, range: std::ops::Range<usize>, flow: &mut Flow) {
        let place = span.slice(range.clone());
        self.push_words(raw.get(..range.start).unwrap_or_default(), span.slice(0..range.start), flow);
        if let Some(heading) = self.heading_of_line(place) {
            let problem = Diagnostic::new(Code::Slip, place, "this heading stands right below HTML").advice();
            self.diagnostics.push(problem.hint("leave an empty line before it: other readers take it for text"));
            self.add_block(flow, heading);
        }
        self.push_words(raw.get(range.end..).unwrap_or_default(), span.slice(range.end..raw.len()), flow);
    }

    /// Words whose spaces and lines count.
    fn preformatted(&mut self, raw: &str, span: Span, flow: &mut Flow) {
        self.is_code(span.range());
        let raw = self.scanned.restore(raw, Comments::Drop).replace("\r\n", "\n");
        let mut text = String::new();
        let mut rest = raw.as_str();
        while let Some(first) = rest.chars().next() {
            let (value, length) = html::entity(rest).unwrap_or_else(|| (first.to_string(), first.len_utf8()));
            text.push_str(&value);
            rest = rest.get(length..).unwrap_or_default();
        }
        let text = self.legal(&text, span);
        flow.top().pieces.push(InlineToken::new(InlineTokenKind::Decoded(text), span));
    }
}

/// Where a line of words is a heading.
pub fn heading_line(words: &str) -> Option<std::ops::Range<usize>> {
    let mut at = 0;
    words.split_inclusive(['\n', '\r']).find_map(|line| {
        let (text, start) = (line.trim(), at + (line.len() - line.trim_start().len()));
        at += line.len();
        let signs = text.len() - text.trim_start_matches('#').len();
        let is_heading = (1..=6).contains(&signs) && text.get(signs..).is_some_and(|rest| rest.starts_with(' '));
        is_heading.then(|| start..start + text.len())
    })
}

/// How long the words at the start of a text are: up to a run of spaces, a
/// line's end or a character reference.
fn word_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut at = 1;
    while let Some(byte) = bytes.get(at) {
        let space = matches!(byte, b' ' | b'\t');
        let run = space && bytes.get(at + 1).is_none_or(|next| matches!(next, b' ' | b'\t' | b'\n' | b'\r'));
        if matches!(byte, b'\n' | b'\r' | b'&' | b'\t') || run {
            break;
        }
        at += 1;
    }
    while !text.is_char_boundary(at) {
        at += 1;
    }
    at
}

/// Pieces without the space before the first and after the last.
pub fn trimmed(mut pieces: Vec<InlineToken>) -> Vec<InlineToken> {
    while pieces.last().is_some_and(InlineToken::is_blank) {
        pieces.pop();
    }
    let blank = pieces.iter().take_while(|piece| piece.is_blank()).count();
    pieces.drain(..blank);
    let trim = |piece: Option<&mut InlineToken>, end: End| {
        if let Some(InlineToken { kind: InlineTokenKind::Text(text), span, .. }) = piece {
            let kept = match end {
                End::Start => text.trim_start_matches(SPACES),
                End::End => text.trim_end_matches(SPACES),
            };
            let cut = u32::try_from(text.len() - kept.len()).unwrap_or_default();
            let kept = kept.to_owned();
            match end {
                End::Start => span.start = span.start.saturating_add(cut),
                End::End => span.end = span.end.saturating_sub(cut),
            }
            *text = kept;
        }
    };
    trim(pieces.first_mut(), End::Start);
    trim(pieces.last_mut(), End::End);
    pieces
}

#[derive(Clone, Copy)]
enum End {
    Start,
    End,
}

/// Drops the content from byte `start` on, and the space before it.
pub fn cut(pieces: &mut Vec<InlineToken>, start: usize) {
    pieces.retain(|piece| (piece.span.start as usize) < start);
    if let Some(InlineToken { kind: InlineTokenKind::Text(text), span, .. }) = pieces.last_mut()
        && (span.end as usize) > start
    {
        text.truncate(start.saturating_sub(span.start as usize));
        *span = Span::new(span.file, span.start as usize, start);
    }
    *pieces = trimmed(std::mem::take(pieces));
}
