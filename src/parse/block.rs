//! comrak's blocks.

use super::attributes::Attributes;
use super::flow::Flow;
use super::limits;
use super::lower::Lowering;
use super::place::Locator;
use super::scan::Comments;
use super::slip::Slip;
use crate::ast::{
    AdmonitionKind, Block, BlockKind, Definition, Figure, Heading, Inline, InlineKind, List, ListItem, ListMarker,
    Node, NoteDefinition, NumberStyle, Parsed, ParsedBlock,
};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use comrak::nodes::{
    AlertType, ListType, Node as Comrak, NodeCodeBlock, NodeHeading, NodeHtmlBlock, NodeList, NodeValue,
};

/// Whether a block of HTML that ends with a sign of its own has this sign (CommonMark 0.31.2, 4.6,
/// kinds 1 to 5).
fn is_ended(html: &NodeHtmlBlock) -> bool {
    let signs: &[&str] = match html.block_type {
        1 => &["</script>", "</pre>", "</style>", "</textarea>"],
        2 => &["-->"],
        3 => &["?>"],
        4 => &[">"],
        5 => &["]]>"],
        _ => return true,
    };
    let written = html.literal.to_ascii_lowercase();
    signs.iter().any(|sign| written.contains(sign))
}

impl Lowering<'_> {
    /// The blocks in a container, with directives and HTML elements put
    /// together from the lines that open and close them.
    pub fn blocks(&mut self, parent: Comrak<'_>) -> Vec<Block<Parsed>> {
        let mut flow = Flow::new(self.surplus_ends(parent));
        for node in parent.children() {
            self.block(node, &mut flow);
        }
        self.finish_flow(flow)
    }

    fn block(&mut self, node: Comrak<'_>, flow: &mut Flow) {
        let data = node.data();
        let range = self.origin.range(data.sourcepos);
        let span = self.span(range.clone());
        self.end_indented(flow, range.start);
        let kind = match &data.value {
            NodeValue::HtmlBlock(html) => {
                if self.scanned.line(&html.literal).is_none() {
                    self.html_end = range.end;
                    self.left_open |= !is_ended(html);
                }
                self.html_block(&html.literal, data.sourcepos.start.line, flow);
                return;
            }
            NodeValue::FootnoteDefinition(definition) => {
                self.note(node, &definition.name, span);
                return;
            }
            NodeValue::Paragraph => {
                // Terms of definition lists end a line's part too early.
                let line_end = self.text.get(range.end..).and_then(|rest| rest.find(['\n', '\r']));
                let end = line_end.map_or(self.text.len(), |length| range.end + length);
                self.locator = Locator::new(range.start..end);
                if let Some(block) = self.formula_block(span) {
                    return self.add_block(flow, block);
                }
                let (content, _) = self.inlines(node);
                if content.is_empty() {
                    return;
                }
                self.check_slips(span, &content);
                let block = self.paragraph(content, span);
                return self.add_block(flow, block);
            }
            NodeValue::Heading(heading) => {
                let Some(block) = self.heading(node, *heading, span) else { return };
                return self.add_block(flow, block);
            }
            NodeValue::CodeBlock(code) => {
                let block = self.code(code, span);
                return self.add_block(flow, block);
            }
            NodeValue::ThematicBreak => BlockKind::Rule,
            NodeValue::BlockQuote => {
                let mut blocks = self.inside(node, span);
                match self.callout(span, &mut blocks) {
                    Some((kind, title)) => BlockKind::Admonition { kind, title, blocks },
                    None => BlockKind::Quote { blocks, attribution: None },
                }
            }
            NodeValue::Alert(alert) => {
                let kind = match alert.alert_type {
                    AlertType::Note => AdmonitionKind::Note,
                    AlertType::Tip => AdmonitionKind::Tip,
                    AlertType::Important => AdmonitionKind::Important,
                    AlertType::Warning => AdmonitionKind::Warning,
                    AlertType::Caution => AdmonitionKind::Caution,
                };
                let title = self.alert_title(span);
                BlockKind::Admonition { kind, title, blocks: self.inside(node, span) }
            }
            NodeValue::List(list) => BlockKind::List(self.list(node, list, span).into()),
            NodeValue::DescriptionList => BlockKind::Definitions(self.definitions(node)),
            NodeValue::Table(table) => BlockKind::Table(self.table(node, &table.alignments).into()),
            // The extensions that make anything else are off.
            _ => {
                let blocks = self.inside(node, span);
                return blocks.into_iter().for_each(|block| self.add_block(flow, block));
            }
        };
        self.add_block(flow, Node::new(kind, span));
    }

    /// The blocks one level deeper; none past the limit.
    fn inside(&mut self, node: Comrak<'_>, span: Span) -> Vec<Block<Parsed>> {
        if !self.enter(span) {
            return Vec::new();
        }
        let blocks = self.blocks(node);
        self.leave();
        blocks
    }

    fn heading(&mut self, node: Comrak<'_>, heading: NodeHeading, span: Span) -> Option<Block<Parsed>> {
        if !self.count_heading(span) {
            return None;
        }
        let mut range = span.range();
        if heading.setext {
            let written = self.text.get(range.clone()).unwrap_or_default();
            range.end = range.start + written.trim_end().rfind(['\n', '\r']).unwrap_or(written.len());
        }
        let attributes = self.heading_attributes(range.clone(), heading);
        if let Some(attributes) = &attributes {
            self.guard_attributes(attributes);
            self.check_keys("a heading", &[], attributes);
        }
        if heading.setext
            && let Some(inside) = self.text.get(range.clone()).and_then(|written| written.strip_prefix("$$"))
        {
            // A line of `=` or `-` in a formula is none for Markdown.
            self.unclosed_formula(span, inside);
        }
        self.locator = Locator::new(range);
        let mut pieces = self.pieces(node);
        if let Some(attributes) = &attributes {
            super::flow::cut(&mut pieces, attributes.span.start as usize);
        }
        let (content, _) = self.finish(pieces);
        let mut attrs = attributes.map(Attributes::into_attrs).unwrap_or_default();
        let mut content = content;
        take_anchor(&mut content, &mut attrs);
        let kind = BlockKind::Stage(ParsedBlock::Heading(Heading { level: heading.level, content: content.into() }));
        Some(Node { kind, span, attrs })
    }

    /// The heading that a line is, which comrak took for something else.
    pub fn heading_of_line(&mut self, span: Span) -> Option<Block<Parsed>> {
        let text = self.text;
        let line = text.get(span.range())?;
        let level = u8::try_from(line.len() - line.trim_start_matches('#').len()).ok()?;
        if !self.count_heading(span) {
            return None;
        }
        let attributes = self.heading_attributes(span.range(), NodeHeading { level, setext: false, closed: false });
        if let Some(attributes) = &attributes {
            self.guard_attributes(attributes);
        }
        let end = attributes.as_ref().map_or(line.len(), |attributes| (attributes.span.start - span.start) as usize);
        let words = line.get(usize::from(level)..end)?;
        let start = usize::from(level) + (words.len() - words.trim_start().len());
        let words = words.trim().trim_end_matches('#').trim_end();
        let content = self.fragment(words, span.slice(start..start + words.len()));
        let kind = BlockKind::Stage(ParsedBlock::Heading(Heading { level, content: content.into() }));
        Some(Node { kind, span, attrs: attributes.map(Attributes::into_attrs).unwrap_or_default() })
    }

    /// Counts a heading; `false`, with a diagnostic for the first in a row, where
    /// there are too many.
    pub fn count_heading(&mut self, span: Span) -> bool {
        self.headings = self.headings.saturating_add(1);
        if self.headings > limits::HEADINGS && self.too_many_in.as_ref() != Some(&self.conditions) {
            self.too_many_in = Some(self.conditions.clone());
            let message = format!("the document has more than {} headings", limits::HEADINGS);
            let hint = "make several documents of it";
            self.diagnostics.push(Diagnostic::new(Code::LimitExceeded, span, message).hint(hint));
        }
        self.headings <= limits::HEADINGS
    }

    /// The attributes at the end of a heading.
    fn heading_attributes(&self, range: std::ops::Range<usize>, heading: NodeHeading) -> Option<Attributes> {
        let written = self.text.get(range.clone())?.trim_end();
        let written = if heading.closed { written.trim_end_matches('#').trim_end() } else { written };
        let brace = written.ends_with('}').then(|| written.rfind('{')).flatten()?;
        let before = written.get(..brace)?;
        let attributes = Attributes::read(self.file, self.text, range.start + brace)?;
        let whole = attributes.span.end as usize == range.start + written.len();
        let apart = before.ends_with(char::is_whitespace) && !before.ends_with('\\');
        (whole && apart && !attributes.is_empty() && attributes.has_only_values()).then_some(attributes)
    }

    /// The whole lines of a block.
    fn lines(&self, span: Span) -> std::ops::Range<usize> {
        let (start, last) = (span.start as usize, (span.end as usize).saturating_sub(1));
        let before = self.text.get(..start).unwrap_or_default();
        let after = self.text.get(last..).unwrap_or_default();
        let start = before.rfind(['\n', '\r']).map_or(0, |end| end + 1);
        start..after.find(['\n', '\r']).map_or(self.text.len(), |length| last + length)
    }

    fn code(&mut self, code: &NodeCodeBlock, span: Span) -> Block<Parsed> {
        let literal = self.scanned.restore(&code.literal, Comments::Keep);
        self.is_code(self.lines(span));
        if !code.fenced && guards_lines(&literal) {
            let message = "`:::only` stands too far in: this is code, and would be printed";
            self.not_for_all(self.first_line(span), message);
        }
        let text = unix_lines(&literal);
        let text = self.legal(text.strip_suffix('\n').unwrap_or(&text), span);
        if !code.fenced {
            self.check_indented(&text, span);
            return Node::new(BlockKind::Code { language: None, text }, span);
        }
        let line = self.text.get(span.range()).and_then(|written| written.lines().next()).unwrap_or_default();
        let fence = Span::new(self.file, span.start as usize, span.start as usize + line.trim_end().len());
        if !code.closed {
            let marks = line.split(|mark| !matches!(mark, '`' | '~')).next().unwrap_or_default();
            self.diagnostics.push(
                Diagnostic::new(Code::UnclosedFence, fence, "this code block has no end")
                    .hint("close it with a line of as many marks")
                    .fixes(self.closed_at_end(marks, fence)),
            );
        }
        let mut attributes = line
            .find('{')
            .and_then(|brace| Attributes::read(self.file, self.text, span.start as usize + brace))
            .filter(|attributes| attributes.span.end == fence.end && attributes.has_only_values());
        let info = code.info.split('{').next().filter(|_| attributes.is_some()).unwrap_or(&code.info);
        if info.split_ascii_whitespace().next() == Some("math") {
            return self.equation(&text, span, attributes);
        }
        if let Some(attributes) = &attributes {
            self.guard_attributes(attributes);
            self.check_keys("code", &[], attributes);
        }
        let mut language = info.split_ascii_whitespace().next().map(str::to_owned);
        if let Some(attributes) =
            attributes.as_mut().filter(|attributes| language.is_none() && !attributes.classes.is_empty())
        {
            language = Some(attributes.classes.remove(0).text);
        }
        if language.as_ref().is_some_and(|language| language.starts_with("{=")) {
            self.tell_slip(Slip::RawBlock, fence);
        }
        let attrs = attributes.map(Attributes::into_attrs).unwrap_or_default();
        Node { kind: BlockKind::Code { language, text }, span, attrs }
    }

    /// Reads a quotation that starts with `[!info] Title` (an Obsidian callout). Its first line is
    /// removed from the blocks.
    fn callout(
        &mut self,
        span: Span,
        blocks: &mut Vec<Block<Parsed>>,
    ) -> Option<(AdmonitionKind, Option<Vec<Inline<Parsed>>>)> {
        let line = self.first_line(span);
        let written = self.text.get(line.range())?;
        let inside = written.trim_start_matches(['>', ' ', '\t']).strip_prefix("[!")?;
        let (name, _) = inside.split_once(']')?;
        let legal = |letter: char| letter.is_alphanumeric() || matches!(letter, '-' | '_' | ' ' | '|');
        if name.is_empty() || !name.chars().all(legal) {
            return None;
        }
        let first = blocks.first_mut()?;
        let BlockKind::Paragraph(content) = &mut first.kind else { return None };
        content.retain(|inline| inline.span.start > line.end || inline.span.end > line.end);
        if matches!(content.first(), Some(Node { kind: InlineKind::SoftBreak | InlineKind::LineBreak, .. })) {
            content.remove(0);
        }
        if content.is_empty() {
            blocks.remove(0);
        }
        let name = name.split('|').next().unwrap_or_default().trim();
        if super::audience_guard::is_withheld_callout(name) {
            self.not_for_all(line, format!("the callout `{name}` would be printed for everybody"));
        }
        let start = written.len() - inside.len();
        let place = line.slice(start..start + name.len());
        let title = self.alert_title(span);
        Some(match super::directive::admonition(name) {
            Some(kind) => (kind, title),
            None => {
                let title = title.unwrap_or_else(|| self.fragment(&super::directive::title_of(name), place));
                (AdmonitionKind::Note, Some(title))
            }
        })
    }

    /// A title after `[!NOTE]`. comrak gives it without its backslashes.
    fn alert_title(&mut self, span: Span) -> Option<Vec<Inline<Parsed>>> {
        let line = self.first_line(span);
        let written = self.text.get(line.range())?;
        let (before, title) = written.split_once(']')?;
        // A plus or minus says whether it is folded on a screen.
        let bare = title.strip_prefix(['+', '-']).unwrap_or(title).trim_start();
        let start = before.len() + "]".len() + (title.len() - bare.len());
        let title = bare.trim_end();
        (!title.is_empty()).then(|| self.fragment(title, line.slice(start..start + title.len())))
    }

    fn list(&mut self, node: Comrak<'_>, list: &NodeList, span: Span) -> List<Parsed> {
        let marker = match list.list_type {
            ListType::Bullet => ListMarker::Bullet,
            ListType::Ordered => ListMarker::Ordered {
                start: u32::try_from(list.start).unwrap_or(u32::MAX),
                style: NumberStyle::Decimal,
            },
        };
        let mut items = Vec::new();
        // A list and its item are a level each, so that the limit is met
        // before comrak silently stops reading lists, at its own hundred.
        if !self.enter(span) {
            return List { marker, tight: list.tight, items };
        }
        for child in node.children() {
            let span = self.span(self.origin.range(child.data().sourcepos));
            let mut blocks = self.inside(child, span);
            let task = self.take_task(&mut blocks);
            items.push(ListItem { task, blocks, span, attrs: Default::default() });
        }
        self.leave();
        List { marker, tight: list.tight, items }
    }

    /// Takes the box `[ ]` or `[x]` off the start of an item.
    fn take_task(&self, blocks: &mut Vec<Block<Parsed>>) -> Option<bool> {
        const BOX: usize = 3;
        let Some(Node { kind: BlockKind::Paragraph(content), span: place, .. }) = blocks.first_mut() else {
            return None;
        };
        let alone = content.len() == 1;
        let Some(Node { kind: InlineKind::Text(text), span, .. }) = content.first() else { return None };
        let written = self.text.get(span.range())?;
        let done = match written.get(..BOX)? {
            "[ ]" => false,
            "[x]" | "[X]" => true,
            _ => return None,
        };
        let rest = text.get(BOX..)?;
        let words = rest.trim_start_matches(super::inline_token::SPACES);
        if rest.len() == words.len() && !(rest.is_empty() && alone) {
            return None;
        }
        let cut = text.len() - words.len();
        let Some(Node { kind: InlineKind::Text(text), span, .. }) = content.first_mut() else { return None };
        text.drain(..cut);
        span.start = span.start.saturating_add(u32::try_from(cut).unwrap_or_default());
        place.start = span.start;
        if text.is_empty() {
            content.remove(0);
        }
        if content.is_empty() {
            blocks.remove(0);
        }
        Some(done)
    }

    fn definitions(&mut self, node: Comrak<'_>) -> Vec<Definition<Parsed>> {
        let mut definitions: Vec<Definition<Parsed>> = Vec::new();
        for item in node.children() {
            let span = self.span(self.origin.range(item.data().sourcepos));
            let mut definition = Definition { terms: Vec::new(), details: Vec::new(), span };
            for part in item.children() {
                let place = self.span(self.origin.range(part.data().sourcepos));
                let is_term = matches!(part.data().value, NodeValue::DescriptionTerm);
                let blocks = self.inside(part, place);
                if is_term {
                    let (term, others) = into_inlines(blocks);
                    definition.terms.push(term);
                    if !others.is_empty() {
                        definition.details.push(others);
                    }
                } else {
                    definition.details.push(blocks);
                }
            }
            match definitions.last_mut() {
                // A second meaning comes as an item without a term.
                Some(last) if definition.terms.iter().all(Vec::is_empty) => {
                    last.details.append(&mut definition.details);
                    last.span = last.span.to(span);
                }
                _ => definitions.push(definition),
            }
        }
        definitions
    }

    fn note(&mut self, node: Comrak<'_>, name: &str, span: Span) {
        let mut name = super::note_name(name);
        match self.note_places.get(&name) {
            Some(first) => {
                let message = format!("the footnote `{name}` is defined twice");
                self.diagnostics.push(
                    Diagnostic::new(Code::DuplicateNote, self.first_line(span), message)
                        .secondary(self.first_line(*first), "the first definition"),
                );
                name = format!("{name} [{}]", span.start);
            }
            None => {
                self.note_places.insert(name.clone(), span);
            }
        }
        let blocks = self.inside(node, span);
        self.notes.push(NoteDefinition { name, blocks, only: self.conditions.clone(), span });
    }

    /// A paragraph, or a figure where it is nothing but a picture.
    pub fn paragraph(&mut self, mut content: Vec<Inline<Parsed>>, span: Span) -> Block<Parsed> {
        let [Node { kind: InlineKind::Image(image), attrs, span: place }] = content.as_mut_slice() else {
            return Node::new(BlockKind::Paragraph(content.into()), span);
        };
        if attrs.has_class("decorative") || attrs.has_class("inline") {
            return Node::new(BlockKind::Paragraph(content.into()), span);
        }
        let (title, place) = (image.title.take(), *place);
        // The id names what is numbered: the figure.
        let mut own = crate::ast::Attrs::default();
        if attrs.id().is_some() {
            let list = attrs.edit();
            own.edit().id = list.id.take();
            own.edit().span = list.span;
            if list.classes.is_empty() && list.pairs.is_empty() && list.lang.is_none() {
                *attrs = crate::ast::Attrs::default();
            }
        }
        if attrs.has_class(crate::ast::UNNUMBERED) {
            own.edit().classes.push(crate::ast::UNNUMBERED.to_owned());
        }
        let caption = title.map(|title| {
            let written = self.text.get(place.range()).unwrap_or_default();
            let start = written.rfind(title.as_str());
            let place = start.map_or(place, |start| place.slice(start..start + title.len()));
            self.fragment(&title, place)
        });
        let block = Node::new(BlockKind::Paragraph(content.into()), span);
        Node { kind: BlockKind::Figure(Figure { caption, label: (), blocks: vec![block] }), span, attrs: own }
    }

    /// The part of a span on its first line.
    pub fn first_line(&self, span: Span) -> Span {
        let written = self.text.get(span.range()).unwrap_or_default();
        let line = written.split(['\n', '\r']).next().unwrap_or_default();
        span.slice(0..line.len())
    }
}

/// The inlines of paragraphs, one after the other with spaces between, and the
/// blocks that are no running text.
pub fn into_inlines(blocks: Vec<Block<Parsed>>) -> (Vec<Inline<Parsed>>, Vec<Block<Parsed>>) {
    let mut inlines: Vec<Inline<Parsed>> = Vec::new();
    let mut others = Vec::new();
    for mut block in blocks {
        let content = match &mut block.kind {
            BlockKind::Paragraph(content) => std::mem::take(content).into_inner(),
            BlockKind::Stage(ParsedBlock::Heading(heading)) => std::mem::take(&mut heading.content).into_inner(),
            BlockKind::Figure(figure) if figure.caption.is_none() && block.attrs.is_empty() => {
                let (content, rest) = into_inlines(std::mem::take(&mut figure.blocks));
                others.extend(rest);
                content
            }
            _ => {
                others.push(block);
                continue;
            }
        };
        if let Some(last) = inlines.last().filter(|_| !content.is_empty()) {
            let between = Span::point(last.span.file, last.span.end as usize);
            inlines.push(Node::new(InlineKind::SoftBreak, between));
        }
        inlines.extend(content);
    }
    (inlines, others)
}

/// Gives a heading without an id the one of an empty anchor at its start or end.
fn take_anchor(content: &mut Vec<Inline<Parsed>>, attrs: &mut crate::ast::Attrs) {
    let is_anchor = |inline: &Inline<Parsed>| {
        matches!(&inline.kind, InlineKind::Span(words) if words.is_empty()) && inline.attrs.id().is_some()
    };
    let at = [0, content.len().saturating_sub(1)].into_iter().find(|at| content.get(*at).is_some_and(is_anchor));
    let Some(at) = at.filter(|_| attrs.id().is_none()) else { return };
    let anchor = content.remove(at);
    if attrs.is_empty() {
        *attrs = anchor.attrs;
    } else {
        attrs.edit().id = anchor.attrs.id().map(str::to_owned);
    }
    if let Some(Node { kind: InlineKind::Text(text), .. }) =
        if at == 0 { content.first_mut() } else { content.last_mut() }
    {
        *text = if at == 0 { text.trim_start().to_owned() } else { text.trim_end().to_owned() };
    }
}

/// Whether a line of indented code seems to be meant as `:::only`.
fn guards_lines(text: &str) -> bool {
    text.lines().any(|line| {
        let name = line.trim_start().strip_prefix(":::").map(str::trim_start).unwrap_or_default();
        super::audience_guard::is_only(name.split(|letter: char| !letter.is_alphanumeric()).next().unwrap_or_default())
    })
}

/// Text with line endings of one kind.
fn unix_lines(text: &str) -> String {
    if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text.to_owned() }
}
