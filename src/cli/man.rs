//! `chancery man`: the manual pages, made from the arguments.

use super::args;
use super::failure::{Failure, Outcome};
use super::report::put;
use super::write;
use std::path::Path;

/// Prints the page of the program, or writes those of all commands into a folder.
pub fn man(folder: Option<&Path>) -> Result<Outcome, Failure> {
    let pages = args::manual()?;
    match folder {
        Some(folder) => {
            for (name, page) in &pages {
                write::write(&folder.join(name), page)?;
            }
        }
        None => {
            if let Some((_, page)) = pages.first() {
                put(page)?;
            }
        }
    }
    Ok(Outcome::Fine)
}
