//! Has what a short document needs of the program lie together in its file: the system maps
//! files in pieces, and would map nearly all of it for functions that are strewn over it.
//! And has gcc's unwinder in it, which the system need not find and link at every start then.
//!
//! Only the order and the place are others; where the linker may be one that does not know such
//! scripts, nothing is asked of it. `benches/compare/order.py` writes the list anew.

use std::env::{var, var_os};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{fs, io};

/// Functions by their names without what the compiler makes unique of them.
const LIST: &str = "assets/order.txt";

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed={LIST}");
    println!("cargo::rerun-if-env-changed=RUSTC_LINKER");
    if !is_wanted() {
        return Ok(());
    }
    let mut script = "SECTIONS { .text.first : {\n".to_owned();
    for name in fs::read_to_string(LIST)?.lines() {
        // Functions that are seldom called have sections of another name.
        writeln!(script, "*(.text.{name} .text.unlikely.{name})").map_err(io::Error::other)?;
    }
    script += "} } INSERT BEFORE .text;\n";
    let path = Path::new(&var_os("OUT_DIR").unwrap_or_default()).join("order.ld");
    fs::write(&path, script)?;
    println!("cargo::rustc-link-arg-bin=chancery=-Wl,-T,{}", path.display());
    if let Some(unwinder) = unwinder() {
        // As a whole: it comes behind the library that rustc names, which would be taken first.
        for argument in ["-Wl,--whole-archive", &unwinder.display().to_string(), "-Wl,--no-whole-archive"] {
            println!("cargo::rustc-link-arg-bin=chancery={argument}");
        }
    }
    Ok(())
}

/// The archive of what the library `libgcc_s` holds of unwinding; `None` where there is none.
fn unwinder() -> Option<PathBuf> {
    let told = Command::new("cc").arg("-print-file-name=libgcc_eh.a").output().ok()?;
    // What the compiler does not find it repeats.
    Some(PathBuf::from(String::from_utf8(told.stdout).ok()?.trim())).filter(|path| path.is_absolute() && path.is_file())
}

/// Whether the program is optimised, not to be looked into (valgrind knows the names of one
/// section), and linked by what rustc takes by itself.
fn is_wanted() -> bool {
    let is = |name: &str, value: &str| var(name).is_ok_and(|known| known == value);
    let names_linker =
        var_os("RUSTC_LINKER").is_some() || var("CARGO_ENCODED_RUSTFLAGS").is_ok_and(|flags| flags.contains("link"));
    is("PROFILE", "release")
        && is("DEBUG", "false")
        && is("TARGET", "x86_64-unknown-linux-gnu")
        && is("HOST", "x86_64-unknown-linux-gnu")
        && !names_linker
}
