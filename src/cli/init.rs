//! `chancery init`: a new project that builds at once.

use super::build::shown;
use super::failure::{Failure, Outcome};
use super::folder::{AccessError, Folder};
use super::report::say;
use crate::diagnostic::render::escape;
use crate::project::PROJECT_FILE;
use std::path::Path;

const TEMPLATE: [(&str, &str); 2] = [
    (PROJECT_FILE, include_str!("template/chancery.toml")),
    ("source/first-brief.md", include_str!("template/brief.md")),
];

/// Writes the template into a folder in which there is no project yet.
pub fn init(folder: &Path) -> Result<Outcome, Failure> {
    let root = Folder::make(folder).map_err(|error| Failure::io("make", folder, &error))?;
    if let Some((path, _)) = TEMPLATE.iter().find(|(path, _)| root.holds(path)) {
        return Err(Failure::Usage(format!("{} is there already", shown(&folder.join(path)))));
    }
    // All or nothing: a link in the folder may lead out of it.
    let failure =
        |path: &str, denied: &AccessError| Failure::Io(format!("cannot write {}: {denied}", shown(&folder.join(path))));
    for (path, _) in TEMPLATE {
        root.takes(path).map_err(|denied| failure(path, &denied))?;
    }
    for (path, text) in TEMPLATE {
        root.write(path, text.as_bytes()).map_err(|denied| failure(path, &denied))?;
        say(&format!("  {}\n", shown(&folder.join(path))));
    }
    let enter = if folder == Path::new(".") { String::new() } else { format!("cd {} && ", quoted(folder)) };
    say(&format!("now run: {enter}chancery build\n"));
    Ok(Outcome::Fine)
}

/// A folder as a shell takes it: in single quotation marks, unless no character needs quoting
/// (POSIX.1-2017, Shell Command Language, 2.2).
fn quoted(folder: &Path) -> String {
    let name = folder.to_string_lossy();
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '/' | '.' | '-' | '_' | '+' | ',' | '@' | ':');
    // A name that starts with a hyphen would be taken for an option.
    let name = if name.starts_with('-') { format!("./{name}") } else { name.into_owned() };
    if name.chars().all(is_plain) {
        return name;
    }
    format!("'{}'", escape::escape_controls(&name).replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::quoted;
    use std::path::Path;

    #[test]
    fn a_shell_takes_the_folder_for_one_word() {
        let words = ["briefs", "my briefs", "it's", "$(x)", "-rf", "été"].map(|name| quoted(Path::new(name)));
        assert_eq!(words, ["briefs", "'my briefs'", "'it'\\''s'", "'$(x)'", "./-rf", "été"]);
    }
}
