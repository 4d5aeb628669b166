//! comrak's inlines, as pieces of text with their places in the source.

use super::elements::{Element, InlineElement, VoidElement, element};
use super::html::{LineMap, Token, tokens};
use super::inline_token::{InlineToken, InlineTokenKind};
use super::link;
use super::lower::Lowering;
use super::scan::{Comments, LineKind};
use super::slip::Slip;
use super::{address, autolink, brackets, place};
use crate::ast::{Image, Inline, InlineKind, Parsed, ParsedInline, plain_text};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use comrak::nodes::{Node as Comrak, NodeValue, Sourcepos};

impl Lowering<'_> {
    /// The inlines of a block or of a container of inlines, with their height.
    pub fn inlines(&mut self, parent: Comrak<'_>) -> (Vec<Inline<Parsed>>, usize) {
        let pieces = self.pieces(parent);
        self.finish(pieces)
    }

    /// The pieces of a block or of a container of inlines.
    pub fn pieces(&mut self, parent: Comrak<'_>) -> Vec<InlineToken> {
        let mut pieces = Vec::new();
        for node in parent.children() {
            self.inline(node, &mut pieces);
        }
        pieces
    }

    fn inline(&mut self, node: Comrak<'_>, pieces: &mut Vec<InlineToken>) {
        let data = node.data();
        let place = data.sourcepos;
        match &data.value {
            NodeValue::Text(text) => self.text(text, place, pieces),
            NodeValue::Escaped => {
                let escaped = node.first_child().and_then(|child| child.data().value.text().map(str::to_owned));
                let escaped = escaped.unwrap_or_default();
                let start =
                    self.start_of(place, |rest| rest.strip_prefix('\\').is_some_and(|rest| rest.starts_with(&escaped)));
                let span = self.span(start..start + "\\".len() + escaped.len());
                self.locator.pass(span.end as usize);
                pieces.push(InlineToken::new(InlineTokenKind::Decoded(escaped), span));
            }
            NodeValue::SoftBreak => {
                let span = self.locate(place, |rest| rest.starts_with(['\n', '\r']));
                pieces.push(InlineToken::inline(InlineKind::SoftBreak, span, 0));
            }
            NodeValue::LineBreak => {
                let span = self.locate(place, |rest| rest.starts_with("  ") || rest.starts_with('\\'));
                pieces.push(InlineToken::inline(InlineKind::LineBreak, span, 0));
            }
            NodeValue::Code(code) => {
                let ticks = "`".repeat(code.num_backticks);
                let span = self.locate(place, |rest| rest.starts_with(&ticks));
                let literal = self.scanned.restore(&code.literal, Comments::Keep);
                pieces.push(InlineToken::inline(InlineKind::Code(self.legal(&literal, span)), span, 0));
            }
            NodeValue::HtmlInline(literal) => self.html_inline(literal, place, pieces),
            NodeValue::FootnoteReference(reference) => {
                let span = self.locate(place, |rest| rest.starts_with("[^"));
                let name = super::note_name(&reference.name);
                pieces.push(InlineToken::inline(InlineKind::Note(name), span, 0));
            }
            NodeValue::Emph => self.container(node, place, "*_", InlineKind::Emphasis, pieces),
            NodeValue::Strong => self.container(node, place, "*_", InlineKind::Strong, pieces),
            NodeValue::Strikethrough => self.struck(node, place, pieces),
            NodeValue::Link(link) => {
                let mark = self.start_of(place, |rest| rest.starts_with(['[', '<']));
                let auto = self.text.get(mark..).is_some_and(|rest| !rest.starts_with('['));
                let (content, height, span) = self.children(node, place, mark);
                self.link(&link.url, &link.title, (content, height), span, pieces);
                if auto {
                    // An address in angle brackets ends at its own bracket.
                    self.locator.pass(span.end as usize);
                }
            }
            NodeValue::Image(image) => {
                let mark = self.start_of(place, |rest| rest.starts_with("!["));
                let (content, _, span) = self.children(node, place, mark);
                let words = plain_text(&content);
                let (alt, size) = match address::sized_words(&words) {
                    Some((alt, size)) => (alt.to_owned(), Some(size)),
                    None => (words, None),
                };
                self.image(&image.url, (!alt.is_empty()).then_some(alt), &image.title, span, pieces);
                if let Some(size) = size
                    && let Some(InlineToken { kind: InlineTokenKind::Inline(inline), .. }) = pieces.last_mut()
                {
                    brackets::size(&mut inline.attrs, size);
                    self.tell_slip(Slip::PictureSize, span);
                }
            }
            // The extensions that make anything else are off.
            _ => {
                drop(data);
                for child in node.children() {
                    self.inline(child, pieces);
                }
            }
        }
    }

    /// Text, cut at addresses that are links by themselves.
    fn text(&mut self, text: &str, place: Sourcepos, pieces: &mut Vec<InlineToken>) {
        let (file, source) = (self.file, self.text);
        let before = pieces.len();
        let found =
            self.locator.find(&self.origin, place.start, |start| place::align(file, source, start, text, pieces));
        match found {
            Some(end) => self.locator.pass(end),
            None => {
                let span = Span::point(file, self.locator.ahead.start);
                pieces.push(InlineToken::new(InlineTokenKind::Decoded(text.to_owned()), span));
            }
        }
        if self.in_link == 0 {
            autolink::split(pieces, before);
        }
    }

    /// The place of a leaf, at which the source must fit.
    fn locate(&mut self, place: Sourcepos, fits: impl Fn(&str) -> bool) -> Span {
        let source = self.text;
        let here = |start: usize| source.get(start..).is_some_and(&fits).then_some(start);
        let length = self.origin.range(place).len();
        let start = self.locator.find(&self.origin, place.start, here).unwrap_or(self.locator.ahead.start);
        let span = self.span(start..start.saturating_add(length).min(self.locator.ahead.end.max(start)));
        self.locator.pass(span.end as usize);
        span
    }

    /// The byte at which a container starts.
    fn start_of(&mut self, place: Sourcepos, fits: impl Fn(&str) -> bool) -> usize {
        let source = self.text;
        let here = |start: usize| source.get(start..).is_some_and(&fits).then_some(start);
        let start = self.locator.find(&self.origin, place.start, here).unwrap_or(self.locator.ahead.start);
        self.locator.pass(start.saturating_add(1));
        start
    }

    /// The content of a container, its height, and its span from `start`.
    fn children(&mut self, node: Comrak<'_>, place: Sourcepos, start: usize) -> (Vec<Inline<Parsed>>, usize, Span) {
        let length = self.origin.range(place).len();
        let bound = self.locator.ahead.end.max(start);
        let linked = matches!(node.data().value, NodeValue::Link(_) | NodeValue::Image(_));
        let point = self.span(start..start);
        let (content, height) = if self.enter(point) {
            self.in_link += usize::from(linked);
            let inside = self.inlines(node);
            self.in_link -= usize::from(linked);
            self.leave();
            inside
        } else {
            (Vec::new(), 0)
        };
        let inner_end = content.last().map_or(start, |last| last.span.end as usize);
        let end = start.saturating_add(length).min(bound).max(inner_end);
        self.locator.pass(end);
        (content, height + 1, self.span(start..end))
    }

    fn container(
        &mut self,
        node: Comrak<'_>,
        place: Sourcepos,
        marks: &str,
        kind: impl FnOnce(Vec<Inline<Parsed>>) -> InlineKind<Parsed>,
        pieces: &mut Vec<InlineToken>,
    ) {
        let start = self.start_of(place, |rest| rest.starts_with(|mark| marks.contains(mark)));
        let (content, height, span) = self.children(node, place, start);
        pieces.push(InlineToken::inline(kind(content), span, height));
    }

    /// GFM strikes through between one tilde or two; one tilde on each side of
    /// a word without spaces lowers it (`H~2~O`). One tilde that touches a word on both of
    /// its sides strikes nothing out: `~5 to ~6, and ~/a~b`.
    fn struck(&mut self, node: Comrak<'_>, place: Sourcepos, pieces: &mut Vec<InlineToken>) {
        let start = self.start_of(place, |rest| rest.starts_with('~'));
        if self.is_stray(start..start.saturating_add(self.origin.range(place).len())) {
            let tilde = |at: usize| InlineToken::new(InlineTokenKind::Decoded("~".to_owned()), self.span(at..at + 1));
            let (opening, closing) = (tilde(start), tilde(start + self.origin.range(place).len() - 1));
            pieces.push(opening);
            for child in node.children() {
                self.inline(child, pieces);
            }
            self.locator.pass(closing.span.end as usize);
            pieces.push(closing);
            return;
        }
        let (content, height, span) = self.children(node, place, start);
        let written = self.text.get(span.range()).unwrap_or_default();
        let lowered = !written.starts_with("~~") && !written.contains(char::is_whitespace);
        let kind = if lowered { InlineKind::Subscript(content) } else { InlineKind::Strikethrough(content) };
        pieces.push(InlineToken::inline(kind, span, height));
    }

    /// Whether the text between single tildes contains spaces, and a word is adjacent to it.
    fn is_stray(&self, range: std::ops::Range<usize>) -> bool {
        let part = |range| self.text.get(range).unwrap_or_default();
        let inside = part(range.clone());
        let (before, after) = (part(0..range.start), part(range.end..self.text.len()));
        !inside.starts_with("~~")
            && inside.ends_with('~')
            && inside.contains(char::is_whitespace)
            && (before.ends_with(char::is_alphanumeric) || after.starts_with(char::is_alphanumeric))
    }

    /// A link, a reference where it has no words, or only its words where its
    /// address could run code.
    pub fn link(
        &mut self,
        address: &str,
        title: &str,
        (content, height): (Vec<Inline<Parsed>>, usize),
        span: Span,
        pieces: &mut Vec<InlineToken>,
    ) {
        if link::is_unsafe(address) {
            self.unsafe_link(span);
            pieces.push(InlineToken::inline(InlineKind::Span(content), span, height));
            return;
        }
        let kind = match address.strip_prefix('#') {
            Some(id) if !id.is_empty() && content.is_empty() => {
                InlineKind::Stage(ParsedInline::Reference { id: id.to_owned(), with_title: false })
            }
            _ => InlineKind::Link {
                target: self.legal(address, span),
                title: (!title.is_empty()).then(|| self.legal(title, span)),
                content,
            },
        };
        pieces.push(InlineToken::inline(kind, span, height));
    }

    fn unsafe_link(&mut self, span: Span) {
        self.diagnostics.push(
            Diagnostic::new(Code::UnsafeLink, span, "this address could run code; only the words are kept")
                .hint("link to an `https:` address, a document or a place in this one"),
        );
    }

    /// Adds a picture: its address as it is written, its words, and a title, which is empty
    /// where there is none. Of one whose address could run code only the words are kept.
    pub fn image(
        &mut self,
        address: &str,
        alt: Option<String>,
        title: &str,
        span: Span,
        pieces: &mut Vec<InlineToken>,
    ) {
        if link::is_unsafe(address) {
            self.unsafe_link(span);
            let words = alt.unwrap_or_default();
            if !words.is_empty() {
                pieces.push(InlineToken::new(InlineTokenKind::Decoded(words), span));
            }
            return;
        }
        let title = (!title.is_empty()).then(|| self.legal(title, span));
        let alt = alt.map(|alt| self.legal(&alt, span));
        let image = Image { picture: self.legal(address, span), alt, title, width: () };
        pieces.push(InlineToken::inline(InlineKind::Image(image), span, 1));
    }

    fn html_inline(&mut self, literal: &str, place: Sourcepos, pieces: &mut Vec<InlineToken>) {
        if let Some(line) = self.scanned.line(literal) {
            if let LineKind::Comment(form) = line.kind {
                self.locator.pass(line.span.end as usize);
                return self.comment_left_out(form, line.span);
            }
            if let LineKind::Open(opening) = &line.kind
                && opening.name.as_ref().is_some_and(|name| super::audience_guard::is_only(&name.text))
            {
                self.not_for_all(line.span, "`:::only` is part of a paragraph here, and would be printed");
            }
            // A line of ours that Markdown takes for text: it stays text.
            let span = line.span;
            let text = self.text.get(span.range()).unwrap_or_default();
            pieces.push(InlineToken::new(InlineTokenKind::Decoded(text.to_owned()), span));
            self.locator.pass(span.end as usize);
            return;
        }
        let first = literal.split(['\n', '\r']).next().unwrap_or_default();
        let span = self.locate(place, |rest| rest.starts_with(first));
        if literal.starts_with("<!") || literal.starts_with("<?") {
            return self.comment(literal, span, pieces);
        }
        let map = LineMap::same(self.file, span.start as usize);
        for token in tokens(literal, &map) {
            match token {
                Token::Open(mut tag) => {
                    tag.span = span;
                    self.inline_tag(tag, pieces);
                }
                Token::Close { name, .. } => match element(&name) {
                    Element::Inline(element) => pieces.push(InlineToken::new(InlineTokenKind::Close(element), span)),
                    Element::Hidden => {
                        pieces.push(InlineToken::new(InlineTokenKind::Close(InlineElement::Hidden), span))
                    }
                    Element::Unknown => self.no_element(&name, span, pieces),
                    Element::Block(_) | Element::Void(_) | Element::Unsupported => {}
                },
                Token::Text { raw, .. } => pieces.push(InlineToken::new(InlineTokenKind::Decoded(raw), span)),
                Token::Comment { .. } => self.comment(literal, span, pieces),
                Token::Doctype => self.left_out("this", span),
            }
        }
    }

    /// Drops a comment. Markup that a browser would hide although it is no comment is reported.
    pub fn comment(&mut self, raw: &str, span: Span, pieces: &mut Vec<InlineToken>) {
        if raw.starts_with("<!--") {
            if !raw.trim_end().ends_with("-->") {
                let place = self.first_line(span);
                // Its end lies outside the list item or quotation, so that its words do too.
                if self.text.get(span.start as usize..).is_some_and(|rest| rest.contains("-->")) {
                    return self
                        .not_for_all(place, "this comment leaves what it stands in, and would be printed there");
                }
                self.diagnostics.push(
                    Diagnostic::new(Code::RawHtml, place, "this comment has no end; what follows is left out with it")
                        .hint("close it with `-->`"),
                );
            }
            return;
        }
        let named = |name: &str| raw.strip_prefix("<?").is_some_and(|rest| rest.starts_with(name));
        if raw.starts_with("<?") && !(named("xml") || named("rfc")) {
            let place = self.first_line(span);
            return self.not_for_all(place, "a browser takes this for a comment, and it would be printed");
        }
        let words = raw.strip_prefix("<![CDATA[").map(|words| words.strip_suffix("]]>").unwrap_or(words));
        let words = self.legal(words.unwrap_or(raw), span);
        pieces.push(InlineToken::new(InlineTokenKind::Decoded(words), span));
        self.diagnostics.push(
            Diagnostic::new(Code::RawHtml, span, "this is no element of HTML; it is kept as text")
                .hint("write `\\<` where the sign itself is meant"),
        );
    }

    /// An opening tag that is in running text.
    pub fn inline_tag(&mut self, tag: super::html::Tag, pieces: &mut Vec<InlineToken>) {
        let span = tag.span;
        self.handlers(&tag);
        match element(&tag.name) {
            Element::Inline(element) => {
                pieces.push(InlineToken::new(InlineTokenKind::Open(element, Box::new(tag)), span))
            }
            Element::Hidden => {
                pieces.push(InlineToken::new(InlineTokenKind::Open(InlineElement::Hidden, Box::new(tag)), span));
            }
            Element::Void(VoidElement::LineBreak) => {
                pieces.push(InlineToken::inline(InlineKind::LineBreak, span, 0));
            }
            Element::Void(VoidElement::Image) => self.image_tag(&tag, pieces),
            Element::Void(VoidElement::BreakOpportunity | VoidElement::Column) => {}
            Element::Void(VoidElement::Rule) | Element::Block(_) => {
                let message = format!("`<{}>` cannot stand inside a line of text; its words are kept", tag.name);
                self.diagnostics.push(
                    Diagnostic::new(Code::RawHtml, span, message)
                        .hint("put it on a line of its own after a blank line"),
                );
            }
            Element::Unsupported => self.left_out(&format!("`<{}>`", tag.name), span),
            Element::Unknown => self.no_element(&tag.name, span, pieces),
        }
    }

    /// Adds the picture of an `<img>`. One with empty `alt` is decoration (HTML, 4.8.4.4.7).
    pub fn image_tag(&mut self, tag: &super::html::Tag, pieces: &mut Vec<InlineToken>) {
        let mut attrs = super::elements::attrs(tag);
        let alt = tag.get("alt").map(str::trim);
        if alt == Some("") {
            attrs.edit().classes.push("decorative".to_owned());
        }
        let alt = alt.filter(|alt| !alt.is_empty()).map(str::to_owned);
        let Some(src) = tag.get("src") else {
            self.left_out("a picture without `src`", tag.span);
            pieces.extend(alt.map(|alt| InlineToken::new(InlineTokenKind::Decoded(alt), tag.span)));
            return;
        };
        let before = pieces.len();
        self.image(src, alt, tag.get("title").unwrap_or_default(), tag.span, pieces);
        if let Some(InlineTokenKind::Inline(inline)) = pieces.get_mut(before).map(|piece| &mut piece.kind) {
            inline.attrs = attrs;
        }
    }

    /// Warns of event handlers, which are never passed on.
    pub fn handlers(&mut self, tag: &super::html::Tag) {
        self.guard_tag(tag);
        for (name, _) in tag.attributes.iter().filter(|(name, _)| name.starts_with("on")) {
            let message = format!("the event handler `{name}` is left out");
            self.diagnostics.push(Diagnostic::new(Code::RawHtml, tag.span, message));
        }
    }

    /// Keeps text that looks like a tag but is none.
    pub fn no_element(&mut self, name: &str, span: Span, pieces: &mut Vec<InlineToken>) {
        let span = self.span(span.range());
        let written = self.text.get(span.range()).unwrap_or_default().to_owned();
        let written = self.legal(&written, span);
        if !written.starts_with("</") && self.guard_name(name, span) {
        } else if !written.starts_with("</") {
            let length = name.len() + "<".len();
            let shown = written.get("<".len()..length).filter(|shown| shown.eq_ignore_ascii_case(name)).unwrap_or(name);
            let message = format!("`<{shown}>` is no element of HTML; it is kept as text");
            self.diagnostics
                .push(Diagnostic::new(Code::RawHtml, span, message).hint("write `\\<` where the sign itself is meant"));
        }
        pieces.push(InlineToken::new(InlineTokenKind::Decoded(written), span));
    }

    /// Warns of HTML that is not passed on.
    pub fn left_out(&mut self, what: &str, span: Span) {
        let message = format!("{what} is not passed on; its words are kept");
        let hint = "write it in Markdown; the handbook lists the HTML that is read";
        self.diagnostics.push(Diagnostic::new(Code::RawHtml, span, message).hint(hint));
    }
}
