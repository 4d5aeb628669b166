//! `chancery init`: a new project that builds at once.

use super::build::shown;
use super::failure::{Failure, Outcome};
use super::folder::{Denied, Folder};
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
        return Err(Failure::Usage(format!("{} is there already", folder.join(path).display())));
    }
    // All or nothing: a link in the folder may lead out of it.
    let failure =
        |path: &str, denied: &Denied| Failure::Io(format!("cannot write {}: {denied}", folder.join(path).display()));
    for (path, _) in TEMPLATE {
        root.takes(path).map_err(|denied| failure(path, &denied))?;
    }
    for (path, text) in TEMPLATE {
        root.write(path, text.as_bytes()).map_err(|denied| failure(path, &denied))?;
        eprintln!("  {}", shown(&folder.join(path)));
    }
    let enter = if folder == Path::new(".") { String::new() } else { format!("cd {} && ", folder.display()) };
    eprintln!("now run: {enter}chancery build");
    Ok(Outcome::Fine)
}
