//! Hyphenation that a document's language lacks (W0405).

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::language::{hyphenation, primary};
use crate::resolve::Resolved;

/// Languages whose words are not divided at the end of a line (Arabic), or for
/// which the question does not arise.
const UNDIVIDED: [&str; 10] = ["ar", "fa", "he", "ur", "ja", "ko", "th", "zh", "und", "zxx"];

/// Looks at the document's language.
pub fn check(document: &Resolved, diagnostics: &mut Diagnostics) {
    let tag = document.language.tag.as_str();
    if hyphenation(tag).is_some() || UNDIVIDED.contains(&primary(tag).as_str()) {
        return;
    }
    let message = format!("there are no hyphenation patterns for `{tag}`");
    diagnostics.push(match document.metadata.lang.as_ref().and_then(|lang| lang.span) {
        Some(span) => Diagnostic::new(Code::NoHyphenation, span, message),
        None => Diagnostic::without_place(Code::NoHyphenation, message),
    });
}
