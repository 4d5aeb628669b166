//! What writers of other tools believe hidden reaches no edition and no
//! message: it is left out, or it stops the document.

use crate::sandbox::Sandbox;

const SECRET: &str = "kanarienvogel";

/// Builds a document; gives the exit code and everything that was written or said.
fn build(text: &str) -> (i32, String) {
    let sandbox = Sandbox::with(&[("note.md", text), ("x.csv", "a,b\n1,2\n")]);
    sandbox.write("x.svg", "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>");
    let mut seen = String::new();
    let mut code = 0;
    for format in ["human", "json", "sarif"] {
        let run = sandbox.run(&["build", "note.md", "--out", "out", "--message-format", format]);
        seen.push_str(&run.stdout);
        seen.push_str(&run.stderr);
        code = run.code;
    }
    for (_, bytes) in sandbox.files("out") {
        seen.push_str(&String::from_utf8_lossy(&bytes));
    }
    (code, seen)
}

/// Comments that are left out by contract, `S` standing for the secret.
const COMMENTS: &[&str] = &[
    "<!-- S -->",
    "<!-- S\n  S\n\n  S -->",
    "%%S%%",
    "%%\nS\n\n- S\n> S\n```\nS\n%%",
    "{>>S<<}",
    "{>>S\nS<<}",
    "{--S--}",
    "{% comment %}S{% endcomment %}",
    "{% comment %}\nS\n{% endcomment %}",
    "{%- comment -%}S{%- endcomment -%}",
    "{# S #}",
    "{{/* S */}}",
    "{{!-- S --}}",
    "{{! S }}",
    "{::comment}S{:/comment}",
    "{::comment}\nS\n{:/comment}",
    "{/* S */}",
    "<%-- S --%>",
    "<comment>S</comment>",
    "\\begin{comment}\nS\n\\end{comment}",
    "[comment]: # (S)",
    "[//]: # (S (S) S)",
    "[//]: # \"S\"",
    "[//]: <> (S)",
    "////\nS\n\nS\n////",
];

/// Where a comment may stand, `C` standing for it.
const PLACES: &[&str] = &["Words.\n\nC\n\nWords.\n", "Words.\n\nC", "- Item\n\n  C\n\n- Item\n"];

/// Where a comment that has one line may stand as well.
const BESIDE_WORDS: &[&str] = &[
    "Words C words.\n",
    "C words.\n",
    "Words C\nwords.\n",
    "> Words C words.\n",
    "> [!NOTE] Words C\n> words\n",
    "## Words C\n\nWords.\n",
    "## Words C {#id}\n\nSee [](#id).\n",
    "| Words C | b |\n|---|---|\n| 1 | 2 C |\n",
    "*Words C words* and **words**C\n",
    "[Words C](https://a.example \"words C\")\n",
    "![Words C](x.svg)\n",
    "A note.^[Words C]\n",
    "A note.[^1]\n\n[^1]: Words C words.\n",
    ":::box {title='Words C words'}\nWords.\n:::\n",
    "<div>\nWords C words.\n</div>\n",
    "<p>Words <b>C</b></p>\n",
    "Term\n\n: Words C words.\n",
    "The the words C words.\n",
];

#[test]
fn comments_of_other_tools_reach_nothing() {
    for comment in COMMENTS {
        let comment = comment.replace('S', SECRET);
        let alone = comment.contains('\n') || comment.starts_with('[');
        for place in PLACES.iter().chain(BESIDE_WORDS.iter().filter(|_| !alone)) {
            // To Markdown a title is text, and holds no HTML.
            let place = if comment.starts_with('<') { place.replace(" \"words C\"", "") } else { (*place).to_owned() };
            let text = place.replace('C', &comment);
            let (code, seen) = build(&text);
            assert!(!seen.to_lowercase().contains(SECRET), "{text}\n{seen}");
            assert_eq!(code, 0, "{text}\n{seen}");
            assert!(seen.to_lowercase().contains("words"), "{text}");
        }
    }
}

#[test]
fn in_code_a_comment_is_code() {
    for text in ["`%%S%%` words\n", "```\n%%S%%\n```\n", "~~~\n{# S #}\n~~~\n", "Words.\n\n    %%S%%\n", "\\%%S\\%%\n"]
    {
        let (code, seen) = build(&text.replace('S', SECRET));
        assert!(code == 0 && seen.contains(SECRET), "{text}\n{seen}");
    }
}

/// What is meant for some readers and written wrong.
const MISTAKES: &[&str] = &[
    "---\ntitle: Words %%S%%\n---\n\nWords.\n",
    "---\ntitle: Words\nabstract: |\n  Words <!-- S -->\n---\n\nWords.\n",
    "Words {~~S~>words~~} words.\n",
    "::only {audience=internal}\nS\n::\n",
    "::only {audience=internal}\nS\n:::\n",
    ":only{audience=internal}\nS\n",
    ": : : only {audience=internal}\nS\n",
    "：：：only {audience=internal}\nS\n：：：\n",
    ":::Only\nS\n:::\n",
    ":::ONLY {audience=internal}\nS\n:::\n",
    ":::olny {audience=internal}\nS\n:::\n",
    ":::onyl\nS\n:::\n",
    ":::only-internal\nS\n:::\n",
    ":::only\nS\n:::\n",
    ":::only internal\nS\n:::\n",
    ":::only {audiences=internal}\nS\n:::\n",
    ":::only {format=pdf for=internal}\nS\n:::\n",
    ":::only {audience=\"\" format=html}\nS\n:::\n",
    ":::{.only audience=internal}\nS\n:::\n",
    ":::{audience=internal}\nS\n:::\n",
    ":::internal\nS\n:::\n",
    ":::Confidential\nS\n:::\n",
    ":::{.content-hidden when-format=\"html\"}\nS\n:::\n",
    ":::box {audience=internal}\nS\n:::\n",
    ":::group {audience = internal}\nS\n:::\n",
    "- Item\n\n  ::only {audience=internal}\n  S\n  ::\n",
    "> ::only {audience=internal}\n> S\n> ::\n",
    "Words.\n\n    :::only {audience=internal}\n    S\n    :::\n",
    "Words\n    :::only {audience=internal}\n    S\n    :::\n",
    "Words :::only {audience=internal} S :::\n",
    "| a |\n|---|\n| :::only {audience=internal} S ::: |\n",
    "## Words {audience=internal}\n\nS\n",
    "## Words { audience = internal }\n\nS\n",
    "[S]{audience=internal}\n",
    "[S]{audience=“internal”}\n",
    "[S](https://a.example){audience=internal}\n",
    "`S`{audience=internal}\n",
    "```{.sh audience=internal}\nS\n```\n",
    "S {audience=internal}\n",
    "<div audience=\"internal\">\nS\n</div>\n",
    "<div data-audience=\"internal\">\nS\n</div>\n",
    "<div class=\"only\">\nS\n</div>\n",
    "<only audience=internal>\nS\n</only>\n",
    "Words <internal>S</internal>\n",
    "<p hidden>S</p>\n",
    "<p hidden><b></b>S</p>\n",
    "Words <span hidden></b>S</span>\n",
    "Words <span hidden/>S</span>\n",
    "<span audience=\"internal\" hidden></span>S\n",
    "<pre hidden>\n// S\n</pre>\n",
    "<pre>\n// <span hidden>S</span>\n</pre>\n",
    "<pre>\nWords\n</pre>\n// S\n",
    "Words.\n\n    words\n// S\n",
    "Words.\n\n    // words\n\n// S\n",
    "- Item\n\n    // S\n",
    "Words.\n\n    ::only {audience=internal}\n    S\n",
    "Words.\n\n    {>> words\n\nWords {>> S\n",
    "<p style=\"display: none\">S</p>\n",
    "Words <span style=\"display:none\">S</span>\n",
    "- Item\n\n  <!-- S\n\nS -->\n\n- Item\n",
    "> <!-- S\n\nS -->\n",
    "Words.\n\n%%\nS\n",
    "Words %%S\n",
    "Words {>>S\n",
    "{% comment %}\nS\n",
    "////\nS\n",
    "// S\n",
    ".. S\n",
    "/* S */\n",
    "Words.\n\n% S\n",
    "Words of 2024\n\n% S\n",
    "Words of 2024:\n% S\n",
    "## 2024\n% S\n",
    "Words of 2024\n- % S\n",
    "Words of 2024\n> % S\n",
    "Words.\n\n    words 2024\n% S\n",
    "$$\nx = 5\n% S\n$$\n",
    "[words]: https://a.example/2024\n% S\n",
    "In 2024%%S%%\n",
    "---\ndraft: true\n---\n\nS\n",
    "---\ndraft: \"true\"\n---\n\nS\n",
    "---\nDraft: yes\n---\n\nS\n",
    "---\npublished: false\n---\n\nS\n",
    "---\npublish: no\n---\n\nS\n",
    "---\naudience: internal\n---\n\nS\n",
    "---\nprivate: true\n---\n\nS\n",
    "---\ndrfat: true\n---\n\nS\n",
    "---\ndg-publish: false\n---\n\nS\n",
    "---\nparams:\n  draft: true\n---\n\nS\n",
    "---\nbuild:\n  render: never\n---\n\nS\n",
    "---\ntags: [draft]\n---\n\nS\n",
    "---\naccess: restricted\n---\n\nS\n",
    "---\ninternal_use_only: true\n---\n\nS\n",
    "---\npassword: words\n---\n\nS\n",
    "+++\ndraft = true\n+++\n\nS\n",
    "+++\n[params]\ndraft = true\n+++\n\nS\n",
    "{\n  \"draft\": true\n}\n\nS\n",
    "{\"title\": \"A\", \"draft\": true}\n\nS\n",
    "---yaml\ndraft: true\n---\n\nS\n",
    "----\ndraft: true\n----\n\nS\n",
    "Title: A note\nStatus: draft\n\nS\n",
    "title: A note\ndraft: true\n\nS\n",
    "Words <!-- S\n\nWords.\n",
    "Words <!-- words\n\nS --> words\n",
    "- Item <!-- S\n- Item\n",
    "| A |\n|---|\n| Words <!-- S |\n",
    "Words^[Words <!-- S]\n",
    "Words <!– S –>\n",
    "Words <! S >\n",
    "Words <? S ?>\n",
    "<?php S ?>\n",
    "``` {.internal}\nS\n```\n",
    "{% if internal %}\nS\n{% endif %}\n",
    "Words {%- unless page.public -%} S {% endunless %}\n",
    "{{% private %}}\nS\n{{% /private %}}\n",
    "{{#if confidential}}\nS\n{{/if}}\n",
    "S {.internal}\n",
    "S\n{: .confidential}\n",
    "<note internal>S</note>\n",
    "<div internal>\n\nS\n\n</div>\n",
    "<div style=\"opacity: 0\">S</div>\n",
    "Words <font color=\"white\">S</font>\n",
    "> [!internal]\n> S\n",
    "!!! internal\n    S\n",
    ":::box {only=internal}\nS\n:::\n",
    ":::box {for=internal}\nS\n:::\n",
    "[S]{visibility=staff}\n",
    "\\iffalse\nS\n\\fi\n",
    ".. comment::\n\n   S\n",
];

#[test]
fn what_seems_to_be_for_some_readers_stops_the_document() {
    for text in MISTAKES {
        let text = text.replace('S', SECRET);
        let sandbox = Sandbox::with(&[("note.md", &text)]);
        let run = sandbox.run(&["build", "note.md", "--out", "out"]);
        assert_eq!(run.code, 1, "{text}\n{}", run.stderr);
        assert!(!sandbox.exists("out"), "{text}");
        run.says("help: ").says("note.md:");
    }
}

#[test]
fn what_only_looks_hidden_is_printed() {
    for text in [
        "Words.\n\n    // S\n    /* S */\n",
        "Words.\n\n\t% S\n",
        "- Item\n\n      // S\n\n      .. S\n",
        "> Words.\n>\n>     // S\n",
        "1. Item\n\n       words();\n       // S\n",
        "!!! note\n    Words.\n\n        // S\n",
        "<pre>\n// S\n% S\n</pre>\n",
        "<div>\n<pre><code>words\n// S\n// S\n</code></pre>\n</div>\n",
        "- Item\n\n  <pre>\n  // S\n  </pre>\n",
        "S rose by 5\n% in 2020\n",
        "- S rose by 5,2\n  % in 2020\n",
        "> S rose by 5 \r\n> % in 2020\r\n",
        "S \\<!-- words -->, `<!-- words`, &lt;!-- and “<!” alone\n",
        "S {% if page.title %} words\n",
        "> [!todo]\n> S\n",
        "[S]{for=everybody}\n",
        "<span style=\"color: white; background: black\">S</span>\n",
        "<span style=\"opacity: 0.8\">S</span>\n",
        "Date: today\nSubject: a draft\n\nS\n",
        "S\n\n<script>\n// words\n/* words */\n</script>\n",
        "<style>\n/* words */\n</style>\n\nS\n",
        "S <script>\n// words\n</script> words\n",
        "S `words\n// words\nwords` words\n",
        "- S ``words\n  // ` words`` words\n",
        "S <span hidden></span>\n",
        "<a id=\"x\" style=\"display:none\"></a>\n\nS\n",
        "<div hidden>\n</div>\n\nS\n",
    ] {
        let (code, seen) = build(&text.replace('S', SECRET));
        assert!(code == 0 && seen.contains(SECRET), "{text}\n{seen}");
    }
}

#[test]
fn where_such_content_ends_is_never_in_doubt() {
    for text in [
        ":::only {audience=internal}\nS\n",
        "- :::only {audience=internal}\n- S\n- :::\n",
        "> :::only {audience=internal}\n> S\n\nS\n\n:::\n",
        // The chart needs no end, and takes that of the secret.
        ":::only {audience=internal}\n:::chart {src=x.csv x=a}\n:::\nS\n:::\n\n:::box\nWords.\n",
    ] {
        let text = text.replace('S', SECRET);
        let (code, seen) = build(&text);
        assert_eq!(code, 1, "{text}\n{seen}");
        assert!(seen.contains("E0221"), "{text}\n{seen}");
    }
}

#[test]
fn what_is_written_well_is_understood() {
    for text in [
        "Words.\n\n:::only {audience=internal}\nS\n:::\n",
        "Words.\n\n::: only { audience = internal }\nS\n:::\n",
        "Words.\n\n:::only {audience=“internal”}\nS\n:::\n",
        "Words.\n\n::::only {audience='internal, press'}\n:::box\nS\n:::\nS\n::::\n",
        "- Item\n\n  :::only {audience=internal}\n  S\n  :::\n",
        "> Words\n>\n> :::only {audience=internal}\n> S\n> :::\n",
    ] {
        let (code, seen) = build(&text.replace('S', SECRET));
        assert!(code == 0 && !seen.contains(SECRET), "{text}\n{seen}");
    }
    for text in [
        "---\ndraft: false\npublished: true\n---\n\nWords, for an audience of one.\n",
        "---\nstatus: draft\n---\n\nWords.\n",
        "Only one: 50%% and 100%% of it.\n",
        "Term\n\n: only one of them\n",
        "Words // words, a = b, and ... words.\n",
    ] {
        let (code, seen) = build(text);
        assert!(code == 0 && !seen.contains("E0221"), "{text}\n{seen}");
    }
}
