//! The writer's editor, started by a click.

use crate::cli::failure::Failure;
use std::path::Path;
use std::process::{Command, Stdio};

/// A command with placeholders for file, line and column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Editor {
    words: Vec<String>,
}

impl Editor {
    /// Parses a command with the quotation marks of a shell, and no other shell syntax.
    ///
    /// # Errors
    /// If a quotation is open, or there is no placeholder for the file.
    pub fn parse(command: &str) -> Result<Editor, Failure> {
        let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None);
        for c in command.chars() {
            match (c, quote) {
                ('\'' | '"', None) => {
                    quote = Some(c);
                    word.get_or_insert_default();
                }
                (_, Some(open)) if open == c => quote = None,
                (_, None) if c.is_whitespace() => words.extend(word.take()),
                _ => word.get_or_insert_default().push(c),
            }
        }
        words.extend(word);
        if quote.is_some() || !words.iter().skip(1).any(|word| word.contains("{file}")) {
            let example = "such as --editor 'code -g {file}:{line}:{column}'";
            return Err(Failure::Usage(format!("{command:?} does not say where the file goes\n{example}")));
        }
        Ok(Editor { words })
    }

    /// The words of the command for a position.
    fn filled(&self, file: &Path, line: usize, column: usize) -> Vec<String> {
        let fill = |word: &String| {
            // The file comes last: its name may contain what looks like a placeholder.
            let word = word.replace("{line}", &line.to_string()).replace("{column}", &column.to_string());
            word.replace("{file}", &file.to_string_lossy())
        };
        self.words.iter().map(fill).collect()
    }

    /// Starts it at a position without waiting for it.
    ///
    /// # Errors
    /// If it cannot be started.
    pub fn open(&self, file: &Path, line: usize, column: usize) -> std::io::Result<()> {
        let words = self.filled(file, line, column);
        let Some((program, arguments)) = words.split_first() else { return Ok(()) };
        let mut command = Command::new(program);
        command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = command.spawn()?;
        std::thread::spawn(move || child.wait());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Editor;
    use std::path::Path;

    #[test]
    fn a_command_is_split_at_spaces_and_not_in_quotations() {
        let editor = Editor::parse("'my editor' -g \"{file}:{line}\":{column}").unwrap();
        assert_eq!(editor.filled(Path::new("/a b/{line}.md"), 3, 5), ["my editor", "-g", "/a b/{line}.md:3:5"]);
    }

    #[test]
    fn a_command_names_the_file() {
        assert!(Editor::parse("code -g {line}").is_err());
        assert!(Editor::parse("{file}").is_err());
        assert!(Editor::parse("code '{file}").is_err());
    }
}
