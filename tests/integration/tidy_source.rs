//! Rust sources as the tidy test reads them: without comments, string
//! literals and test modules.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// One file.
pub struct Source {
    /// Under the folder that was read, with `/`.
    pub path: String,
    pub text: String,
    /// The text with comments and the insides of literals blanked and test
    /// modules cut off. Lines keep their numbers.
    pub code: String,
}

/// All Rust files under a folder of the project, in order.
pub fn read(folder: &str) -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut sources: Vec<Source> = Vec::new();
    for file in Source::files(folder, &["rs"]) {
        let path = file.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
        let text = std::fs::read_to_string(&file).unwrap();
        let code = without_tests(&blanked(&text));
        sources.push(Source { path, text, code });
    }
    let tests: Vec<String> = sources.iter().flat_map(Source::test_files).collect();
    for source in &mut sources {
        if tests.iter().any(|test| source.path == format!("{test}.rs") || source.path.starts_with(&format!("{test}/")))
        {
            source.code.clear();
        }
    }
    sources
}

impl Source {
    /// Files under a folder of the project with one of these endings, in order.
    pub fn files(folder: &str, endings: &[&str]) -> Vec<PathBuf> {
        let mut files = Vec::new();
        let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(&folder).into_iter().flatten() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|ending| endings.iter().any(|wanted| ending == *wanted)) {
                    files.push(path);
                }
            }
        }
        files.sort();
        files
    }

    /// Modules that are compiled for tests only: their files, without `.rs`.
    fn test_files(&self) -> Vec<String> {
        let folder = match self.path.rsplit_once('/') {
            Some((folder, "mod.rs")) => folder.to_owned(),
            _ => self.path.trim_end_matches(".rs").to_owned(),
        };
        // Lints may be allowed between the mark and the module.
        let after = self.text.split("#[cfg(test)]").skip(1).map(|rest| {
            let rest = rest.trim_start();
            if rest.starts_with("#[allow") {
                rest.split_once(']').map_or(rest, |(_, module)| module.trim_start())
            } else {
                rest
            }
        });
        let names = after.filter_map(|rest| rest.strip_prefix("mod ")?.split_once(';'));
        names.filter(|(name, _)| !name.contains('{')).map(|(name, _)| format!("{folder}/{name}")).collect()
    }

    /// The part of the house it belongs to.
    pub fn room(&self) -> &str {
        let first = self.path.split('/').next().unwrap();
        first.trim_end_matches(".rs")
    }

    /// Rooms named in `crate::…` paths.
    pub fn rooms_used(&self) -> BTreeSet<String> {
        let mut rooms = BTreeSet::new();
        for (_, rest) in self.after("crate::") {
            match rest.strip_prefix('{') {
                None => rooms.extend([identifier(rest)]),
                Some(group) => rooms.extend(top_level_names(group)),
            }
        }
        rooms.into_iter().filter(|room| !room.is_empty()).map(str::to_owned).collect()
    }

    /// Files beside it named in `super::…` paths.
    pub fn files_used(&self) -> BTreeSet<String> {
        let outside = self.after("super::").filter(|(before, _)| !before.ends_with("::"));
        outside.map(|(_, rest)| identifier(rest).to_owned()).filter(|name| !name.is_empty()).collect()
    }

    /// Whether a path begins with a foreign crate's name.
    pub fn uses_crate(&self, name: &str) -> bool {
        self.after(name).any(|(before, rest)| {
            let free = !before.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | ':' | '.'));
            free && rest.starts_with("::")
        })
    }

    /// Numbers of the lines that hold a word, from 1.
    pub fn lines_with(&self, word: &str) -> Vec<usize> {
        self.code.lines().enumerate().filter(|(_, line)| line.contains(word)).map(|(index, _)| index + 1).collect()
    }

    /// A line of the code, from 1.
    pub fn line(&self, number: usize) -> &str {
        self.code.lines().nth(number - 1).unwrap_or_default()
    }

    /// Public items without a doc comment: line and item.
    pub fn undocumented(&self) -> Vec<(usize, String)> {
        const KINDS: [&str; 9] =
            ["fn ", "const fn ", "struct ", "enum ", "trait ", "type ", "const ", "static ", "union "];
        let mut found = Vec::new();
        let mut documented = false;
        for (index, (line, code)) in self.text.lines().zip(self.code.lines()).enumerate() {
            let line = line.trim();
            if line.starts_with("///") {
                documented = true;
                continue;
            }
            let item = code.trim().strip_prefix("pub ");
            if !documented && item.is_some_and(|item| KINDS.iter().any(|kind| item.starts_with(kind))) {
                found.push((index + 1, line.to_owned()));
            }
            // Attributes stand between the comment and the item.
            documented = documented && (line.starts_with("#[") || line.ends_with(")]") || line.starts_with("//"));
        }
        found
    }

    /// Functions with a body: line, name and number of lines. Each ends where a brace is
    /// as far indented as its first line, as rustfmt has it.
    pub fn functions(&self) -> Vec<(usize, &str, usize)> {
        let lines: Vec<&str> = self.code.lines().collect();
        let mut found = Vec::new();
        for (at, line) in lines.iter().enumerate() {
            let rest = line.trim_start();
            let Some(named) = ["fn ", "const fn "].iter().find_map(|word| without_visibility(rest).strip_prefix(word))
            else {
                continue;
            };
            let indent = &line[..line.len() - rest.len()];
            let is_end = |line: &&str| line.strip_prefix(indent).is_some_and(|end| end.trim_end() == "}");
            let length = match line.trim_end() {
                whole if whole.ends_with('}') || whole.ends_with(';') => 1,
                _ => lines[at..].iter().position(is_end).map_or(1, |end| end + 1),
            };
            found.push((at + 1, identifier(named), length));
        }
        found
    }

    fn after<'a>(&'a self, word: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.code.match_indices(word).map(move |(at, _)| (&self.code[..at], &self.code[at + word.len()..]))
    }
}

/// An item without `pub` or `pub(…)` before it.
fn without_visibility(item: &str) -> &str {
    let Some(rest) = item.strip_prefix("pub") else { return item };
    let rest = rest.strip_prefix('(').and_then(|rest| rest.split_once(')')).map_or(rest, |(_, rest)| rest);
    rest.trim_start()
}

fn identifier(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    &text[..end]
}

/// The first names of the paths in `{a::b, c::{d, e}}`, without the opening brace.
fn top_level_names(group: &str) -> Vec<&str> {
    let mut names = Vec::new();
    let mut depth = 0;
    let mut start = 0;
    for (at, character) in group.char_indices() {
        match character {
            '{' => depth += 1,
            '}' if depth == 0 => {
                names.push(identifier(group[start..at].trim_start()));
                break;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                names.push(identifier(group[start..at].trim_start()));
                start = at + 1;
            }
            _ => {}
        }
    }
    names
}

/// Blanks comments and the insides of literals, keeping lines.
fn blanked(text: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    let mut code = String::with_capacity(text.len());
    let mut at = 0;
    let look = |at: usize| characters.get(at).copied().unwrap_or('\0');
    while at < characters.len() {
        let end = match (look(at), look(at + 1)) {
            ('/', '/') => find(&characters, at, |rest| rest[0] == '\n'),
            ('/', '*') => find(&characters, at + 2, |rest| rest.starts_with(&['*', '/'])) + 2,
            ('r', '"' | '#')
                if !is_word(at.checked_sub(1).map_or(' ', look)) && raw_hashes(&characters, at).is_some() =>
            {
                let hashes = raw_hashes(&characters, at).unwrap();
                let close: Vec<char> = std::iter::once('"').chain(std::iter::repeat_n('#', hashes)).collect();
                find(&characters, at + hashes + 2, |rest| rest.starts_with(&close)) + hashes + 1
            }
            ('"', _) => string_end(&characters, at),
            ('\'', '\\') => find(&characters, at + 3, |rest| rest[0] == '\'') + 1,
            ('\'', _) if look(at + 2) == '\'' => at + 3,
            _ => {
                code.push(look(at));
                at += 1;
                continue;
            }
        };
        let end = end.min(characters.len());
        code.extend(characters[at..end].iter().filter(|character| **character == '\n'));
        code.push(' ');
        at = end;
    }
    code
}

fn find(characters: &[char], from: usize, is_end: impl Fn(&[char]) -> bool) -> usize {
    (from..characters.len()).find(|at| is_end(&characters[*at..])).unwrap_or(characters.len())
}

fn string_end(characters: &[char], start: usize) -> usize {
    let mut at = start + 1;
    while at < characters.len() && characters[at] != '"' {
        at += if characters[at] == '\\' { 2 } else { 1 };
    }
    at + 1
}

/// How many `#` open a raw string at `at`, if one does.
fn raw_hashes(characters: &[char], at: usize) -> Option<usize> {
    let hashes = characters[at + 1..].iter().take_while(|character| **character == '#').count();
    (characters.get(at + 1 + hashes) == Some(&'"')).then_some(hashes)
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// Cuts what stands behind `#[cfg(test)]`: the item or module that follows.
fn without_tests(code: &str) -> String {
    let mut kept = String::new();
    let mut rest = code;
    while let Some(at) = rest.find("#[cfg(test)]") {
        let (before, after) = rest.split_at(at);
        kept.push_str(before);
        let end = item_end(after);
        kept.extend(after[..end].chars().filter(|character| *character == '\n'));
        rest = &after[end..];
    }
    kept.push_str(rest);
    kept
}

/// Where the first item of a text ends: at its `;` or its closing brace.
fn item_end(text: &str) -> usize {
    let mut depth = 0_i32;
    for (at, character) in text.char_indices() {
        match character {
            '{' => depth += 1,
            '}' => {
                depth -= 1;
                if depth == 0 {
                    return at + 1;
                }
            }
            ';' if depth == 0 => return at + 1,
            _ => {}
        }
    }
    text.len()
}

#[test]
fn literals_and_comments_are_no_code() {
    let code = blanked("a(\"panic!( \\\" // x\"); // todo!(\nb('\"', r#\"x\"y\"#, 'c: 'a'); /* z\n */ c");
    assert_eq!(code.split_whitespace().collect::<String>(), "a();b(,,'c:);c");
    assert_eq!(code.lines().count(), 3);
    assert_eq!(without_tests("a\n#[cfg(test)]\nmod tests { fn x() {} }\nb"), "a\n\n\nb");
}
