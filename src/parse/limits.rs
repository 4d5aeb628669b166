//! The bounds of what is parsed. A document past one of them is refused with
//! E0006, so that a damaged or hostile file costs neither minutes nor memory.

/// How deep blocks and inlines may nest, counted together, a list and its items
/// as a level each. Later stages walk the tree recursively and rely on it.
pub const NESTING: usize = 100;

/// How many headings a document may have.
pub const HEADINGS: usize = 20_000;

/// How many lines may begin as headings do, headings or not. It bounds what the
/// Markdown parser builds before the headings can be counted.
pub const HEADING_LINES: usize = 10 * HEADINGS;

/// How many bytes of front matter a document may have.
pub const FRONT_MATTER_BYTES: usize = 256 * 1024;

/// How deep values of the front matter may nest.
pub const YAML_NESTING: usize = 20;

/// How many values the front matter may hold, those that aliases repeat
/// counted each time.
pub const YAML_NODES: usize = 50_000;

/// How many bytes of text aliases of the front matter may repeat.
pub const YAML_REPEATED: usize = FRONT_MATTER_BYTES;

/// How many lines with words, and signs that may be markup, a file may have.
/// It bounds what the Markdown parser builds before anything can be counted.
pub const SIGNS: usize = 500_000;

/// How many columns or rows an HTML cell may span (HTML Standard, 4.9.11).
pub const COLUMN_SPAN: u16 = 1_000;

/// How many rows an HTML cell may span.
pub const ROW_SPAN: u16 = 65_534;

/// How far ahead a piece of text is looked for in the source when the
/// Markdown parser gives no usable place for it, in bytes.
pub const SEARCH_WINDOW: usize = 64 * 1024;
