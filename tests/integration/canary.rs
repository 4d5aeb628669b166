//! What a profile drops leaves no byte: not in an edition, the manifest, the
//! index, a depfile or a message.

use crate::sandbox::{Run, Sandbox};

const CANARY: &str = "kanarienvogel";

/// Every construct that could carry a word out, and mistakes in each of them.
fn dropped() -> String {
    let text = ":::::only {audience=internal}
## Canary heading {#canary}

The the canary [here](#canary-nowhere), [](#canary-nowhere), [@canary-key, p. 3] and {{canary-variable}}.
Canary notes[^canary] and ^[a canary note], *canary*, `canary`, <canary>raw</canary>, [canary][nowhere].
On 03/04/2026 a CANARY weighs 5 kg. {% canary %}

[^canary]: A canary note, and [^canary-undefined].

[^canary-unused]: A canary note that nothing calls.

*[CNRY]: Canary abbreviation

![](missing-canary.png)

![A canary picture](canary.svg \"Canary caption\"){#canary-picture}

:::include {src=_canary.md}
:::

:::include {src=../canary.md}
:::

:::table {#canary-table src=canary.csv caption=\"Canary table\"}

:::chart {#canary-chart type=bar src=canary.csv x=year caption=\"Canary chart\"}

:::canary {canary=canary}
Canary words.
:::

::::annex {title=\"Canary annex\"}
Canary annex words.
::::

$$canary$$

```canary
canary
```
:::::
";
    text.replace("canary", CANARY).replace("Canary", "Kanarienvogel").replace("CANARY", "KNRNVGL")
}

/// A project whose document holds `secret`, with mistakes around it that make
/// messages quote the lines beside it.
fn project(secret: &str) -> Sandbox {
    let note = format!(
        "---\ntoc: yes\n---\n# A note\n\nThe the words before.\n\n{secret}\n\nThe the words behind. KNRNVGL is not explained.\n\n\
         ## Borders {{#borders}}\n\n:::table {{#steps caption=\"Steps\"}}\n| A |\n|---|\n| 1 |\n:::\n\nSee [](#steps).\n"
    );
    let sandbox = Sandbox::with(&[
        ("chancery.toml", ""),
        ("source/note.md", &note),
        ("source/other.md", "# Another\n\nSee [this](note.md#kanarienvoge) and [that](note.md#borders).\n"),
        ("source/_kanarienvogel.md", "Kanarienvogel in a part.\n"),
        ("source/kanarienvogel.csv", "year,kanarienvogel\n2006,1\n"),
    ]);
    sandbox.write("source/kanarienvogel.svg", "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>");
    sandbox
}

#[track_caller]
fn no_canary(run: &Run) {
    let said = format!("{}{}", run.stdout, run.stderr).to_lowercase().replace("#kanarienvoge)", "");
    let own = said.replace("no id `kanarienvoge`", "");
    assert!(!own.contains(CANARY) && !own.contains("missing-"), "{own}");
}

#[test]
fn what_a_profile_drops_leaves_no_byte() {
    let (with, without) = (project(&dropped()), project(""));
    let build = |sandbox: &Sandbox| sandbox.run(&["build", "source/note.md", "--deps", "note.d"]);
    no_canary(&build(&with).ends_with(0));
    build(&without).ends_with(0);
    assert_eq!(with.read("note.d"), without.read("note.d"));
    let editions = without.files("outputs");
    assert_eq!(editions.len(), 7);
    for ((name, bytes), (_, expected)) in with.files("outputs").into_iter().zip(editions) {
        if name == "manifest.json" {
            // It names the hash of the source, which holds the words.
            assert!(!String::from_utf8(bytes).unwrap().to_lowercase().contains(CANARY));
        } else {
            assert!(bytes == expected, "{name} knows what was dropped");
        }
    }
}

#[test]
fn no_message_quotes_what_a_profile_drops() {
    let sandbox = project(&dropped());
    for format in ["human", "short", "json", "sarif"] {
        let run = sandbox.run(&["check", "--message-format", format]);
        no_canary(&run);
        assert!(format!("{}{}", run.stdout, run.stderr).contains("note.md"), "nothing was said");
    }
}

#[test]
fn a_limit_that_is_exceeded_in_what_is_dropped_hides_nothing() {
    let deep = "> ".repeat(200) + "Kanarienvogel\n";
    let sandbox = project(&format!(":::only {{audience=internal}}\n{deep}:::\n"));
    no_canary(&sandbox.run(&["build", "source/note.md", "--to", "text"]).ends_with(0));
    let sandbox = project(&format!(":::only {{audience=internal}}\n{deep}:::\n\n{}words\n", "> ".repeat(200)));
    let run = sandbox.run(&["build", "source/note.md", "--to", "text"]).ends_with(1).says("E0006");
    no_canary(&run);
}

#[test]
fn with_its_profile_it_is_there() {
    let sandbox = project(":::only {audience=internal}\nKanarienvogel.\n:::\n");
    sandbox.run(&["build", "source/note.md", "--to", "text", "--profile", "internal"]).ends_with(0);
    assert!(sandbox.read("outputs-internal/note.txt").contains("Kanarienvogel"));
    assert!(!sandbox.exists("outputs"), "what is for some is not among what is for all");
}
