//! Pages as the programs of institutions write them: their words are kept, what only lays out
//! the page is taken off, and the report says what is no part of the text.

use super::Changes;
use chancery::import::import;
use chancery::source::MemoryFiles;
use std::collections::BTreeMap;

/// The source of a page without its front matter, and the problems, a line each.
fn read(page: &str) -> (String, Vec<String>) {
    let files = MemoryFiles(BTreeMap::from([("pixel.png".to_owned(), include_bytes!("../pixel.png").to_vec())]));
    let imported = import(page.as_bytes(), "page", Changes::Accept, &files)
        .unwrap_or_else(|problem| panic!("{}", problem.message));
    let (_, text) = imported.source.split_once("\n---\n").unwrap_or(("", &imported.source));
    let problems = imported.problems.iter().map(|problem| format!("{} {}", problem.code.as_str(), problem.message));
    (text.trim_start_matches("---\n").trim().to_owned(), problems.collect())
}

#[test]
fn an_article_of_a_blog() {
    let (source, problems) = read(
        "<!DOCTYPE html><html lang=\"en-GB\"><head><title>Water prices - The Office</title>\
         <meta name=\"generator\" content=\"WordPress 6.5\"></head><body class=\"single-post\">\
         <a class=\"skip-link screen-reader-text\" href=\"#content\">Skip to content</a>\
         <header id=\"masthead\"><nav><ul><li><a href=\"/\">Home</a></li></ul></nav></header>\
         <main id=\"content\"><article class=\"post-12 post\"><header class=\"entry-header\">\
         <h1 class=\"entry-title\">Water prices</h1><p class=\"entry-meta\">Posted on <time datetime=\"2026-03-01\">1 March 2026</time></p>\
         </header><div class=\"entry-content\">\n<p>Prices <strong>rose</strong> by 3&nbsp;%.</p>\n\
         <figure class=\"wp-block-image\"><img src=\"pixel.png\" alt=\"A dot\" width=\"300\"/>\
         <figcaption class=\"wp-element-caption\">The dot</figcaption></figure>\n\
         <figure class=\"wp-block-table\"><table><thead><tr><th>Year</th><th>Price</th></tr></thead><tbody><tr><td>2025</td>\
         <td>2.40</td></tr></tbody></table><figcaption class=\"wp-element-caption\">Prices a year</figcaption></figure>\n\
         <blockquote class=\"wp-block-quote\"><p>Dear water.</p><cite>A reader</cite></blockquote>\n\
         <div class=\"wp-block-buttons\"><a class=\"wp-block-button__link\" href=\"https://example.org/data\">Get the data</a></div>\
         <p><span style=\"font-weight: 600\">Note</span> the <span style=\"color:red\">date</span>.</p></div></article>\
         <form id=\"commentform\"><label>Comment</label><textarea></textarea></form></main>\
         <aside id=\"secondary\"><h2>Recent posts</h2></aside><footer>Proudly powered by WordPress</footer></body></html>",
    );
    assert_eq!(
        source,
        "# Water prices\n\nPosted on 1 March 2026\n\nPrices **rose** by 3\u{a0}%.\n\n\
         ![A dot](media/page-1.png \"The dot\")\n\n\
         :::table {caption=\"Prices a year\"}\n| Year | Price |\n|---|---|\n| 2025 | 2.40 |\n:::\n\n\
         > Dear water.\n>\n> <cite>A reader</cite>\n\n[Get the data](https://example.org/data)\n\n**Note** the date."
    );
    let said = |words: &str| problems.iter().any(|problem| problem.starts_with("W0703") && problem.contains(words));
    assert!(
        ["Skip to content", "Home", "Comment", "Recent posts", "powered"].iter().all(|words| said(words)),
        "{problems:#?}"
    );
    assert!(!problems.iter().any(|problem| problem.starts_with('E')), "{problems:#?}");
}

#[test]
fn guidance_of_a_government() {
    let (source, problems) = read(
        "<!DOCTYPE html><html lang=\"en\" class=\"govuk-template\"><head><title>Apply - GOV.UK</title></head><body class=\"govuk-template__body\">\
         <div class=\"govuk-breadcrumbs\"><ol><li><a href=\"/\">Home</a></li></ol></div>\
         <main class=\"govuk-main-wrapper\" id=\"content\" role=\"main\"><h1 class=\"govuk-heading-l\">Apply</h1>\
         <nav aria-label=\"Contents\"><h2>Contents</h2><ol><li><a href=\"#who\">Who</a></li></ol></nav>\
         <h2 id=\"who\">Who can apply</h2><div class=\"govuk-inset-text\">You must be over 18.</div>\
         <div class=\"govuk-warning-text\"><span class=\"govuk-warning-text__icon\" aria-hidden=\"true\">!</span>\
         <strong class=\"govuk-warning-text__text\"><span class=\"govuk-visually-hidden\">Warning</span> You can be fined.</strong></div>\
         <details class=\"govuk-details\"><summary><span>Help with forms</span></summary><div class=\"govuk-details__text\">Call us.</div></details>\
         <dl class=\"govuk-summary-list\"><div><dt>Fee</dt><dd>£20</dd></div></dl>\
         <p>See <a href=\"#who\">who can apply</a>.</p><a href=\"/start\" role=\"button\" class=\"govuk-button\">Start now</a></main>\
         <footer class=\"govuk-footer\">© Crown copyright</footer></body></html>",
    );
    assert_eq!(
        source,
        "# Apply\n\n## Who can apply {#who}\n\nYou must be over 18.\n\n**Warning You can be fined.**\n\n\
         :::box {.unnumbered title=\"Help with forms\"}\nCall us.\n:::\n\nFee\n: £20\n\n\
         See [who can apply](#who).\n\nStart now"
    );
    assert!(problems.iter().any(|problem| problem.contains("`/start`")), "{problems:#?}");
    assert!(!problems.iter().any(|problem| problem.starts_with('E')), "{problems:#?}");
}

#[test]
fn a_page_of_a_wiki_that_was_exported() {
    let (source, problems) = read(
        "<!DOCTYPE html><html><head><title>Team : Release plan</title></head><body class=\"theme-default aui-theme-default\">\
         <div id=\"page\"><div id=\"main\"><div id=\"main-header\"><div id=\"breadcrumb-section\"><ol id=\"breadcrumbs\"><li><a href=\"index.html\">Team</a></li></ol></div>\
         <h1 id=\"title-heading\"><span id=\"title-text\">Team : Release plan</span></h1></div>\
         <div id=\"content\" class=\"view\"><div class=\"page-metadata\">Created by <span class=\"author\">Ann</span> on Mar 01, 2026</div>\
         <div id=\"main-content\" class=\"wiki-content group\"><p>Steps:</p>\
         <div class=\"confluence-information-macro confluence-information-macro-warning\"><p class=\"title\">Mind</p>\
         <span class=\"aui-icon\"> </span><div class=\"confluence-information-macro-body\"><p>Freeze first.</p></div></div>\
         <div class=\"table-wrap\"><table class=\"wrapped confluenceTable\"><tbody><tr><th class=\"confluenceTh\">Day</th><th class=\"confluenceTh\">Task</th></tr>\
         <tr><td class=\"confluenceTd\">1</td><td class=\"confluenceTd\"><p>Build</p><p>Test</p></td></tr></tbody></table></div>\
         <div class=\"code panel pdl\"><div class=\"codeContent panelContent pdl\"><pre class=\"syntaxhighlighter-pre\">make all\nmake test</pre></div></div>\
         <div class=\"columnLayout two-equal\"><table><tr><td><h2>Left</h2><p>One.</p></td><td><h2>Right</h2><p>Two.</p></td></tr></table></div>\
         </div></div></div></div></body></html>",
    );
    assert!(source.contains(":::warning {title=Mind}\nFreeze first.\n:::"), "{source}");
    assert!(source.contains("```\nmake all\nmake test\n```"), "{source}");
    assert!(source.contains("## Left\n\nOne.\n\n## Right\n\nTwo."), "{source}");
    assert!(source.contains("<th>Day</th>") && source.contains("Build\n\nTest"), "{source}");
    assert!(problems.iter().any(|problem| problem.contains("only lays out the page")), "{problems:#?}");
    assert!(!problems.iter().any(|problem| problem.starts_with('E')), "{problems:#?}");
}

#[test]
fn a_document_that_was_written_in_the_browser() {
    let (source, problems) = read(
        "<html><head><meta content=\"text/html; charset=UTF-8\" http-equiv=\"content-type\"><style type=\"text/css\">\
         ol.lst-kix_a-0{list-style-type:none}.c1{font-weight:700;font-family:\"Arial\"}.c2{font-style:italic}.c3{font-weight:400}</style></head>\
         <body class=\"c9 doc-content\"><h1 class=\"c4\" id=\"h.x1\"><span class=\"c3\">Plan</span></h1>\
         <p class=\"c5\"><span class=\"c3\">We </span><span class=\"c1\">must</span><span class=\"c3\">&nbsp;read </span><span class=\"c2\">this</span>\
         <sup><a href=\"#ftnt1\" id=\"ftnt_ref1\">[1]</a></sup><span class=\"c3\"> on </span>\
         <span class=\"c6\"><a class=\"c7\" href=\"https://www.google.com/url?q=https://example.org/a%3Fb%3D1&amp;sa=D&amp;ust=1\">the site</a></span>\
         <sup><a href=\"#cmnt1\" id=\"cmnt_ref1\">[a]</a></sup>.</p>\
         <table class=\"c8\"><tbody><tr><td><p><span>A frame around words.</span></p></td></tr></tbody></table>\
         <hr class=\"c10\"><div><p class=\"c5\"><a href=\"#ftnt_ref1\" id=\"ftnt1\">[1]</a><span class=\"c3\">&nbsp;The </span><span class=\"c2\">source</span>.</p></div>\
         <div class=\"c11\"><p class=\"c5\"><a href=\"#cmnt_ref1\" id=\"cmnt1\">[a]</a><span class=\"c3\">Is it so?</span></p></div></body></html>",
    );
    assert_eq!(
        source,
        "# Plan\n\nWe **must**\u{a0}read <em>this</em>[^1] on [the site](https://example.org/a?b=1).\n\n\
         A frame around words.\n\n***\n\n[^1]: The *source*."
    );
    assert!(problems.iter().any(|problem| problem.contains("a comment is left out: “[a] Is it so?”")), "{problems:#?}");
    assert!(!problems.iter().any(|problem| problem.starts_with('E')), "{problems:#?}");
}

#[test]
fn a_document_that_an_office_program_saved() {
    let (source, problems) = read(
        "<!DOCTYPE html><html><head><meta http-equiv=\"content-type\" content=\"text/html; charset=utf-8\"/><title>Report</title>\
         <meta name=\"generator\" content=\"LibreOffice 24.2\"/></head><body lang=\"en-GB\" dir=\"ltr\"><p class=\"western\"><b>A title?</b></p>\
         <h1 class=\"western\">One</h1><p class=\"western\" style=\"margin-bottom: 0cm\"><font face=\"Arial\"><font size=\"2\">Words</font></font>\
         <a class=\"sdfootnoteanc\" name=\"sdfootnote1anc\" href=\"#sdfootnote1sym\"><sup>1</sup></a> and <span style=\"font-weight: bold\">more</span>\
         <a class=\"sdfootnoteanc\" name=\"sdfootnote2anc\" href=\"#sdfootnote2sym\"><sup>2</sup></a>.</p><h1>Two</h1>\
         <center><table width=\"100%\" cellpadding=\"4\"><col width=\"128*\"/><tr valign=\"top\"><td><p>A</p></td><td><p>B</p></td></tr></table></center>\
         <div id=\"sdfootnote1\"><p class=\"sdfootnote-western\"><a class=\"sdfootnotesym\" name=\"sdfootnote1sym\" href=\"#sdfootnote1anc\">1</a>First note.</p></div>\
         <div id=\"sdfootnote2\"><p class=\"sdfootnote-western\"><a class=\"sdfootnotesym\" name=\"sdfootnote2sym\" href=\"#sdfootnote2anc\">2</a>Second note.</p>\
         <p>It goes on.</p></div></body></html>",
    );
    assert!(source.contains("Words[^1] and <strong>more</strong>[^2]."), "{source}");
    assert!(source.ends_with("[^1]: First note.\n\n[^2]: Second note.\n\n    It goes on."), "{source}");
    assert!(source.contains("<td>A</td>\n<td>B</td>"), "{source}");
    assert!(problems.is_empty(), "{problems:#?}");
}
