//! The plain-text editions: the whole document, and a short form for e-mail.
//!
//! The form is that of RFC 7994 where it has a say: UTF-8, at most 72 columns,
//! ragged right, no hyphenation, no page breaks, no control characters. Only an
//! address that is longer than its line stands over, alone.
//!
//! What paper shows by looks, text says in words and signs:
//!
//! - Sections are underlined, `=` first, then `-`, `~` and `.`; panels stand
//!   between rules under their title; admonitions have a bar at their left and
//!   begin with their name; quotations have `>`.
//! - `*strong*` and `_emphasis_` as in RFCs; super- and subscript as Unicode
//!   has them, otherwise `^(…)` and `_(…)`; what was inserted or deleted in
//!   brackets with that word.
//! - A link whose words are not its address gets a mark, `[L1]`, and the
//!   address is in the list of links at the end: an address in the middle of a
//!   sentence cannot be read aloud, and would make tables too wide. References
//!   inside the document are words already.
//! - Footnotes are `[1]`, with the notes at the end.
//! - Tables are drawn. One that is too wide becomes a record for each row, each
//!   value under the name of its column; a cell that spans rows is said again
//!   in each.
//! - A line of code that is too long goes on in the next with `\` at the end of
//!   the one and the start of the other, as in RFC 8792.
//! - Of a redline, lines in which something changed have a bar in the last
//!   column.
//! - Pictures are their alternative text in brackets. Page breaks are nothing.
//! - Bidirectional text is in logical order; formatting characters that steer
//!   its display, soft hyphens and zero-width spaces are left out.

mod bars;
mod block;
mod code;
mod edition;
mod equation;
mod fill;
mod inline;
mod list;
mod record;
mod script;
mod table;
#[cfg(test)]
mod tests;

pub use edition::{emit, emit_brief};
