//! What a cross-reference says.

use super::number::Anchor;
use super::typography::Typographer;

/// How much a reference says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// "Section 2"; the title in quotation marks where there is no number.
    Label,
    /// "Section 2, “Borders”".
    WithTitle,
}

/// The words of a reference; `None` where there is nothing to say.
pub fn words(anchor: &Anchor, style: Style, typographer: &Typographer) -> Option<String> {
    let quoted = |title: &String| typographer.quote(&typographer.words(title));
    let title = anchor.title.as_ref().filter(|title| !title.trim().is_empty());
    match (&anchor.label, title, style) {
        (Some(label), Some(title), Style::WithTitle) => Some(format!("{}, {}", label.text, quoted(title))),
        (Some(label), _, _) => Some(label.text.clone()),
        (None, Some(title), _) => Some(quoted(title)),
        (None, None, _) => None,
    }
}
