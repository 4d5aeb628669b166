//! Formulas on the page, set by the MATH table of their font as TeX sets them (OpenType 1.9,
//! MATH; The TeXbook, appendix G): [`font`] reads the table, [`typeset`] puts boxes
//! ([`frame`]) together from the parts of a formula.

mod accent;
mod font;
mod fraction;
mod frame;
mod root;
mod scripts;
mod sign;
mod space;
mod table;
#[cfg(test)]
mod tests;
mod typeset;

pub use font::MathFont;
pub use frame::MathBox;
pub use typeset::{display, displayed, inline, joined};
