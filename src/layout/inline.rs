//! Converts inlines to a paragraph's text, runs of style, and tags.

use super::font::{Family, FontBook, FontIndex};
use super::frame::{Properties, Role, Tag, TagId, TagTree};
use super::math::{self, MathFont};
use super::shape::Languages;
use super::text::{
    Anchor, Decoration, FORMULA, InlineFormula, InlinePicture, Link, OBJECT, Paragraph, Run, TextStyle, Wording,
};
use super::word::{Figures, LangId, TextDirection};
use crate::ast::{Equation, Formula, Image, InlineKind, linear, plain_text};
use crate::language::{ChangeLabels, Direction};
use crate::resolve::{
    ChangeKind, NoteUse, Picture, PictureWidth, RInline, Resolved, ResolvedInline, ResolvedStage, Target,
};
use crate::source::Span;
use crate::source::search::find_any;
use crate::theme::{
    Alignment, CharacterRole, CharacterStyle, Color, FontFamily, Medium, ParagraphStyle, Pt, Slant, Surroundings,
    Theme, Weight,
};
use std::borrow::Cow;
use std::cell::OnceCell;

/// How text looks, as a writer would say it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TypeStyle {
    pub family: FontFamily,
    pub weight: Weight,
    pub slant: Slant,
    pub size: Pt,
    pub leading: Pt,
    pub color: Color,
    pub lang: LangId,
    pub figures: Figures,
    pub align: Alignment,
}

impl TypeStyle {
    /// Type of a style among type of this one.
    pub fn with_paragraph_style(self, style: &ParagraphStyle) -> TypeStyle {
        TypeStyle {
            leading: style.leading.unwrap_or(self.leading),
            align: style.alignment.unwrap_or(self.align),
            ..self.with_character_style(&style.characters)
        }
    }

    /// Letters of a style among letters of this one.
    pub fn with_character_style(self, style: &CharacterStyle) -> TypeStyle {
        TypeStyle {
            family: style.family.unwrap_or(self.family),
            weight: style.weight.unwrap_or(self.weight),
            slant: style.slant.unwrap_or(self.slant),
            size: style.size.unwrap_or(self.size),
            color: style.color.unwrap_or(self.color),
            ..self
        }
    }

    /// Where paragraphs are among text of this type, with so much space between them.
    pub fn surroundings(&self, gap: Pt) -> Surroundings {
        Surroundings { medium: Medium::Pages, size: self.size, leading: self.leading, gap }
    }

    fn font(&self, book: &FontBook) -> FontIndex {
        book.find(Family::Text(self.family), self.weight, self.slant).unwrap_or(FontIndex(0))
    }
}

/// The inherited state of an inline.
#[derive(Debug, Clone, Copy)]
struct State {
    type_style: TypeStyle,
    rise: Pt,
    decoration: Decoration,
    wording: Wording,
    /// The tag content belongs to; `None` for artifacts.
    parent: Option<TagId>,
    link: Option<usize>,
    quotes: usize,
}

/// Context and output of converting inlines.
pub struct Collector<'d> {
    pub document: &'d Resolved,
    pub theme: &'d Theme,
    pub book: &'d FontBook,
    pub languages: Languages,
    pub tags: TagTree,
    /// The notes referred to, in the order of their first references.
    pub noted: Vec<usize>,
    /// Widest that a picture in a line may be.
    pub measure: Pt,
    /// The font of formulas, once there is one.
    pub math: OnceCell<Option<MathFont<'d>>>,
}

/// The longest description of a link, in characters: every line that the link is on repeats it.
const LINK_DESCRIPTION: usize = 500;
/// Size of superscripts and subscripts, and how far they are moved, in ems.
const SCRIPT_SIZE: Pt = 0.68;
const SUPERSCRIPT_RISE: Pt = 0.34;
const SUBSCRIPT_DROP: Pt = 0.13;

/// The most that a picture takes of a page's height, so that its caption fits.
const TALLEST_PICTURE: Pt = 0.72;

struct Draft {
    paragraph: Paragraph,
    /// The leaf that text goes to, and its parent.
    leaf: Option<(TagId, TagId)>,
}

impl<'d> Collector<'d> {
    /// A paragraph of inlines. Its content goes to leaves under `parent`.
    pub fn paragraph(&mut self, inlines: &[RInline], type_style: TypeStyle, parent: Option<TagId>) -> Paragraph {
        let mut draft = self.draft(type_style);
        let state = self.state(type_style, parent);
        self.inlines(inlines, state, &mut draft);
        trimmed(draft)
    }

    /// A paragraph of words that are not the author's.
    pub fn added_text(&mut self, text: &str, type_style: TypeStyle, parent: Option<TagId>) -> Paragraph {
        let mut draft = self.draft(type_style);
        let state = self.state(type_style, parent);
        self.text(text, None, state, &mut draft);
        trimmed(draft)
    }

    /// Two parts with type of their own in one paragraph: a number and what
    /// it numbers.
    pub fn labelled_paragraph(
        &mut self,
        lead: (&str, TypeStyle),
        inlines: &[RInline],
        type_style: TypeStyle,
        parent: Option<TagId>,
    ) -> Paragraph {
        let mut draft = self.draft(type_style);
        let state = self.state(lead.1, parent);
        self.text(lead.0, None, state, &mut draft);
        let state = self.state(type_style, parent);
        self.inlines(inlines, state, &mut draft);
        trimmed(draft)
    }

    /// A paragraph that is one link. Its lines are indented after `lead`.
    pub fn linked(
        &mut self,
        text: &[RInline],
        lead: &str,
        target: &Target,
        type_style: TypeStyle,
        parent: TagId,
    ) -> Paragraph {
        let mut draft = self.draft(type_style);
        let mut state = self.state(type_style, Some(parent));
        let description = format!("{lead}{}", plain_text(text));
        self.open_link(target, description.trim().to_owned(), &mut state, &mut draft);
        // A list of links needs no signs of them.
        state.decoration.link = None;
        if matches!(target, Target::Internal(_)) {
            state.type_style.color = type_style.color;
        }
        self.text(lead, None, state, &mut draft);
        draft.paragraph.lead = draft.paragraph.text.len();
        self.inlines(text, state, &mut draft);
        trimmed(draft)
    }

    /// Width and height of a picture that fits a measure and a page.
    pub fn picture_size(&self, picture: &Picture, wanted: Option<PictureWidth>, measure: Pt) -> (Pt, Pt) {
        let (width, height) = picture.natural_size();
        let tallest = self.theme.page.height() * TALLEST_PICTURE;
        let wanted = match wanted {
            Some(PictureWidth::Percent(share)) => measure * share / 100.0,
            Some(PictureWidth::Points(wanted)) => wanted,
            None => width,
        };
        let scale = (wanted.min(measure) / width).min(tallest / height);
        (width * scale, height * scale)
    }

    /// Which way text of a language runs; the document's where it says none.
    pub fn direction(&self, lang: LangId) -> TextDirection {
        let direction = match self.languages.tag(lang) {
            "" => self.document.language.direction,
            tag => Direction::for_language(tag),
        };
        match direction {
            Direction::LeftToRight => TextDirection::LeftToRight,
            Direction::RightToLeft => TextDirection::RightToLeft,
        }
    }

    fn draft(&self, type_style: TypeStyle) -> Draft {
        let direction = self.direction(type_style.lang);
        Draft {
            paragraph: Paragraph {
                text: String::new(),
                lead: 0,
                runs: Vec::new(),
                links: Vec::new(),
                anchors: Vec::new(),
                pictures: Vec::new(),
                formulas: Vec::new(),
                align: type_style.align,
                hyphenate: self.theme.text.hyphenation == crate::theme::Hyphenation::On,
                direction,
                leading: type_style.leading,
                strut: (type_style.font(self.book), type_style.size),
            },
            leaf: None,
        }
    }

    fn state(&self, type_style: TypeStyle, parent: Option<TagId>) -> State {
        State {
            type_style,
            rise: 0.0,
            decoration: Decoration::default(),
            wording: Wording::Prose,
            parent,
            link: None,
            quotes: 0,
        }
    }

    fn inlines(&mut self, inlines: &[RInline], state: State, draft: &mut Draft) {
        for inline in inlines {
            self.inline(inline, state, draft);
        }
    }

    fn inline(&mut self, inline: &RInline, mut state: State, draft: &mut Draft) {
        if let Some(id) = inline.attrs.id() {
            draft.paragraph.anchors.push((draft.paragraph.text.len(), Anchor::Id(id.to_owned())));
        }
        let lang = inline.attrs.lang().filter(|lang| self.languages.tag(state.type_style.lang) != *lang);
        if let Some(lang) = lang {
            state.type_style.lang = self.languages.id(lang);
            let lang = Properties { lang: Some(lang.to_owned()), ..Properties::NONE };
            self.open(Tag::with(Role::Span, lang), &mut state, draft);
        }
        self.restyle(&inline.kind, &mut state);
        match &inline.kind {
            InlineKind::Text(text) => self.text(text, Some(inline.span), state, draft),
            InlineKind::SoftBreak => self.text(" ", None, state, draft),
            InlineKind::LineBreak => self.push("\n", None, state, draft),
            InlineKind::Code(code) => {
                self.open(Tag::new(Role::Code), &mut state, draft);
                self.text(code, Some(inline.span), state, draft);
            }
            InlineKind::Math(formula) => self.formula(formula, false, inline.span, state, draft),
            InlineKind::Emphasis(content)
            | InlineKind::CitedTitle(content)
            | InlineKind::DefinedTerm(content)
            | InlineKind::Strong(content)
            | InlineKind::Strikethrough(content)
            | InlineKind::Deleted(content)
            | InlineKind::Underline(content)
            | InlineKind::Inserted(content)
            | InlineKind::Highlight(content)
            | InlineKind::Superscript(content)
            | InlineKind::Subscript(content)
            | InlineKind::Small(content)
            | InlineKind::Keyboard(content)
            | InlineKind::Span(content) => self.inlines(content, state, draft),
            InlineKind::Quoted(content) => self.quoted(content, state, draft),
            InlineKind::Change { change, content } => {
                self.change(change.kind, state, draft, |collector, state, draft| {
                    collector.inlines(content, state, draft);
                });
            }
            InlineKind::Abbreviation { content, expansion } => {
                let expansion = Properties { expansion: Some(expansion.clone()), ..Properties::NONE };
                self.open(Tag::with(Role::Span, expansion), &mut state, draft);
                self.inlines(content, state, draft);
            }
            InlineKind::Link { target, title, content } => {
                let words = plain_text(content);
                let is_address = words.contains("://") || words.starts_with("www.");
                if is_address && !words.contains(char::is_whitespace) {
                    state.wording = Wording::Address;
                }
                let description = title.clone().unwrap_or(words);
                self.open_link(target, description, &mut state, draft);
                self.inlines(content, state, draft);
            }
            InlineKind::Image(image) => {
                let decorative = inline.attrs.has_class("decorative");
                self.image(image, decorative, inline.span, state, draft);
            }
            InlineKind::Note(reference) => self.note_reference(reference, state, draft),
            InlineKind::Stage(ResolvedInline::Reference { target, text }) => {
                self.open(Tag::new(Role::Reference), &mut state, draft);
                self.open_link(target, text.clone(), &mut state, draft);
                self.text(text, Some(inline.span), state, draft);
            }
        }
        if inline_has_tag(inline) {
            draft.leaf = None;
        }
    }

    /// Changes how text looks to how the content of an inline does.
    fn restyle(&mut self, kind: &InlineKind<ResolvedStage>, state: &mut State) {
        match kind {
            InlineKind::Code(_) => {
                self.apply(CharacterRole::Code, state);
                state.type_style.lang = self.languages.id("");
                if state.wording == Wording::Prose {
                    state.wording = Wording::Code;
                }
            }
            InlineKind::Emphasis(_) | InlineKind::CitedTitle(_) | InlineKind::DefinedTerm(_) => {
                let before = state.type_style.slant;
                self.apply(CharacterRole::Emphasis, state);
                if state.type_style.slant == before {
                    // Within italics, emphasis is upright.
                    state.type_style.slant = Slant::Upright;
                }
            }
            InlineKind::Strong(_) => self.apply(CharacterRole::Strong, state),
            InlineKind::Strikethrough(_) | InlineKind::Deleted(_) => self.apply(CharacterRole::Strikethrough, state),
            InlineKind::Underline(_) | InlineKind::Inserted(_) => self.apply(CharacterRole::Underline, state),
            InlineKind::Highlight(_) => self.apply(CharacterRole::Highlight, state),
            InlineKind::Superscript(_) => raise(SUPERSCRIPT_RISE, state),
            InlineKind::Subscript(_) => raise(-SUBSCRIPT_DROP, state),
            InlineKind::Small(_) => self.apply(CharacterRole::Small, state),
            InlineKind::Keyboard(_) => self.apply(CharacterRole::Keyboard, state),
            InlineKind::Text(_)
            | InlineKind::SoftBreak
            | InlineKind::LineBreak
            | InlineKind::Math(_)
            | InlineKind::Quoted(_)
            | InlineKind::Change { .. }
            | InlineKind::Span(_)
            | InlineKind::Abbreviation { .. }
            | InlineKind::Link { .. }
            | InlineKind::Image(_)
            | InlineKind::Note(_)
            | InlineKind::Stage(_) => {}
        }
    }

    /// Gives text the style of a role, over what it has.
    fn apply(&self, role: CharacterRole, state: &mut State) {
        let style = self.theme.character_style(role, state.type_style.surroundings(0.0));
        state.type_style = state.type_style.with_character_style(&style);
        let decoration = &mut state.decoration;
        decoration.underline |= style.underline;
        decoration.strike |= style.strikethrough;
        decoration.background = style.background.or(decoration.background);
        decoration.link = style.link_rule.or(decoration.link);
    }

    fn quoted(&mut self, content: &[RInline], mut state: State, draft: &mut Draft) {
        let [outer_open, outer_close, inner_open, inner_close] = self.document.language.labels.quotes;
        let (open, close) =
            if state.quotes.is_multiple_of(2) { (outer_open, outer_close) } else { (inner_open, inner_close) };
        state.quotes += 1;
        self.open(Tag::new(Role::Quote), &mut state, draft);
        self.text(open, None, state, draft);
        self.inlines(content, state, draft);
        self.text(close, None, state, draft);
    }

    fn image(&mut self, image: &Image<ResolvedStage>, decorative: bool, span: Span, state: State, draft: &mut Draft) {
        let Some(picture) = self.document.pictures.get(image.picture) else { return };
        let (width, height) = self.picture_size(picture, image.width, self.measure);
        let tag = state.parent.filter(|_| !decorative).map(|parent| {
            let alt = image.alternative().map(str::to_owned);
            let figure = self.tags.add(parent, Tag::with(Role::Figure, Properties { alt, ..Properties::NONE }));
            self.tags.add(figure, Tag::new(Role::Leaf))
        });
        draft.paragraph.pictures.push(InlinePicture {
            offset: draft.paragraph.text.len(),
            picture: image.picture,
            width,
            height,
            share: match image.width {
                Some(PictureWidth::Percent(share)) => Some(share / 100.0),
                Some(PictureWidth::Points(_)) | None => None,
            },
            tag,
        });
        self.push(OBJECT.encode_utf8(&mut [0; 4]), Some(span), state, draft);
        draft.leaf = None;
    }

    /// Adds a change between two versions: struck through or double underlined, in colour, between
    /// brackets with words for screen readers, with a bar in the margin.
    fn change(
        &mut self,
        kind: ChangeKind,
        mut state: State,
        draft: &mut Draft,
        content: impl FnOnce(&mut Self, State, &mut Draft),
    ) {
        let colors = &self.theme.colors;
        let (role, color) = match kind {
            ChangeKind::Inserted => (Role::Inserted, colors.inserted),
            ChangeKind::Deleted => (Role::Deleted, colors.deleted),
            ChangeKind::MovedTo => (Role::Inserted, colors.moved),
            ChangeKind::MovedFrom => (Role::Deleted, colors.moved),
            ChangeKind::Former | ChangeKind::Split | ChangeKind::Joined => {
                state.decoration.changed = Some(colors.moved);
                return content(self, state, draft);
            }
        };
        let [start, end] = kind.said(ChangeLabels::for_language(&self.document.language.tag)).unwrap_or_default();
        state.type_style.color = color;
        state.decoration.changed = Some(state.type_style.color);
        self.open(Tag::new(role), &mut state, draft);
        self.bracket("[", start, state, draft);
        let mut inner = state;
        inner.decoration.strike = role == Role::Deleted;
        inner.decoration.underline = role == Role::Inserted;
        inner.decoration.double = role == Role::Inserted;
        content(self, inner, draft);
        self.bracket("]", end, state, draft);
    }

    /// A bracket that is read as words.
    fn bracket(&mut self, sign: &str, words: &str, mut state: State, draft: &mut Draft) {
        let words = Properties { actual_text: Some(words.to_owned()), ..Properties::NONE };
        draft.leaf = None;
        self.open(Tag::with(Role::Span, words), &mut state, draft);
        self.push(sign, None, state, draft);
        draft.leaf = None;
    }

    fn note_reference(&mut self, reference: &NoteUse, mut state: State, draft: &mut Draft) {
        let NoteUse { note, ref id, separator } = *reference;
        let Some(target) = self.document.notes.get(note) else { return };
        let raised = |mut state: State| {
            raise(SUPERSCRIPT_RISE, &mut state);
            state
        };
        if !separator.is_empty() {
            self.push(separator, None, raised(state), draft);
        }
        let at = draft.paragraph.text.len();
        draft.paragraph.anchors.push((at, Anchor::Note(note)));
        draft.paragraph.anchors.push((at, Anchor::Id(id.clone())));
        self.noted.push(note);
        self.open(Tag::new(Role::Reference), &mut state, draft);
        let description = format!("{} {}", self.document.language.labels.note, target.number);
        let (color, decoration) = (state.type_style.color, state.decoration);
        self.open_link(&Target::Internal(target.id.clone()), description, &mut state, draft);
        (state.type_style.color, state.decoration) = (color, decoration);
        let number = target.number.clone();
        self.push(&number, None, raised(state), draft);
        draft.leaf = None;
    }

    /// A formula in a line of text; readers that speak get the author's words, else its signs.
    fn formula(&mut self, formula: &Formula, display: bool, span: Span, mut state: State, draft: &mut Draft) {
        let alt = Properties { alt: Some(formula.spoken_text()), ..Properties::NONE };
        self.open(Tag::with(Role::Formula, alt), &mut state, draft);
        state.type_style.lang = self.languages.id("");
        let font = self.math.get_or_init(|| MathFont::from_book(self.book));
        let Some(font) = font else {
            debug_assert!(false, "the font of formulas cannot be read");
            self.text(&linear(&formula.content), Some(span), state, draft);
            draft.leaf = None;
            return;
        };
        let size = state.type_style.size;
        let set = match display {
            true => math::display(&formula.content, font, self.book, size),
            false => math::inline(&formula.content, font, self.book, size),
        };
        let last = set.parts.len().saturating_sub(1);
        let parts = match display {
            true => vec![(math::joined(&set.parts), Some(set.parts))],
            false => set.parts.into_iter().map(|part| (part, None)).collect(),
        };
        let mut missing = set.missing;
        for (number, (set, displayed)) in parts.into_iter().enumerate() {
            draft.paragraph.formulas.push(InlineFormula {
                offset: draft.paragraph.text.len(),
                set,
                displayed,
                breaks: number < last,
                missing: std::mem::take(&mut missing),
            });
            self.push(FORMULA.encode_utf8(&mut [0; 4]), Some(span), state, draft);
        }
        draft.leaf = None;
    }

    /// A formula on a line of its own, with its number after.
    pub fn equation(
        &mut self,
        equation: &Equation<ResolvedStage>,
        change: Option<ChangeKind>,
        span: Span,
        type_style: TypeStyle,
        parent: TagId,
    ) -> Paragraph {
        let mut draft = self.draft(type_style);
        let state = self.state(type_style, Some(parent));
        let content = |collector: &mut Self, state: State, draft: &mut Draft| {
            collector.formula(&equation.formula, true, span, state, draft);
            if let Some(label) = &equation.label {
                let mut gap = state;
                gap.decoration = Decoration { changed: state.decoration.changed, ..Decoration::default() };
                collector.text("\u{2003}", None, gap, draft);
                collector.text(&label.in_parentheses(), None, state, draft);
            }
        };
        match change {
            Some(kind) => self.change(kind, state, &mut draft, content),
            None => content(self, state, &mut draft),
        }
        trimmed(draft)
    }

    /// Starts a tag for what follows.
    fn open(&mut self, tag: Tag, state: &mut State, draft: &mut Draft) {
        if let Some(parent) = state.parent {
            state.parent = Some(self.tags.add(parent, tag));
            draft.leaf = None;
        }
    }

    fn open_link(&mut self, target: &Target, description: String, state: &mut State, draft: &mut Draft) {
        let Some(parent) = state.parent else { return };
        let description = shortened(description);
        let tag = self.tags.add(parent, Tag::new(Role::Link));
        state.parent = Some(tag);
        draft.leaf = None;
        draft.paragraph.links.push(Link { target: target.clone(), tag, description });
        state.link = Some(draft.paragraph.links.len() - 1);
        self.apply(CharacterRole::Link, state);
    }

    /// Adds text with white space collapsed.
    fn text(&mut self, text: &str, span: Option<Span>, state: State, draft: &mut Draft) {
        let before = &draft.paragraph.text;
        let collapsed = collapse(text, before.is_empty() || before.ends_with([' ', '\n']));
        if !collapsed.is_empty() {
            self.push(&collapsed, span, state, draft);
        }
    }

    fn push(&mut self, text: &str, span: Option<Span>, state: State, draft: &mut Draft) {
        let tag = state.parent.map(|parent| match draft.leaf {
            Some((known, leaf)) if known == parent => leaf,
            _ => {
                let leaf = self.tags.add(parent, Tag::new(Role::Leaf));
                draft.leaf = Some((parent, leaf));
                leaf
            }
        });
        let style = TextStyle {
            font: state.type_style.font(self.book),
            size: state.type_style.size,
            color: state.type_style.color,
            rise: state.rise,
            lang: state.type_style.lang,
            figures: state.type_style.figures,
            decoration: state.decoration,
            wording: state.wording,
        };
        draft.paragraph.text.push_str(text);
        let end = draft.paragraph.text.len();
        match draft.paragraph.runs.last_mut() {
            Some(run) if run.style == style && run.tag == tag && run.link == state.link => {
                run.end = end;
                run.span = run.span.map(|before| span.map_or(before, |span| before.to(span))).or(span);
            }
            last => {
                // Most paragraphs are one run, and there are very many.
                if last.is_none() {
                    draft.paragraph.runs.reserve_exact(1);
                }
                draft.paragraph.runs.push(Run { end, style, tag, link: state.link, span });
            }
        }
    }
}

/// Sets text smaller, raised by `ems`.
fn raise(ems: Pt, state: &mut State) {
    state.rise += ems * state.type_style.size;
    state.type_style.size *= SCRIPT_SIZE;
}

/// Shortens the description of a link, which is repeated on each of its lines.
fn shortened(mut description: String) -> String {
    if let Some((end, _)) = description.char_indices().nth(LINK_DESCRIPTION) {
        description.truncate(end);
        description.push('…');
    }
    description
}

/// Text with every stretch of white space as one space, or as none where it
/// follows one.
fn collapse(text: &str, mut after_space: bool) -> Cow<'_, str> {
    let is_space = |c: char| matches!(c, ' ' | '\n' | '\t' | '\r');
    let begins_twice = after_space && text.starts_with(' ');
    if !begins_twice && !text.contains("  ") && find_any(text, *b"\n\t\r").is_none() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match (is_space(c), std::mem::replace(&mut after_space, is_space(c))) {
            (false, _) => out.push(c),
            (true, false) => out.push(' '),
            (true, true) => {}
        }
    }
    Cow::Owned(out)
}

/// Whether an inline's content is under a tag of its own.
fn inline_has_tag(inline: &RInline) -> bool {
    inline.attrs.lang().is_some()
        || matches!(
            inline.kind,
            InlineKind::Code(_)
                | InlineKind::Math(_)
                | InlineKind::Quoted(_)
                | InlineKind::Abbreviation { .. }
                | InlineKind::Link { .. }
                | InlineKind::Image(_)
                | InlineKind::Note(_)
                | InlineKind::Change { .. }
                | InlineKind::Stage(_)
        )
}

/// Drops the white space at a paragraph's end.
fn trimmed(mut draft: Draft) -> Paragraph {
    let kept = draft.paragraph.text.trim_end_matches([' ', '\n']).len();
    draft.paragraph.text.truncate(kept);
    while draft.paragraph.runs.len() > 1 && draft.paragraph.runs.iter().rev().nth(1).is_some_and(|run| run.end >= kept)
    {
        draft.paragraph.runs.pop();
    }
    if let Some(run) = draft.paragraph.runs.last_mut() {
        run.end = run.end.min(kept);
    }
    draft.paragraph
}
