//! Tables in HTML with empty lines in them.
//!
//! An empty line ends a block of HTML (CommonMark 0.31.2, 4.6), and what is indented after it is
//! code. A row that is indented there is meant as a row.

/// Looks for the parts of tables that would be code, line by line.
#[derive(Default)]
pub struct HtmlTables {
    /// The byte up to which the table reaches that is open.
    until: usize,
    /// Whether no table ends any more.
    none_ends: bool,
    /// The mark of the fence of code that is open.
    fence: Option<char>,
}

/// Columns that make code of a line (CommonMark 0.31.2, 4.4).
const INDENT: usize = 4;
const MARK_LENGTH: usize = 3;

impl HtmlTables {
    /// How many bytes at the start of a line are indentation that would make code of a part
    /// of a table. `rest` is the source from that line on, which starts at a byte.
    pub fn indentation(&mut self, line: &str, rest: &str, start: usize) -> usize {
        let words = line.trim_start_matches([' ', '\t']);
        let lead = line.len() - words.len();
        let is_deep = line.get(..lead).is_some_and(|lead| lead.contains('\t')) || lead >= INDENT;
        let mark = ['`', '~'].into_iter().find(|mark| words.chars().take_while(|c| c == mark).count() >= MARK_LENGTH);
        if let Some(mark) = mark.filter(|mark| self.fence.is_none_or(|open| open == *mark)) {
            self.fence = if self.fence.is_some() { None } else { Some(mark) };
        } else if self.fence.is_some() {
        } else if start < self.until {
            return if is_deep && is_part(words) { lead } else { 0 };
        } else if !is_deep && begins(words, "<table") && !self.none_ends {
            match rest.find("</table").or_else(|| rest.find("</TABLE")) {
                Some(length) => self.until = start + length + 1,
                None => self.none_ends = true,
            }
        }
        0
    }
}

/// Whether a line starts with a tag of a table's part.
fn is_part(line: &str) -> bool {
    const PARTS: [&str; 10] = ["table", "caption", "colgroup", "col", "thead", "tbody", "tfoot", "tr", "th", "td"];
    let Some(tag) = line.strip_prefix('<') else { return false };
    let tag = tag.strip_prefix('/').unwrap_or(tag);
    let name = tag.get(..tag.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(tag.len())).unwrap_or_default();
    PARTS.iter().any(|part| part.eq_ignore_ascii_case(name))
}

fn begins(line: &str, tag: &str) -> bool {
    line.get(..tag.len()).is_some_and(|start| start.eq_ignore_ascii_case(tag))
}
