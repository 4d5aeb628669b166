//! Formulas: their signs in a line.

use super::Reader;
use crate::diagnostic::Code;
use crate::import::marks::{Bit, Mark};
use crate::import::xml::Element;

impl Reader<'_> {
    /// A formula, as the signs in it.
    pub(super) fn math(&mut self, math: &Element, marks: &[Mark]) {
        if self.is_withheld() {
            return;
        }
        let mut signs = Vec::new();
        math.all("m:t", &mut signs);
        let text: String = signs.iter().map(|sign| sign.text()).collect();
        let message = "a formula is a line of its signs now";
        self.losses.add(Code::Simplified, self.serial, message, Some("write it in LaTeX: $`a^2 + b^2`$"));
        self.emit(Bit::Text(text), marks);
    }
}
