//! The words of cross-references: labels and titles of their targets.

use super::inline::{RunKind, RunLowering};
use super::number::Anchor;
use crate::ast::{Inline, InlineKind, Parsed, Run, plain_text};
use crate::diagnostic::Code;
use std::cell::OnceCell;

/// How much a reference says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// "Section 2"; the title in quotation marks where there is no number.
    Label,
    /// "Section 2, “Borders”".
    WithTitle,
}

/// A title as written, and its words.
#[derive(Debug, Clone)]
pub struct Words {
    content: Run<Parsed>,
    /// The language it is set in, where that is not the document's.
    lang: Option<String>,
    /// Its words, computed at first use.
    said: OnceCell<String>,
    /// Its words without the titles that it quotes itself.
    bare: OnceCell<String>,
}

impl Words {
    /// The words of a title.
    pub fn new(content: Run<Parsed>, lang: Option<String>) -> Self {
        Words { content, lang, said: OnceCell::new(), bare: OnceCell::new() }
    }
}

impl RunLowering<'_> {
    /// The words of a reference in a run of a kind; `None` if there are none. In titles a reference
    /// leaves out the titles quoted by the other title, so that cycles end.
    pub fn reference_words(&mut self, anchor: &Anchor, style: Style, place: RunKind) -> Option<String> {
        let label = anchor.label.as_ref().map(|label| label.text.as_str());
        if let (Some(label), Style::Label) = (label, style) {
            return Some(label.to_owned());
        }
        let in_title = matches!(place, RunKind::Heading | RunKind::Caption);
        let title = anchor.title.as_ref().map(|title| self.title_words(title, in_title));
        let title = title.filter(|title| !title.trim().is_empty()).map(|title| self.typographer.quote(title.trim()));
        match (label, title) {
            (Some(label), Some(title)) => Some(format!("{label}, {title}")),
            (Some(label), None) => Some(label.to_owned()),
            (None, title) => title,
        }
    }

    fn title_words(&mut self, title: &Words, bare: bool) -> String {
        let known = if bare { &title.bare } else { &title.said };
        if let Some(words) = known.get() {
            return words.clone();
        }
        let lang = title.lang.clone().unwrap_or_else(|| self.language.tag.clone());
        let outer = self.enter_language(Some(&lang));
        let was = std::mem::replace(&mut self.only_labels, bare);
        let words = self.quoted(title.content.to_vec(), RunKind::Heading);
        self.only_labels = was;
        self.leave_language(outer);
        known.get_or_init(|| words).clone()
    }

    /// The words of a run as others quote it, without notes. Its problems are reported at the run
    /// itself.
    pub fn quoted(&mut self, mut content: Vec<Inline<Parsed>>, place: RunKind) -> String {
        without_notes(&mut content);
        let known = std::mem::take(self.diagnostics);
        let quoting = std::mem::replace(&mut self.quoting, true);
        let words = plain_text(&self.run(content, place));
        self.quoting = quoting;
        let mut found = std::mem::replace(self.diagnostics, known);
        // A limit is reported once per document.
        found.retain(|problem| problem.code == Code::LimitExceeded);
        self.diagnostics.append(found);
        words
    }
}

/// Takes notes out of a run; of pictures their words stay.
fn without_notes(content: &mut Vec<Inline<Parsed>>) {
    content.retain(|inline| !matches!(inline.kind, InlineKind::Note(_)));
    for inline in content {
        if let InlineKind::Image(image) = &mut inline.kind {
            inline.kind = InlineKind::Text(image.alt.take().unwrap_or_default());
        } else if let Some(children) = inline.kind.children_mut() {
            without_notes(children);
        }
    }
}
