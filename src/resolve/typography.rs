//! Quotation marks, apostrophes, dashes and spaces, as the language sets them.
//! Marks that are typographic already stay as they are, and so does code.

use super::apostrophe::{self, Role};
use crate::ast::{Inline, InlineKind, Parsed};
use crate::language::{Labels, Language};
use std::collections::BTreeMap;

/// Stands in the context for what is no text: code, pictures, references.
pub(super) const OBJECT: char = '\u{fffc}';
const APOSTROPHE: char = '’';
const EN_DASH: char = '–';
const EM_DASH: char = '—';
const ELLIPSIS: char = '…';
const NO_BREAK_SPACE: char = '\u{a0}';
const NARROW_NO_BREAK_SPACE: char = '\u{202f}';

/// Sets text in one language.
#[derive(Debug, Clone)]
pub struct Typographer {
    labels: &'static Labels,
    /// Whether high punctuation is set off by a space, as in French.
    spaced_punctuation: bool,
}

impl Typographer {
    /// The typographer of a BCP 47 tag.
    pub fn for_language(lang: &str) -> Self {
        let labels = Language::from_tag(lang).labels;
        Typographer { labels, spaced_punctuation: labels.tag == "fr" }
    }

    /// Primary tag of the language.
    pub fn tag(&self) -> &'static str {
        self.labels.tag
    }

    /// Sets a run of text.
    pub fn run(&self, content: &mut [Inline<Parsed>]) {
        if !self.concerns_run(content) {
            return;
        }
        let mut context = Vec::new();
        flatten(content, &mut context);
        let mut setter = Setter::new(self, &context);
        setter.set_inlines(content);
    }

    /// Sets plain words.
    pub fn set_text(&self, text: &str) -> String {
        if !self.concerns(text) {
            return text.to_owned();
        }
        let context: Vec<char> = text.chars().collect();
        Setter::new(self, &context).text(text)
    }

    /// Words between the language's outer quotation marks.
    pub fn quote(&self, words: &str) -> String {
        let [open, close, ..] = self.labels.quotes;
        format!("{open}{words}{close}")
    }

    fn concerns_run(&self, content: &[Inline<Parsed>]) -> bool {
        content.iter().any(|inline| match &inline.kind {
            InlineKind::Text(text) => self.concerns(text),
            kind => self.concerns_run(kind.children()),
        })
    }

    /// Whether there is anything to set in a text.
    fn concerns(&self, text: &str) -> bool {
        // All bytes are looked at, whatever is found: a processor compares many at once then.
        let bytes = text.as_bytes();
        let pairs = bytes.iter().zip(bytes.get(1..).unwrap_or_default());
        bytes.iter().fold(false, |found, byte| found | matches!(byte, b'"' | b'\''))
            || pairs.fold(false, |found, (one, next)| found | (one == next && matches!(one, b'-' | b'.')))
            || self.spaced_punctuation && text.contains([';', ':', '!', '?', '«', '»'])
    }
}

/// Whether typography has to leave an inline and all in it alone.
fn is_literal(kind: &InlineKind<Parsed>) -> bool {
    match kind {
        InlineKind::Keyboard(_) | InlineKind::Code(_) | InlineKind::Math(_) => true,
        InlineKind::Link { target, content, .. } => match content.as_slice() {
            [Inline { kind: InlineKind::Text(text), .. }] => {
                text.contains("://") || target.strip_prefix("mailto:").unwrap_or(target) == text
            }
            _ => false,
        },
        _ => false,
    }
}

/// The characters of a run; what is no text counts as one character.
fn flatten(content: &[Inline<Parsed>], context: &mut Vec<char>) {
    for inline in content {
        match &inline.kind {
            InlineKind::Text(text) => context.extend(text.chars()),
            InlineKind::SoftBreak | InlineKind::LineBreak => context.push('\n'),
            InlineKind::Image(_) | InlineKind::Note(_) | InlineKind::Stage(_) => context.push(OBJECT),
            kind if is_literal(kind) => context.push(OBJECT),
            kind => flatten(kind.children(), context),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Quote {
    Double,
    Single,
}

struct Setter<'a> {
    /// Rules of the current language.
    typographer: Typographer,
    context: &'a [char],
    /// Index of the next character in the context.
    at: usize,
    /// Quotations that are open, outermost first.
    open: Vec<Quote>,
    /// Roles of the single marks in the context.
    singles: BTreeMap<usize, Role>,
}

impl<'a> Setter<'a> {
    fn new(typographer: &Typographer, context: &'a [char]) -> Self {
        let singles = apostrophe::roles(context, typographer.tag());
        Setter { typographer: typographer.clone(), context, at: 0, open: Vec::new(), singles }
    }

    fn set_inlines(&mut self, content: &mut [Inline<Parsed>]) {
        for inline in content {
            let inner = inline.attrs.lang().map(Typographer::for_language);
            let outer = inner.map(|inner| std::mem::replace(&mut self.typographer, inner));
            match &mut inline.kind {
                InlineKind::Text(text) => {
                    if self.typographer.concerns(text) {
                        *text = self.text(text);
                    } else {
                        self.at += text.chars().count();
                    }
                }
                InlineKind::SoftBreak
                | InlineKind::LineBreak
                | InlineKind::Image(_)
                | InlineKind::Note(_)
                | InlineKind::Stage(_) => self.at += 1,
                kind if is_literal(kind) => self.at += 1,
                kind => {
                    if let Some(children) = kind.children_mut() {
                        self.set_inlines(children);
                    }
                }
            }
            if let Some(outer) = outer {
                self.typographer = outer;
            }
        }
    }

    /// Sets one text, whose first character is the context's next.
    fn text(&mut self, text: &str) -> String {
        let mut set = String::with_capacity(text.len() + 8);
        let end = self.at + text.chars().count();
        while self.at < end {
            let here = self.peek(0).unwrap_or(OBJECT);
            let left = end - self.at;
            match here {
                '"' => self.double(&mut set),
                '\'' => self.single(&mut set),
                '-' => self.repeated('-', left, &mut set),
                '.' => self.repeated('.', left, &mut set),
                ' ' if self.typographer.spaced_punctuation => {
                    set.push(self.french_space());
                    self.at += 1;
                }
                c => {
                    set.push(c);
                    self.at += 1;
                }
            }
        }
        set
    }

    fn peek(&self, ahead: usize) -> Option<char> {
        self.context.get(self.at + ahead).copied()
    }

    fn before(&self) -> Option<char> {
        self.at.checked_sub(1).and_then(|at| self.context.get(at)).copied()
    }

    /// Whether a quotation can start here: nothing, a space or an opening mark is before, and
    /// something after.
    fn can_open(&self) -> bool {
        let clear = self.before().is_none_or(|c| c.is_whitespace() || is_opening(c));
        clear && self.peek(1).is_some_and(|c| !c.is_whitespace())
    }

    fn can_close(&self) -> bool {
        self.before().is_some_and(|c| !c.is_whitespace())
    }

    fn double(&mut self, set: &mut String) {
        let within = self.open.iter().rposition(|quote| *quote == Quote::Double);
        let follows_bracket = self.before().is_some_and(|c| matches!(c, '(' | '[' | '{'));
        let closing = within.is_some()
            && self.can_close()
            && !(follows_bracket && self.can_open())
            && !self.follows_elision()
            && !(self.before().is_some_and(char::is_numeric) && self.closes_later());
        if let (true, Some(depth)) = (closing, within) {
            set.push_str(self.mark(depth, Side::Close));
            self.open.truncate(depth);
        } else if self.can_open() || self.is_prefixed() {
            self.open.push(Quote::Double);
            set.push_str(self.mark(self.open.len() - 1, Side::Open));
        } else if self.can_close() && !self.before().is_some_and(char::is_numeric) {
            // The quotation began in another paragraph.
            let [_, outer_close, ..] = self.typographer.labels.quotes;
            set.push_str(outer_close);
        } else {
            // Inches or seconds.
            set.push('"');
        }
        self.at += 1;
    }

    /// Whether the mark is between an elided word and the one that it touches, as the second of
    /// `"l'"État" dit"`.
    fn follows_elision(&self) -> bool {
        let elided = self.at.checked_sub(2).and_then(|at| self.context.get(at)).is_some_and(|c| c.is_alphabetic());
        elided && matches!(self.before(), Some('\'' | APOSTROPHE)) && self.peek(1).is_some_and(char::is_alphanumeric)
    }

    /// Whether the mark is inside of a word, and one that can end a quotation follows: articles and
    /// conjunctions are written together with their word in Arabic.
    fn is_prefixed(&self) -> bool {
        let touches = |c: Option<char>| c.is_some_and(char::is_alphabetic);
        touches(self.before()) && touches(self.peek(1)) && self.closes_later()
    }

    /// Whether the next double mark can only end a quotation, so that the one at hand, after a
    /// digit, stands for inches.
    fn closes_later(&self) -> bool {
        let next = self.context.iter().skip(self.at + 1).position(|c| *c == '"').map(|ahead| self.at + 1 + ahead);
        next.is_some_and(|next| {
            let before = self.context.get(next - 1);
            before.is_some_and(|c| !c.is_whitespace() && !is_opening(*c) && !c.is_numeric())
        })
    }

    fn single(&mut self, set: &mut String) {
        let within = self.open.iter().rposition(|quote| *quote == Quote::Single);
        match (self.singles.get(&self.at), within) {
            (Some(Role::Open), _) => {
                self.open.push(Quote::Single);
                set.push_str(self.mark(self.open.len() - 1, Side::Open));
            }
            (Some(Role::Close), Some(depth)) => {
                set.push_str(self.mark(depth, Side::Close));
                self.open.truncate(depth);
            }
            (Some(Role::Prime), _) => set.push('\''),
            (Some(Role::Close | Role::Apostrophe) | None, _) => set.push(APOSTROPHE),
        }
        self.at += 1;
    }

    /// The mark of the quotation inside `depth` others: outer and inner marks take turns. Where
    /// single marks are the outermost, the turns start with the inner ones.
    fn mark(&self, depth: usize, side: Side) -> &'static str {
        let [outer_open, outer_close, inner_open, inner_close] = self.typographer.labels.quotes;
        let begins_inner = self.open.first() == Some(&Quote::Single);
        match ((depth + usize::from(begins_inner)).is_multiple_of(2), side) {
            (true, Side::Open) => outer_open,
            (true, Side::Close) => outer_close,
            (false, Side::Open) => inner_open,
            (false, Side::Close) => inner_close,
        }
    }

    /// Two or three hyphens, or three full stops. `left`: characters to the
    /// end of this text.
    fn repeated(&mut self, c: char, left: usize, set: &mut String) {
        let count = (0..left).take_while(|ahead| self.peek(*ahead) == Some(c)).count().max(1);
        let after = self.peek(count);
        // `--option`, as on a command line, is no dash.
        let is_option = self.before().is_none_or(|c| c.is_whitespace() || is_opening(c))
            && after.is_some_and(char::is_alphanumeric);
        match (c, count) {
            ('-', 2) if !is_option => set.push(EN_DASH),
            ('-', 3) if !is_option => set.push(EM_DASH),
            ('.', 3) => set.push(ELLIPSIS),
            _ => set.extend(std::iter::repeat_n(c, count)),
        }
        self.at += count;
    }

    /// The space at this place: it does not break before high punctuation and
    /// inside guillemets.
    fn french_space(&self) -> char {
        match (self.before(), self.peek(1)) {
            (Some('«'), _) | (_, Some('»' | ':')) => NO_BREAK_SPACE,
            (_, Some(';' | '!' | '?')) => NARROW_NO_BREAK_SPACE,
            _ => ' ',
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Open,
    Close,
}

/// Whether a quotation can begin right after a character.
pub(super) fn is_opening(c: char) -> bool {
    matches!(c, '(' | '[' | '{' | '/' | '-' | EN_DASH | EM_DASH | '“' | '‘' | '«' | '„' | '‚' | '"' | '\'' | '¿' | '¡')
        || matches!(c, NO_BREAK_SPACE | NARROW_NO_BREAK_SPACE)
}

#[cfg(test)]
mod tests {
    use super::Typographer;

    fn english(text: &str) -> String {
        Typographer::for_language("en").set_text(text)
    }

    #[test]
    fn quotation_marks_follow_their_place() {
        assert_eq!(english(r#"He said "no" twice."#), "He said “no” twice.");
        assert_eq!(english(r#""He said 'no' to it.""#), "“He said ‘no’ to it.”");
        assert_eq!(english(r#"("quoted") and—"again"—"#), "(“quoted”) and—“again”—");
        assert_eq!(english(r#"a "b "c" d" e"#), "a “b “c” d” e".replace("“c” d”", "‘c’ d”"));
    }

    #[test]
    fn apostrophes_are_no_quotations() {
        assert_eq!(english("The EU's the '90s and dogs' tails"), "The EU’s the ’90s and dogs’ tails");
        assert_eq!(english("a 'word' isn't"), "a ‘word’ isn’t");
        assert_eq!(english("6' 2\" tall"), "6' 2\" tall");
    }

    #[test]
    fn marks_take_turns_whichever_is_the_outer_one() {
        assert_eq!(english(r#"'He said "no" to it.'"#), "‘He said “no” to it.’");
        assert_eq!(english(r#"'a "b 'c' d" e'"#), "‘a “b ‘c’ d” e’");
        assert_eq!(english(r#""He said 'no'""#), "“He said ‘no’”");
        assert_eq!(Typographer::for_language("de").set_text(r#"'a "b" c'"#), "‚a „b“ c‘");
    }

    #[test]
    fn an_elision_swallows_nothing() {
        assert_eq!(english("'Twixt cup and lip. The dogs' home."), "’Twixt cup and lip. The dogs’ home.");
        assert_eq!(english("'Tis said 'no' again, rock 'n' roll."), "’Tis said ‘no’ again, rock ’n’ roll.");
        assert_eq!(english("'Oo said it? He said 'no' twice."), "’Oo said it? He said ‘no’ twice.");
        assert_eq!(english("'Visit the dogs' home' she said"), "‘Visit the dogs’ home’ she said");
        assert_eq!(english("the 'dogs' home"), "the ‘dogs’ home");
        assert_eq!(english("'in 1990' and in '90, '68 and the '80s"), "‘in 1990’ and in ’90, ’68 and the ’80s");
        assert_eq!(english(r#""a 6" pipe" and 6' 2" tall"#), "“a 6\" pipe” and 6' 2\" tall");
        assert_eq!(Typographer::for_language("nl").set_text("'s Morgens in 't huis 'x'"), "’s Morgens in ’t huis “x”");
        assert_eq!(Typographer::for_language("it").set_text("l'\"atto\" dell'anno"), "l’«atto» dell’anno");
        assert_eq!(
            Typographer::for_language("fr").set_text("\"L'\"acte\" dit\" non"),
            "«\u{a0}L’“acte” dit\u{a0}» non"
        );
    }

    #[test]
    fn words_written_together_are_parted_by_their_marks() {
        assert_eq!(Typographer::for_language("ar").set_text("قال \"نعم\" و\"لا\"."), "قال «نعم» و«لا».");
        assert_eq!(english("un\"quoted\" words, and an end\"ing"), "un“quoted” words, and an end”ing");
    }

    #[test]
    fn dashes_and_ellipses() {
        assert_eq!(english("1990--2000 and so on --- yes -- wait..."), "1990–2000 and so on — yes – wait…");
        assert_eq!(english("chancery build --to pdf ---- ...."), "chancery build --to pdf ---- ....");
    }
}
