//! Captions: what they are of, a number that Word counts, and their words.

use super::style::{Role, Style};
use super::writer::Writer;
use crate::language::fill;
use crate::resolve::{Label, RInline, Side};
use std::collections::BTreeMap;

/// How a number is counted by a field `SEQ`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sequence {
    /// Name of the sequence: one word, in the document's language.
    pub name: String,
    /// The instruction of the field.
    pub instruction: String,
}

/// Current numbers of the `SEQ` fields.
#[derive(Debug, Default)]
pub struct Sequences {
    counts: BTreeMap<String, u32>,
    /// Current numbers in the earlier version, for a redline.
    counts_before: BTreeMap<String, u32>,
}

impl Sequences {
    /// How the next number of a name is counted in the versions that have it; `None` for one
    /// that is no number.
    pub fn next(&mut self, label: &Label, side: Option<Side>) -> Option<Sequence> {
        let number: u32 = label.number.parse().ok()?;
        if !label.text.contains(&label.number) {
            return None;
        }
        let name = sequence_name(&label.name);
        if side.is_none() {
            *self.counts_before.entry(name.clone()).or_default() += 1;
        }
        let counts = if side == Some(Side::Old) { &mut self.counts_before } else { &mut self.counts };
        let count = counts.entry(name.clone()).or_default();
        let expected = count.saturating_add(1);
        *count = number;
        let restart = if number == expected { String::new() } else { format!(" \\r {number}") };
        let instruction = format!(" SEQ {name} \\* ARABIC{restart} ");
        Some(Sequence { name, instruction })
    }
}

/// The name of the sequence for a label.
pub fn sequence_name(name: &str) -> String {
    name.chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect()
}

impl Writer<'_> {
    /// The paragraph of a caption, where there is one. `above` what it is of, it
    /// stays with that.
    pub fn caption(&mut self, label: Option<&Label>, content: Option<&[RInline]>, id: Option<&str>, above: bool) {
        let content = content.unwrap_or_default();
        if label.is_none() && content.is_empty() {
            return self.pending.extend(id.map(str::to_owned));
        }
        let style = self.style(Role::Caption);
        self.keep_next = above;
        self.text_changed(content, |w| w.paragraph(style, |w| w.labelled(label, content, id)));
    }

    /// The title of a panel that is counted.
    pub fn counted_title(&mut self, style: Style, label: &Label, content: &[RInline], id: Option<&str>) {
        self.text_changed(content, |w| w.paragraph(style, |w| w.labelled(Some(label), content, id)));
    }

    /// "Table 3: Steps". A bookmark is around the label alone, so that fields that refer to it show
    /// it.
    fn labelled(&mut self, label: Option<&Label>, content: &[RInline], id: Option<&str>) {
        let Some(label) = label else {
            self.mark_place(id);
            return self.inlines(content);
        };
        let pattern = self.document.language.labels.label_value;
        let (before, behind) = match content {
            [] => (String::new(), String::new()),
            _ => {
                let pattern = fill(pattern, &["\u{0}", "\u{1}"]);
                let (before, rest) = pattern.split_once('\u{0}').unwrap_or_default();
                let (between, _) = rest.split_once('\u{1}').unwrap_or((rest, ""));
                (before.to_owned(), between.to_owned())
            }
        };
        self.text(&before);
        self.bookmark(id, |w| w.label(label));
        self.text(&behind);
        self.inlines(content);
    }

    fn label(&mut self, label: &Label) {
        let sequence = self.sequences.next(label, self.side());
        match (sequence, label.text.split_once(&label.number)) {
            (Some(sequence), Some((before, behind))) => {
                self.text(before);
                self.field(&sequence.instruction, |w| w.text(&label.number));
                self.text(behind);
            }
            _ => self.text(&label.text),
        }
    }
}
