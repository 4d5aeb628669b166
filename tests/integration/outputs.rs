//! The committed editions are those that the sources make.

use crate::support::crate_path;
use std::process::Command;

#[test]
fn outputs_hold_every_edition() {
    if !crate_path("outputs/manifest.json").exists() {
        return;
    }
    let run = Command::new(env!("CARGO_BIN_EXE_chancery"))
        .args(["build", "--locked", "--message-format", "short", "--project"])
        .arg(crate_path(""))
        .env_remove("SOURCE_DATE_EPOCH")
        .output()
        .unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
}

/// The handbook's table of codes is a file, so that writers can see it; this
/// holds it to the program.
#[test]
fn the_handbook_lists_every_code() {
    let mut expected = "Code,Severity,What is wrong\n".to_owned();
    for code in chancery::diagnostic::Code::ALL {
        let severity = format!("{:?}", code.severity()).to_lowercase();
        let title = code.title();
        let quote = if title.contains(',') { "\"" } else { "" };
        expected += &format!("{},{severity},{quote}{title}{quote}\n", code.as_str());
    }
    let listed = std::fs::read_to_string(crate_path("source/handbook/codes.csv")).unwrap();
    assert_eq!(listed, expected);
}
