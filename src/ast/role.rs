//! Names of admonitions and panels, for programs and for readers.

use super::{AdmonitionKind, PanelRole};
use crate::language::Labels;

impl AdmonitionKind {
    /// The name that DocBook and style sheets know.
    pub fn name(self) -> &'static str {
        match self {
            AdmonitionKind::Note => "note",
            AdmonitionKind::Tip => "tip",
            AdmonitionKind::Important => "important",
            AdmonitionKind::Warning => "warning",
            AdmonitionKind::Caution => "caution",
        }
    }

    /// The word that is over it.
    pub fn label(self, labels: &Labels) -> &'static str {
        let [note, tip, important, warning, caution] = labels.admonitions;
        match self {
            AdmonitionKind::Note => note,
            AdmonitionKind::Tip => tip,
            AdmonitionKind::Important => important,
            AdmonitionKind::Warning => warning,
            AdmonitionKind::Caution => caution,
        }
    }
}

impl PanelRole {
    /// The name that style sheets know.
    pub fn name(self) -> &'static str {
        match self {
            PanelRole::KeyPoints => "key-points",
            PanelRole::Box => "box",
            PanelRole::Recommendation => "recommendation",
            PanelRole::Example => "example",
        }
    }

    /// The words that are over a panel without number and title.
    pub fn label(self, labels: &Labels) -> &'static str {
        match self {
            PanelRole::KeyPoints => labels.key_points,
            PanelRole::Box => labels.boxed,
            PanelRole::Recommendation => labels.recommendation,
            PanelRole::Example => labels.example,
        }
    }
}
