//! `check --fix`: after a fix its message is gone, and nothing else has changed.

use crate::sandbox::Sandbox;
use crate::support::PROJECT_FREE;
use chancery::Compilation;
use chancery::diagnostic::Diagnostic;
use chancery::source::edit::apply;
use serde_json::Value;
use std::collections::BTreeSet;

/// A fault of a document by its code, and the document before and after its fixes.
type Case = (&'static str, &'static str, &'static str);

/// What is fixed without asking.
const SAFE: [Case; 24] = [
    ("W0507", "# A\n\nThe tax tax tax tax tax tax tax tax rises.\n", "# A\n\nThe tax rises.\n"),
    ("W0507", "# A\n\nThe tax tax rises.\n", "# A\n\nThe tax rises.\n"),
    ("W0507", "# A\n\nThe tax\ntax rises.\n", "# A\n\nThe tax rises.\n"),
    ("W0509", "# A\n\nIt is 5 km and 7 kg.\n", "# A\n\nIt is 5\u{a0}km and 7\u{a0}kg.\n"),
    ("W0508", "---\nlang: en-US\n---\n# A\n\nOn 03/04/2026.\n", "---\nlang: en-US\n---\n# A\n\nOn 2026-03-04.\n"),
    ("W0508", "---\nlang: en-GB\n---\n# A\n\nOn 03/04/2026.\n", "---\nlang: en-GB\n---\n# A\n\nOn 2026-04-03.\n"),
    ("W0508", "---\nlang: de\n---\n# A\n\nAm 03/04/2026.\n", "---\nlang: de\n---\n# A\n\nAm 2026-04-03.\n"),
    ("W0106", "---\ntitel: A\n---\nText.\n", "---\ntitle: A\n---\nText.\n"),
    ("W0106", "---\ntitel: A\nkeywrods: [a]\n---\nText.\n", "---\ntitle: A\nkeywords: [a]\n---\nText.\n"),
    ("E0104", "---\nstatus: finall\n---\n# A\n\nText.\n", "---\nstatus: final\n---\n# A\n\nText.\n"),
    ("W0202", "# A\n\n:::waning\nText.\n:::\n", "# A\n\n:::warning\nText.\n:::\n"),
    ("W0214", "# A\n\n:::tip {titel=\"So\"}\nText.\n:::\n", "# A\n\n:::tip {title=\"So\"}\nText.\n:::\n"),
    ("W0204", "# A\n\n:::tip {title=So it is}\nText.\n:::\n", "# A\n\n:::tip {title=\"So it is\"}\nText.\n:::\n"),
    (
        "W0204",
        "# A\n\n:::tip {title=So \"it\" is #x lang=en}\nText.\n:::\n",
        "# A\n\n:::tip {title=\"So \\\"it\\\" is\" #x lang=en}\nText.\n:::\n",
    ),
    ("W0201", "# A\n\n:::tip\nText.\n\n- One\n", "# A\n\n:::tip\nText.\n\n- One\n:::\n"),
    (
        "W0208",
        "# A\n\n| a | b |\n|---|---|\n| 1 |\n2\n| 3 | 4 |\n",
        "# A\n\n| a | b |\n|---|---|\n| 1 | |\n2 | |\n| 3 | 4 |\n",
    ),
    ("W0502", "# A\n\n### C\n\n#### D\n\nText.\n", "# A\n\n## C\n\n### D\n\nText.\n"),
    (
        "E0309",
        "# A\n\n## B {#costs}\n\nSee @csots and [@csots].\n",
        "# A\n\n## B {#costs}\n\nSee @csots and [@costs].\n",
    ),
    ("W0306", "# A\n\n## B {#costs}\n\n[See](#csots).\n", "# A\n\n## B {#costs}\n\n[See](#costs).\n"),
    ("W0225", "# A\n\n## Its costs\n\n[See](#its_costs).\n", "# A\n\n## Its costs\n\n[See](#its-costs).\n"),
    ("E0302", "# A\n\nText.[^soruce]\n\n[^source]: X.\n", "# A\n\nText.[^source]\n\n[^source]: X.\n"),
    ("E0308", "---\nx-price: 5\n---\n# A\n\n{{x-prise}} more.\n", "---\nx-price: 5\n---\n# A\n\n{{x-price}} more.\n"),
    ("E0240", "# A\n\nIt is $`a + \\alhpa`$.\n", "# A\n\nIt is $`a + \\alpha`$.\n"),
    ("W0507", "\u{feff}# A\r\n\r\nThe tax tax rises.\r\n", "\u{feff}# A\r\n\r\nThe tax rises.\r\n"),
];

/// What an author has to decide: nothing is done without `--unsafe-fixes`.
const OFFERED: [Case; 9] = [
    ("W0203", "# A\n\nText.\n:::\nMore.\n", "# A\n\nText.\n\nMore.\n"),
    ("W0215", "# A\n\nA bell\u{7} rings.\n", "# A\n\nA bell rings.\n"),
    ("W0215", "# A\n\nTwo\u{b}words.\n", "# A\n\nTwo words.\n"),
    ("W0222", "---\ntitle: Plan #2 for \"all\"\n---\nText.\n", "---\ntitle: \"Plan #2 for \\\"all\\\"\"\n---\nText.\n"),
    ("W0508", "# A\n\nOn 03/04/2026.\n", "# A\n\nOn 2026-04-03.\n"),
    ("W0512", "# A\n\nhttps://www.example.org/a/b\n", "# A\n\n[example.org](https://www.example.org/a/b)\n"),
    ("W0201", "# A\n\n:::tip\nText.\n\n## B\n\nMore.\n", "# A\n\n:::tip\nText.\n\n## B\n\nMore.\n:::\n"),
    ("W0205", "# A\n\n~~~~\nText.\n", "# A\n\n~~~~\nText.\n~~~~\n"),
    ("W0205", "# A\n\n- One\n\n  ```\n  Text.\n", "# A\n\n- One\n\n  ```\n  Text.\n  ```\n"),
];

/// What nobody can decide, or where two words are as near.
const NONE: [(&str, &str); 4] = [
    ("E0302", "# A\n\nA.[^aim2] B.[^aim1] C.[^aim3]\n\n[^aim2]: X.\n\n[^aim1]: Y.\n"),
    ("W0507", "# A\n\nThe tax *tax* rises.\n\nAnd and&#32;and.\n"),
    ("W0508", "---\nlang: de\n---\n# A\n\nAm 03&#47;04/2026.\n"),
    // What a comment without an end may hide is not known, so that nothing is changed there.
    ("W0509", "# A\n\n# <!-- b\nThe text is 5 km off.\n"),
];

/// The codes that `check` reports of a document.
fn codes(sandbox: &Sandbox) -> Vec<String> {
    let run = sandbox.run(&["check", "--advice", "--message-format", "json", "note.md"]);
    let objects = run.stdout.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    objects.map(|object| object["code"].as_str().unwrap().to_owned()).collect()
}

fn fixed(before: &str, arguments: &[&str]) -> Sandbox {
    let sandbox = Sandbox::with(&[("note.md", before)]);
    sandbox.run(&[&["check", "--fix", "note.md"], arguments].concat());
    sandbox
}

#[test]
fn what_is_certain_is_fixed() {
    for (code, before, after) in SAFE {
        let sandbox = Sandbox::with(&[("note.md", before)]);
        assert!(codes(&sandbox).contains(&code.to_owned()), "{code} is not found in {before:?}");
        let sandbox = fixed(before, &[]);
        assert_eq!(sandbox.read("note.md"), after, "{code}");
        assert!(!codes(&sandbox).contains(&code.to_owned()), "{code} is found after {after:?}");
        sandbox.run(&["check", "--fix", "note.md"]);
        assert_eq!(sandbox.read("note.md"), after, "fixing again changes something");
    }
}

#[test]
fn what_an_author_decides_is_offered() {
    for (code, before, after) in OFFERED {
        let sandbox = fixed(before, &[]);
        assert_eq!(sandbox.read("note.md"), before, "{code}");
        assert!(codes(&sandbox).contains(&code.to_owned()), "{code} is not found in {before:?}");
        let sandbox = fixed(before, &["--unsafe-fixes"]);
        assert_eq!(sandbox.read("note.md"), after, "{code}");
        assert!(!codes(&sandbox).contains(&code.to_owned()), "{code} is found after {after:?}");
    }
}

#[test]
fn what_is_not_certain_is_left() {
    for (code, before) in NONE {
        let sandbox = fixed(before, &["--unsafe-fixes"]);
        assert_eq!(sandbox.read("note.md"), before, "{code}");
        assert!(codes(&sandbox).contains(&code.to_owned()), "{code} is not found in {before:?}");
    }
}

#[test]
fn every_file_of_a_project_is_fixed_once() {
    let sandbox = Sandbox::with(&[
        ("chancery.toml", "[project]\ntitel = \"A\"\n"),
        ("source/a.md", "# A\n\n:::include {src=_part.md}\n"),
        ("source/b.md", "# B\n\n:::include {src=_part.md}\n\nIt is 5 km.\n"),
        ("source/_part.md", "The tax tax rises.\n"),
    ]);
    let run = sandbox.run(&["check", "--fix"]);
    assert_eq!(run.stderr, "fixed 3 places in 3 files\n");
    assert_eq!(run.code, 0);
    assert_eq!(sandbox.read("source/_part.md"), "The tax rises.\n");
    assert_eq!(sandbox.read("source/b.md"), "# B\n\n:::include {src=_part.md}\n\nIt is 5\u{a0}km.\n");
    assert_eq!(sandbox.read("chancery.toml"), "[project]\ntitle = \"A\"\n");
}

#[test]
fn the_difference_is_shown_and_nothing_written() {
    let text = "# A\n\nThe tax tax rises.\n";
    let sandbox = Sandbox::with(&[("note.md", text)]);
    let run = sandbox.run(&["check", "--fix", "--diff", "note.md"]);
    assert_eq!(run.code, 1);
    assert!(run.stdout.contains("-The tax tax rises.\n+The tax rises.\n"), "{}", run.stdout);
    assert_eq!(sandbox.read("note.md"), text);
    // Both as if it had been written round by round.
    let text = "# A\n\nThe tax tax tax tax rises.\n";
    let run = sandbox.run_with_input(&["check", "--fix", "-"], text.as_bytes());
    assert_eq!((run.code, run.stdout.as_str()), (0, "# A\n\nThe tax rises.\n"));
    sandbox.write("note.md", text);
    let run = sandbox.run(&["check", "--fix", "--diff", "note.md"]);
    assert!(run.stdout.contains("-The tax tax tax tax rises.\n+The tax rises.\n"), "{}", run.stdout);
}

#[cfg(unix)]
#[test]
fn a_link_is_not_followed() {
    let sandbox = Sandbox::with(&[("real.txt", "# A\n\nThe tax tax rises.\n")]);
    std::os::unix::fs::symlink("real.txt", sandbox.path("note.md")).unwrap();
    let run = sandbox.run(&["check", "--fix", "note.md"]);
    assert_eq!(run.code, 3);
    assert!(run.stderr.contains("it is a link"), "{}", run.stderr);
    assert!(sandbox.path("note.md").is_symlink());
    assert_eq!(sandbox.read("real.txt"), "# A\n\nThe tax tax rises.\n");
}

#[test]
fn people_are_told_of_the_fixes() {
    let sandbox = Sandbox::with(&[("note.md", "# A\n\nThe tax tax rises on 03/04/2026.\n")]);
    let said = sandbox.run(&["check", "--advice", "note.md"]).stderr;
    assert!(said.contains("  = fix: Take the second out\n"), "{said}");
    assert!(said.contains("  = fix: Write 2026-04-03 for 3 April 2026 (with --unsafe-fixes)\n"), "{said}");
}

#[test]
fn programs_get_the_fixes() {
    let sandbox = Sandbox::with(&[("note.md", "# A\n\nThe tax tax rises.\n")]);
    let run = sandbox.run(&["check", "--advice", "--message-format", "json", "note.md"]);
    let problem: Value = serde_json::from_str(run.stdout.lines().next().unwrap()).unwrap();
    let fix = &problem["fixes"][0];
    assert_eq!((fix["safe"].as_bool(), fix["edits"][0]["text"].as_str()), (Some(true), Some("")));
    let place = &fix["edits"][0]["place"];
    assert_eq!((place["start"]["byte"].as_u64(), place["end"]["column"].as_u64()), (Some(12), Some(12)));
    let run = sandbox.run(&["check", "--advice", "--message-format", "sarif", "note.md"]);
    let log: Value = serde_json::from_str(&run.stdout).unwrap();
    let change = &log["runs"][0]["results"][0]["fixes"][0]["artifactChanges"][0];
    assert_eq!(change["artifactLocation"]["uri"], "note.md");
    assert_eq!(change["replacements"][0]["deletedRegion"]["byteLength"], 4);
}

/// What is put into sources at random: pieces of what goes wrong, and what stands around it.
const PIECES: [&str; 21] = [
    "tax tax ",
    "5 km ",
    "03/04/2026 ",
    ":::waning\n",
    ":::",
    "\n\n",
    "`",
    "```\n",
    "{titel=a b}",
    "| 1 |\n",
    "@csots ",
    "*",
    "[^soruce]",
    "### ",
    "> ",
    "- ",
    "\u{feff}",
    "\r\n",
    "<!-- ",
    "<pre>\n",
    "$$\n",
];

/// The sources of the cases, each with some of these pieces put in or parts taken out.
fn mutated(rounds: usize) -> Vec<String> {
    let mut random: usize = 11;
    let mut next = |below: usize| {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (random >> 33) % below
    };
    let cases: Vec<&str> = SAFE.iter().chain(&OFFERED).map(|(_, before, _)| *before).collect();
    let mutate = |round: usize| {
        let mut text = cases[round % cases.len()].to_owned();
        for _ in 0..1 + next(4) {
            let borders: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
            let start = borders[next(borders.len())];
            let end = borders.iter().copied().find(|at| *at >= start + next(5)).unwrap_or(text.len());
            text.replace_range(start..end, PIECES[next(PIECES.len())]);
        }
        text
    };
    (0..rounds).map(mutate).collect()
}

/// A problem: its code, where it begins, and how many fixes it has: what is alike is said once.
type Place = (&'static str, Option<u32>, usize);

fn place(problem: &Diagnostic) -> Place {
    (problem.code.as_str(), problem.span.map(|span| span.start), problem.fixes.len())
}

fn places(compilation: &Compilation) -> BTreeSet<Place> {
    compilation.diagnostics.iter().map(place).collect()
}

#[test]
fn a_safe_fix_does_what_it_says_and_breaks_nothing() {
    let mut made = 0;
    for before in mutated(1000) {
        let compilation = PROJECT_FREE.compile(&before);
        let was = places(&compilation);
        let text = compilation.sources.iter().next().map_or("", |(_, source)| source.text());
        // What is hidden in messages is in the file.
        let text = if text.len() == before.len() { &before } else { text };
        for problem in compilation.diagnostics.iter() {
            for fix in problem.fixes.iter().filter(|fix| fix.is_safe) {
                let after = apply(text, &fix.edits);
                let is = places(&PROJECT_FREE.compile(&after));
                let code = problem.code.as_str();
                let stays = is.contains(&place(problem));
                // Of a word that stands many times each round takes some out; of directives in one
                // another the innermost is closed first.
                let is_nearer = code == "W0507" && after.len() < text.len() || code == "W0201" && is.len() < was.len();
                assert!(!stays || is_nearer, "{code} stays after `{}` in {before:?}: {after:?}", fix.title);
                let errors =
                    |places: &BTreeSet<Place>| places.iter().filter(|(code, ..)| code.starts_with('E')).count();
                // What has the right name is read, with what is wrong in it.
                let is_read = fix.title.starts_with("Write");
                assert!(
                    is_read || errors(&is) <= errors(&was),
                    "`{}` makes an error in {before:?}: {after:?}",
                    fix.title
                );
                made += 1;
            }
        }
    }
    assert!(made > 300, "only {made} fixes");
}

#[test]
fn what_is_fixed_stays_as_it_is() {
    let texts = mutated(120);
    let names: Vec<String> = (0..texts.len()).map(|number| format!("n{number}.md")).collect();
    let files: Vec<(&str, &str)> = names.iter().map(String::as_str).zip(texts.iter().map(String::as_str)).collect();
    let sandbox = Sandbox::with(&files);
    let arguments: Vec<&str> = ["check", "--fix"].into_iter().chain(names.iter().map(String::as_str)).collect();
    let first = sandbox.run(&arguments);
    assert!(first.stderr.contains("fixed "), "{}", first.stderr);
    let fixed: Vec<String> = names.iter().map(|name| sandbox.read(name)).collect();
    sandbox.run(&arguments);
    for (name, was) in names.iter().zip(&fixed) {
        assert_eq!(&sandbox.read(name), was, "fixing again changes {name}");
    }
    assert_ne!(texts, fixed);
}
