//! The DocBook 5.2 edition: one `<article>` for each document, valid against
//! the RELAX NG grammar and the Schematron rules.
//!
//! The file is self-contained: pictures are in it as `data:` addresses. What front
//! matter says is in `<info>` for machines, and once more, with the labels and
//! in the order of every other edition, in the sidebar
//! `role="document-control"` for readers. A collection's landing page is an
//! article too: a `<set>` holds its members, and ours are files of their own,
//! so it links to them instead.
//!
//! What DocBook forbids or lacks is written so that no word is lost:
//!
//! | construct | written as |
//! |---|---|
//! | admonition in an admonition or a footnote | `<blockquote role="warning">` with the admonition's name as title |
//! | panel in a panel or a footnote | `<blockquote role="box">` with its title |
//! | numbered table in a footnote or figure, table without a number | caption as `<para role="caption">`, then `<informaltable>` |
//! | numbered figure in a footnote, table or figure | `<informalfigure>`, then caption as `<para role="caption">` |
//! | table in a table's cell | `<itemizedlist role="table">`, an item for each row |
//! | footnote in a footnote | a number in the text; the note's paragraphs follow in the outer footnote |
//! | footnote that nothing refers to | `<colophon role="notes">` at the end |
//! | heading inside a quotation, list, panel or cell | `<bridgehead>` |
//! | text after a section of its own level | part of the section before it |
//! | annex before a section, or inside one | `<section role="annex">` |
//! | number of a paragraph, name of a panel | `<phrase role="number">`, part of the title |
//! | line break | `<?asciidoc-br?>` and a line ending |
//! | thematic break, page break | `<?asciidoc-hr?>`, `<?asciidoc-pagebreak?>` |
//! | task boxes | `☐` and `☒` before the words, `role` on the item |
//! | strikethrough, highlight, underline | `<emphasis>` with that `role` |
//! | inserted, deleted, small text | `<phrase>` with `revisionflag` or `role` |
//! | code, key, term or work's title in super- or subscript or an abbreviation | `<phrase>` with that `role` |
//! | group of blocks with a language, class or id | those go to each block, the id to the first |
//! | header cell that heads a row | `<entry role="header" scope="row">` |
//!
//! The processing instructions are those of Asciidoctor, which pandoc and
//! common style sheets know.

mod block;
mod equation;
mod info;
mod inline;
mod listing;
mod structure;
mod table;
#[cfg(test)]
mod tests;
mod writer;
mod xml;

use crate::resolve::Resolved;

/// Makes the edition.
pub fn emit(document: &Resolved) -> String {
    structure::article(document)
}
