//! `chancery init`: a new project that builds at once.

use super::build::shown;
use super::failure::{Failure, Outcome};
use super::write::write;
use crate::project::PROJECT_FILE;
use std::path::Path;

const TEMPLATE: [(&str, &str); 2] = [
    (PROJECT_FILE, include_str!("template/chancery.toml")),
    ("source/first-brief.md", include_str!("template/brief.md")),
];

/// Writes the template into a folder in which there is no project yet.
pub fn init(folder: &Path) -> Result<Outcome, Failure> {
    if let Some((path, _)) = TEMPLATE.iter().find(|(path, _)| folder.join(path).exists()) {
        return Err(Failure::Usage(format!("{} is there already", folder.join(path).display())));
    }
    for (path, text) in TEMPLATE {
        write(&folder.join(path), text.as_bytes())?;
        eprintln!("  {}", shown(&folder.join(path)));
    }
    let enter = if folder == Path::new(".") { String::new() } else { format!("cd {} && ", folder.display()) };
    eprintln!("now run: {enter}chancery build");
    Ok(Outcome::Fine)
}
