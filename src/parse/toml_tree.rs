//! TOML as the tree that the front matter is read from.

use super::limits;
use super::yaml::{Entry, IsLimit, Yaml, YamlError, YamlKind};
use crate::source::{FileId, Span};
use toml::de::{DeTable, DeValue};

/// Reads the TOML in `text`, which starts at byte `base` of the file.
///
/// # Errors
/// Where the text is not TOML or nests too deep.
pub fn read(file: FileId, text: &str, base: usize) -> Result<Yaml, YamlError> {
    let reader = Reader { file, base };
    let whole = reader.span(0..text.len());
    let table = DeTable::parse(text).map_err(|error| YamlError {
        message: error.message().trim_end_matches('.').to_owned(),
        span: error.span().map_or(whole, |range| reader.span(range)),
        is_limit: IsLimit::No,
    })?;
    reader.table(table.get_ref(), whole, 0)
}

struct Reader {
    file: FileId,
    base: usize,
}

impl Reader {
    fn span(&self, range: std::ops::Range<usize>) -> Span {
        Span::new(self.file, self.base + range.start, self.base + range.end)
    }

    fn table(&self, table: &DeTable, span: Span, depth: usize) -> Result<Yaml, YamlError> {
        let mut entries = Vec::with_capacity(table.len());
        for (key, value) in table {
            let value_span = self.span(value.span());
            let value = self.value(value.get_ref(), value_span, depth + 1)?;
            entries.push(Entry { key: key.get_ref().to_string(), key_span: self.span(key.span()), value });
        }
        entries.sort_by_key(|entry| entry.key_span);
        Ok(Yaml { kind: YamlKind::Map(entries), span })
    }

    fn value(&self, value: &DeValue, span: Span, depth: usize) -> Result<Yaml, YamlError> {
        if depth > limits::YAML_NESTING {
            let message = format!("values nest deeper than {} levels", limits::YAML_NESTING);
            return Err(YamlError { message, span, is_limit: IsLimit::Yes });
        }
        let text = |text: String| Ok(Yaml { kind: YamlKind::Scalar(text), span });
        match value {
            DeValue::String(value) => text(value.to_string()),
            DeValue::Integer(value) => text(value.to_string()),
            DeValue::Float(value) => text(value.to_string()),
            DeValue::Boolean(value) => text(value.to_string()),
            DeValue::Datetime(value) => text(value.to_string()),
            DeValue::Array(items) => {
                let items = items.iter().map(|item| self.value(item.get_ref(), self.span(item.span()), depth + 1));
                Ok(Yaml { kind: YamlKind::List(items.collect::<Result<_, _>>()?), span })
            }
            DeValue::Table(table) => self.table(table, span, depth),
        }
    }
}
