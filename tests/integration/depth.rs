//! The deepest nesting that the limits allow, and nesting without limit, in each kind
//! of input and on every way into the program: nothing overflows the stack, and what
//! is refused is refused as a problem of its file.

use crate::sandbox::Sandbox;

/// More than any limit, and more than a stack could take.
const ENDLESS: usize = 20_000;

/// Runs every command that reads documents.
fn every_way_in(files: &[(&str, &str)]) {
    let mut all = vec![("chancery.toml", "[project]\n"), ("source/note.md", "# A note\n\nWords.\n")];
    all.extend(files);
    let sandbox = Sandbox::with(&all);
    for command in [
        &["build", "--jobs", "1"][..],
        &["build", "--jobs", "2", "--locked"],
        &["check", "--jobs", "2"],
        &["list"],
        &["ast", "source/note.md"],
        &["verify", "--jobs", "1"],
        &["verify", "--manifest"],
    ] {
        let run = sandbox.run(command);
        // A process that a signal ends has no code.
        assert!((0..=3).contains(&run.code), "{command:?} of {:?}: {}", files.first(), run.stderr);
        assert!(!run.stderr.contains("Chancery itself failed"), "{command:?} of {:?}: {}", files.first(), run.stderr);
    }
}

fn note(text: &str) -> String {
    format!("# A note\n\n{text}\n")
}

#[test]
fn deep_markdown_and_html() {
    for deep in [98, ENDLESS] {
        let marks = format!("{}x{}", "*a ".repeat(deep), " b*".repeat(deep));
        let links = format!("{}x{}", "[".repeat(deep), "](u)".repeat(deep));
        let notes = format!("{}x{}", "^[x".repeat(deep), "]".repeat(deep));
        let spans = format!("{}x{}", "[".repeat(deep), "]{.a}".repeat(deep));
        let boxes: String = (0..deep).map(|level| format!("{}note\n", ":".repeat(3 + level % 5))).collect();
        let html = format!("{}\n\nx\n", "<div>\n".repeat(deep));
        let cells = format!("{}x", "<table><tr><td>".repeat(deep / 3));
        for text in
            [format!("{}x", "> ".repeat(deep)), "- ".repeat(deep), marks, links, notes, spans, boxes, html, cells]
        {
            every_way_in(&[("source/note.md", &note(&text))]);
        }
    }
}

#[test]
fn deep_includes_within_deep_quotations() {
    let mut files = vec![("source/note.md".to_owned(), note(":::include {src=_0.md}\n:::"))];
    for at in 0..18 {
        let quote = "> ".repeat(5);
        files.push((format!("source/_{at}.md"), format!("{quote}:::include {{src=_{}.md}}\n{quote}:::\n", at + 1)));
    }
    every_way_in(&files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect::<Vec<_>>());
}

#[test]
fn deep_front_matter_and_project_files() {
    for deep in [18, ENDLESS] {
        let (open, close) = ("[".repeat(deep), "]".repeat(deep));
        let keys = vec!["a"; deep].join(".");
        for value in [format!("x: {open}{close}"), format!("x: {}1{}", "{a: ".repeat(deep), "}".repeat(deep))] {
            every_way_in(&[("source/note.md", &format!("---\n{value}\n---\n\nWords.\n"))]);
        }
        for value in [
            format!("x = {open}{close}\n"),
            format!("x = {}1{}\n", "{a = ".repeat(deep), "}".repeat(deep)),
            format!("{keys} = 1\n"),
            format!("[{keys}]\nb = 1\n"),
            format!("[[{keys}]]\nb = 1\n"),
        ] {
            every_way_in(&[("source/note.md", &format!("+++\n{value}+++\n\nWords.\n"))]);
            every_way_in(&[("chancery.toml", &value)]);
            every_way_in(&[("chancery.toml", &format!("[defaults]\n{value}"))]);
            every_way_in(&[("source/note.md", "---\ntheme: a.toml\n---\n\nWords.\n"), ("source/a.toml", &value)]);
        }
    }
}

#[test]
fn deep_drawings() {
    let draw = |content: &str| {
        let svg = format!("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\">{content}</svg>");
        every_way_in(&[("source/note.md", &note("![A drawing](a.svg)")), ("source/a.svg", &svg)]);
    };
    let shape = "<rect width=\"9\" height=\"9\"";
    for deep in [46, ENDLESS] {
        draw(&format!("{}{shape}/>{}", "<g opacity=\".5\">".repeat(2 * deep), "</g>".repeat(2 * deep)));
        let chain = |element: &dyn Fn(usize) -> String| (0..deep).map(element).collect::<String>();
        let patterns = chain(&|at| {
            format!("<pattern id=\"p{at}\" width=\"1\" height=\"1\">{shape} fill=\"url(#p{})\"/></pattern>", at + 1)
        });
        draw(&format!("{patterns}{shape} fill=\"url(#p0)\"/>"));
        let clips = chain(&|at| format!("<clipPath id=\"c{at}\" clip-path=\"url(#c{})\">{shape}/></clipPath>", at + 1));
        draw(&format!("{clips}{shape} clip-path=\"url(#c0)\"/>"));
        let masks = chain(&|at| format!("<mask id=\"m{at}\" mask=\"url(#m{})\">{shape}/></mask>", at + 1));
        draw(&format!("{masks}{shape} mask=\"url(#m0)\"/>"));
        let uses = chain(&|at| format!("<g id=\"g{at}\"><use href=\"#g{}\"/></g>", at + 1));
        draw(&format!("<defs>{uses}</defs><use href=\"#g0\"/>"));
        let gradients = chain(&|at| format!("<linearGradient id=\"l{at}\" href=\"#l{}\"/>", at + 1));
        draw(&format!("{gradients}{shape} fill=\"url(#l0)\"/>"));
        draw(&format!("<style>{}a{{fill:red}}</style>{shape}/>", "a > ".repeat(deep)));
    }
}

#[test]
fn deep_bibliographies_and_styles() {
    let cite = |bibliography: &str, style: Option<&str>, name: &str| {
        let key = if style.is_some() { "citation-style: a.csl\n" } else { "" };
        let note = format!("---\nbibliography: {name}\n{key}---\n\n# A note\n\nSee [@k].\n");
        let (name, style) = (format!("source/{name}"), style.unwrap_or_default());
        every_way_in(&[("source/note.md", &note), (&name, bibliography), ("source/a.csl", style)]);
    };
    let entry = |title: &str| format!("@book{{k, title={title}, author={{Writer, Ann}}, date={{2001}}}}\n");
    for deep in [30, ENDLESS] {
        let (open, close) = ("{".repeat(2 * deep), "}".repeat(2 * deep));
        cite(&entry(&format!("{open}x{close}")), None, "a.bib");
        cite(&entry(&format!("{{{}x{}}}", "\\emph{$".repeat(deep), "$}".repeat(deep))), None, "a.bib");
        let parents: String =
            (0..deep).map(|at| format!("@book{{k{at}, crossref={{k{}}}, title={{x}}}}\n", at + 1)).collect();
        cite(&format!("{parents}@book{{k{deep}, title={{x}}}}\n@book{{k, crossref={{k0}}}}\n"), None, "a.bib");
        let names: String = (0..deep).map(|at| format!("@string{{s{at} = s{}}}\n", at + 1)).collect();
        cite(&format!("{names}@string{{s{deep} = {{x}}}}\n{}", entry("s0")), None, "a.bib");
        let parents = format!("k: {}1{}\n", "{type: Book, title: x, parent: ".repeat(deep), "}".repeat(deep));
        cite(&parents, None, "a.yml");
        cite(&format!("k: {}\n", "[".repeat(deep)), None, "a.yml");

        let style = |macros: &str, layout: &str| {
            format!(
                "<style xmlns=\"http://purl.org/net/xbiblio/csl\" class=\"in-text\" version=\"1.0\"><info>\
                 <title>t</title><id>t</id><updated>2020-01-01T00:00:00Z</updated></info>{macros}<citation>\
                 <layout>{layout}</layout></citation></style>"
            )
        };
        let title = "<text variable=\"title\"/>";
        let groups = format!("{}{title}{}", "<group>".repeat(2 * deep), "</group>".repeat(2 * deep));
        cite(&entry("{x}"), Some(&style("", &groups)), "a.bib");
        let macros: String = (0..deep)
            .map(|at| format!("<macro name=\"m{at}\"><group><text macro=\"m{}\"/></group></macro>", at + 1))
            .collect();
        let macros = format!("{macros}<macro name=\"m{deep}\">{title}</macro>");
        cite(&entry("{x}"), Some(&style(&macros, "<text macro=\"m0\"/>")), "a.bib");
    }
}

#[test]
fn deep_data_manifests_and_journals() {
    let table = note(":::table {src=a.csv caption=x}\n:::");
    for data in ["\"".repeat(ENDLESS), "\"a\"\"".repeat(ENDLESS), format!("a,b\n{}", "[{(".repeat(ENDLESS))] {
        every_way_in(&[("source/note.md", &table), ("source/a.csv", &data)]);
    }
    let manifest = |editions: &str| {
        format!(
            "{{\"tool\": {{\"name\": \"chancery\", \"version\": \"0.1.0\"}}, \"x\": {editions}, \"editions\": {{}}}}"
        )
    };
    for deep in [100, ENDLESS] {
        for value in [
            format!("{}1{}", "{\"a\":".repeat(deep), "}".repeat(deep)),
            format!("{}{}", "[".repeat(deep), "]".repeat(deep)),
        ] {
            every_way_in(&[("outputs/manifest.json", &manifest(&value))]);
        }
        let journal = format!("{} {}b.txt\n", "0".repeat(64), "a/".repeat(deep));
        every_way_in(&[("outputs/.tmpabc123.journal", &journal)]);
    }
}

#[test]
fn deep_folders() {
    let folders = format!("{}note.md", "a/".repeat(400));
    every_way_in(&[(&format!("source/{folders}"), "# Deep\n\nWords.\n")]);
}

#[test]
fn deep_editions_that_are_read_back() {
    let sandbox = Sandbox::new();
    let edition = |start: &str, end: &str| format!("{}x{}", start.repeat(ENDLESS), end.repeat(ENDLESS));
    let pdf = |object: &str| {
        let start = format!("%PDF-1.7\n1 0 obj\n<</Type /Catalog /Pages 2 0 R /X {object}>>\nendobj\n");
        let pages = "2 0 obj\n<</Type /Pages /Kids [2 0 R] /Count 1>>\nendobj\n";
        let at = start.len() + pages.len();
        let first = start.find("1 0 obj").unwrap();
        format!(
            "{start}{pages}xref\n0 3\n0000000000 65535 f \n{first:010} 00000 n \n{:010} 00000 n \n\
             trailer\n<</Size 3 /Root 1 0 R>>\nstartxref\n{at}\n%%EOF\n",
            start.len()
        )
    };
    let files = [
        ("a.html", edition("<div>", "</div>")),
        ("b.html", edition("<b>", "</b>")),
        ("a.docbook.xml", edition("<para>", "</para>")),
        ("b.docbook.xml", "<!DOCTYPE a [<!ENTITY a '&b;'>]>".to_owned() + &edition("<para>", "</para>")),
        ("a.txt", edition("> ", "")),
        ("a.pdf", pdf(&edition("[", "]").replace('x', ""))),
        ("b.pdf", pdf(&edition("<</A ", ">>").replace('x', "1"))),
    ];
    for (name, text) in &files {
        sandbox.write(name, text);
        for what in ["--words", "--rules"] {
            let run = sandbox.run(&["verify", what, name]);
            assert!((0..=3).contains(&run.code), "{what} of {name}: {}", run.stderr);
        }
    }
}
