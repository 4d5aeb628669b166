//! The habits of a well-mannered tool: variables, manual pages, timings.

use crate::sandbox::Sandbox;

fn project() -> Sandbox {
    Sandbox::with(&[("chancery.toml", ""), ("source/note.md", "# A note\n\nWords.\n")])
}

#[test]
fn options_are_read_from_variables() {
    let sandbox = project();
    sandbox.run_in(&[("CHANCERY_TO", "text,html"), ("CHANCERY_OUT", "here")], &["build"]).ends_with(0);
    assert!(sandbox.exists("here/note.txt") && sandbox.exists("here/note.html") && !sandbox.exists("here/note.pdf"));
    // What is written counts.
    sandbox.run_in(&[("CHANCERY_TO", "pdf"), ("CHANCERY_OUT", "here")], &["build", "--to", "brief"]).ends_with(0);
    assert!(sandbox.exists("here/note.brief.txt") && !sandbox.exists("here/note.pdf"));
    let run = sandbox.run_in(&[("CHANCERY_MESSAGE_FORMAT", "json")], &["check", "absent.md"]).ends_with(3);
    assert!(run.stdout.starts_with('{'), "{}", run.stdout);
    assert_eq!(sandbox.run_in(&[("CHANCERY_QUIET", "yes")], &["build"]).ends_with(0).stderr, "");
    for no in ["0", "false", "no", "off", ""] {
        let run = sandbox.run_in(&[("CHANCERY_QUIET", no)], &["build"]).ends_with(0);
        assert!(run.stderr.contains("built"), "{no}: {}", run.stderr);
    }
    sandbox.run_in(&[("CHANCERY_PROJECT", "nowhere")], &["list"]).ends_with(3);
    sandbox.run_in(&[("CHANCERY_PROJECT", "nowhere")], &["list", "--project", "."]).ends_with(0);
    sandbox.run_in(&[("CHANCERY_PROFILE", "one,two")], &["check"]).ends_with(0).says("`one`").says("`two`");
}

#[test]
fn what_a_variable_says_gives_way_to_what_is_written() {
    let sandbox = project();
    let variables = [("CHANCERY_OUT", "here"), ("CHANCERY_LOCKED", "1"), ("CHANCERY_TO", "html")];
    sandbox.run_in(&variables, &["build", "source/note.md", "-o", "one.txt"]).ends_with(0);
    assert!(sandbox.exists("one.txt") && !sandbox.exists("here"));
    // Both written exclude one another still.
    sandbox.run(&["build", "source/note.md", "-o", "one.txt", "--locked"]).ends_with(2);
    sandbox.run(&["build"]).ends_with(0);
    sandbox.run_in(&[("CHANCERY_TO", "html")], &["verify", "--manifest"]).ends_with(0);
}

#[test]
fn a_wrong_variable_is_named() {
    let sandbox = project();
    for (name, value) in [("CHANCERY_JOBS", "many"), ("CHANCERY_LOCKED", "maybe"), ("CHANCERY_TO", "pfd")] {
        let run = sandbox.run_in(&[(name, value)], &["build"]).ends_with(2);
        assert!(run.stderr.contains(&format!("the environment sets {name}\n")), "{}", run.stderr);
    }
    // What is about one run has no variable.
    for name in ["CHANCERY_DEPS", "CHANCERY_REPORT", "CHANCERY_WORDS", "CHANCERY_RULES", "CHANCERY_MANIFEST"] {
        sandbox.run_in(&[(name, "../outside")], &["build", "--locked"]).ends_with(1);
        sandbox.run_in(&[(name, "../outside")], &["verify"]).ends_with(1);
    }
    assert!(!sandbox.exists("../outside"));
}

#[test]
fn help_names_the_variables_and_not_their_values() {
    let sandbox = project();
    let help = sandbox.run(&["build", "--help"]).ends_with(0).stdout;
    for name in ["OUT", "TO", "PROFILE", "MESSAGE_FORMAT", "FAIL_ON", "JOBS", "QUIET", "LOCKED", "PROJECT", "COLOR"] {
        assert!(help.contains(&format!("[env: CHANCERY_{name}]")), "{name}: {help}");
    }
    assert!(!help.contains("CHANCERY_DEPS]"));
    assert_eq!(sandbox.run_in(&[("CHANCERY_OUT", "\u{1b}[31msecret")], &["build", "--help"]).stdout, help);
}

#[test]
fn manual_pages_are_made_for_all_commands() {
    let sandbox = Sandbox::new();
    let page = sandbox.run(&["man"]).ends_with(0).stdout;
    assert!(page.contains(".TH chancery 1") && page.contains("chancery\\-build(1)"), "{page}");
    sandbox.run(&["man", "man"]).ends_with(0);
    assert_eq!(sandbox.read("man/chancery.1"), page);
    assert!(sandbox.read("man/chancery-build.1").contains("CHANCERY_OUT"));
    let help = sandbox.run(&["--help"]).stdout;
    let commands = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let commands = commands.filter(|line| !line.starts_with("   ")).filter_map(|line| line.split_whitespace().next());
    let mut count = 0;
    for command in commands.filter(|command| *command != "help") {
        count += 1;
        assert!(sandbox.exists(&format!("man/chancery-{command}.1")), "{command}");
    }
    assert!(count >= 10, "{help}");
}

#[test]
fn timings_are_said_and_reach_no_edition() {
    let sandbox = project();
    sandbox.run(&["build", "--out", "plain"]).ends_with(0);
    sandbox.run(&["build", "--out", "timed", "--timings"]).ends_with(0).says("the whole run").says("emit pdf");
    assert_eq!(sandbox.files("plain"), sandbox.files("timed"));
    let run = sandbox.run(&["check", "--quiet", "--timings=json", "--message-format", "json"]).ends_with(0);
    let said: serde_json::Value = serde_json::from_str(&run.stderr).unwrap();
    let phases = said["timings"]["phases"].as_array().unwrap();
    assert!(phases.iter().any(|phase| phase["phase"] == "compile" && phase["count"] == 1), "{said}");
    assert_eq!(run.stdout, "");
    sandbox.run(&["verify", "--out", "plain", "--timings"]).ends_with(0).says("prove");
}
