//! Drawings as they are passed on, and those that are refused.

use super::entity::{ENTITIES, ENTITY_BYTES};
use super::expansion::MOST_ELEMENTS;
use super::{ATTRIBUTES, Drawing, NAMESPACES, SVG_BYTES, SVG_NESTING, SVG_NODES, SvgRejected, css, read};

fn svg(content: &str) -> String {
    format!(
        "<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink' width='9' height='9'>{content}</svg>"
    )
}

fn drawn(content: &str) -> Drawing {
    read(svg(content).as_bytes()).unwrap()
}

/// What is inside the root.
fn written(content: &str) -> String {
    let text = drawn(content).text;
    let inside = text.split_once('>').unwrap().1;
    inside.strip_suffix("</svg>").unwrap_or_default().to_owned()
}

#[test]
fn a_drawing_is_as_large_as_it_asks() {
    let size = |text: &str| read(text.as_bytes()).map(|drawing| (drawing.width, drawing.height));
    assert_eq!(size("<svg width='2in' height=\"96\"/>"), Ok((192, 96)));
    assert_eq!(size("<svg viewBox='0 0 40 30' width='100%'/>"), Ok((40, 30)));
    assert_eq!(size("<svg viewBox='0 0 40 30' stroke-width='1' width='80'/>"), Ok((80, 60)));
    assert_eq!(size("<svg/>"), Ok((300, 150)));
    assert_eq!(
        size("<?xml version='1.0'?>\n<!-- <svg width='1' height='1'> -->\n<svg\n viewBox='0\n0,\n\t40 30'\n/>"),
        Ok((40, 30))
    );
    assert_eq!(size("<s:svg xmlns:s='http://www.w3.org/2000/svg' width='1e2' height='2.5e1px'/>"), Ok((100, 25)));
    assert_eq!(size("<svg width='1e30' height='NaN' viewBox='0 0 1 1'/>"), Ok((100_000, 100_000)));
}

#[test]
fn what_is_drawn_is_written_anew() {
    let cases = [
        ("<rect width='1' data-x='y' class='z' id='a'/>", "<rect width=\"1\"/>"),
        ("<title>t</title><desc>d</desc><metadata><x/></metadata><!-- c --><?p?><g/>", "<g/>"),
        (
            "<defs><path id='a' d='M0 0'/></defs><use xlink:href='#a'/>",
            "<defs><path id=\"i2\" d=\"M0 0\"/></defs><use xlink:href=\"#i2\"/>",
        ),
        ("<a href='https://a.example/'><path d='M0 0'/></a>", "<g><path d=\"M0 0\"/></g>"),
        (
            "<text x='1'>a &lt; <a href='#b'><tspan>b</tspan></a></text>",
            "<text x=\"1\">a &lt; <tspan><tspan>b</tspan></tspan></text>",
        ),
        ("<rect fill='url(#none)' stroke='url(#none) red'/>", "<rect fill=\"none\" stroke=\"red\"/>"),
        ("<switch><foreignObject/><g systemLanguage='fr'/><path d='M1 1'/><g/></switch>", "<g><path d=\"M1 1\"/></g>"),
        (
            "<g style='mix-blend-mode:multiply;isolation:isolate'/>",
            "<g style=\"isolation:isolate;mix-blend-mode:multiply\"/>",
        ),
    ];
    for (content, expected) in cases {
        assert_eq!(written(content), expected, "{content}");
    }
}

#[test]
fn style_sheets_become_attributes() {
    let sheet = "<style>.r{fill:#c00} text.r tspan{font-weight:bold} #u{stroke:blue!important} rect:first-of-type{fill:#eee}\
                 g rect{fill:#111}</style>";
    assert_eq!(
        written(&format!(
            "{sheet}<g><rect/><rect class='r' style='fill:red;x:2'/><path id='u' style='stroke:green' d='M0 0'/></g>"
        )),
        "<g><rect fill=\"#eee\"/><rect fill=\"red\" x=\"2\"/><path d=\"M0 0\" stroke=\"blue\"/></g>"
    );
    assert_eq!(
        written("<style><![CDATA[ path { fill : red /* ; */ } ]]></style><path fill='blue'/>"),
        "<path fill=\"red\"/>"
    );
    assert_eq!(
        written("<text style='font:italic bold 16px Georgia,serif'>x</text>"),
        "<text font-family=\"Georgia,serif\" font-size=\"16px\" font-style=\"italic\" font-weight=\"bold\">x</text>"
    );
}

#[test]
fn a_background_is_drawn() {
    let text = read(b"<svg width='8' height='4' viewBox='0 0 2 1' style='background:#ffc'><g/></svg>").unwrap().text;
    let root = text.split_once('>').unwrap().1;
    assert_eq!(
        root,
        "<rect width=\"100%\" height=\"100%\" fill=\"#ffc\"/><svg width=\"100%\" height=\"100%\" viewBox=\"0 0 2 1\"><g/></svg></svg>"
    );
}

#[test]
fn what_is_not_drawn_is_named_with_its_line() {
    let content = "<style>@media print{} b:hover{}</style>\n<g filter='url(#f)'/>\n<set attributeName='x'/>\n\
                   <filter id='f'/><rect style='text-shadow:1px'/><path vector-effect='non-scaling-stroke'/><path fill='var(--a)'/>\
                   <font/>";
    let found: Vec<String> = drawn(content).undrawn.into_iter().map(|(what, line)| format!("{what} {line}")).collect();
    let expected = [
        "`@media` 1",
        "`filter` 2",
        "`font` 4",
        "`set` 3",
        "`text-shadow` 4",
        "`var(…)` 4",
        "`vector-effect` 4",
        "the selector `b:hover` 1",
    ];
    assert_eq!(found, expected);
}

#[test]
fn nothing_active_is_written() {
    let attacks = [
        "<set attributeName='href' to='javascript:x()'/>",
        "<animate attributeName='href' values='javascript:x()'/>",
        "<a href='#a'><animate attributeName='href' to='javascript:x()'/></a>",
        "<style>rect{background:u\\72l(https://a.example/)} rect{fill:image-set('https://a.example/x.png' 1x)}</style><rect/>",
        "<style>rect{cursor:url(https://a.example/)}</style><rect/>",
        "<style>@font-face{font-family:x;src:url(https://a.example/)}</style><rect/>",
        "<rect style='fill:u/**/rl(https://a.example/)'/>",
        "<rect style='fill:\\75rl(https://a.example/)'/>",
        "<rect fill='ima\\67e-set(\"https://a.example/\" 1x)'/>",
        "<rect style='behavior:expression(x)'/>",
        "<filter id='f'><feImage href='https://a.example/'/></filter><rect filter='url(#f)'/>",
        "<html xmlns='http://www.w3.org/1999/xhtml'><body>https://a.example/</body></html>",
        "<x:script xmlns:x='urn:x'/>",
        "<image href='data:image/svg+xml;base64,PHN2Zy8+'/>",
        "<image href='data:text/html,https://a.example/'/>",
        "<use href='data:image/svg+xml,x#y'/>",
        "<rect fill='&quot;/>&lt;script>'/>",
        "<text>&lt;script&gt;x()&lt;/script&gt;</text>",
    ];
    for attack in attacks {
        let Ok(Drawing { text, .. }) = read(svg(attack).as_bytes()) else { continue };
        let harmless = text.replace("http://www.w3.org/", "");
        for word in
            ["javascript:", "a.example", "<script", "url(h", "svg+xml", "text/html", "<set", "<animate", "\\", "@"]
        {
            assert!(!harmless.contains(word), "{word} in {text}");
        }
    }
}

#[test]
fn scripts_and_strangers_are_refused() {
    for content in [
        "<script>x</script>",
        "<svg:script xmlns:svg='http://www.w3.org/2000/svg'/>",
        "<handler type='x'/>",
        "<g onload='x()'/>",
        "<g OnClick='x()'/>",
        "<image xlink:href=\"https://a.example/x.png\"/>",
        "<image href = 'file:///etc/passwd'/>",
        "<use href='other.svg#a'/>",
        "<style>@import 'x.css';</style>",
        "<style>/**/@im\\70ort/**/'x.css';</style>",
        "<rect fill=\"url(https://a.example/)\"/>",
        "<style>rect{fill:URL( 'x.svg#y')}</style><rect/>",
        "<a href=\"javascript:x()\">x</a>",
        "<a xlink:href=\"&#106;ava&#x73;cript&#58;x()\">x</a>",
        "<a href=\" java\nscript:x()\">x</a>",
    ] {
        assert!(matches!(read(svg(content).as_bytes()), Err(SvgRejected::Holds(_))), "{content}");
    }
    for file in [
        "<!DOCTYPE svg [<!ENTITY a SYSTEM 'b'>]><svg/>",
        "<svg><g></svg>",
        "<html/>",
        "<svg xmlns='urn:x'/>",
        "<svg a='1' a='2'/>",
    ] {
        assert!(matches!(read(file.as_bytes()), Err(SvgRejected::Holds(_))), "{file}");
    }
    assert_eq!(read(svg("<foreignObject/>").as_bytes()), Err(SvgRejected::Foreign));
    let doctype = "<?xml version='1.0'?><!DOCTYPE svg PUBLIC '-//W3C//DTD SVG 1.1//EN' 'x.dtd'><svg/>";
    assert!(read(doctype.as_bytes()).is_ok());
}

#[test]
fn a_value_that_may_be_an_address_is_left_out() {
    for attribute in ["d='javascript:x'", "fill='javascript:red'", "width='data:9'", "transform='javascript:x'"] {
        let text = read(svg(&format!("<path {attribute}/>")).as_bytes()).unwrap().text;
        assert!(!text.contains("javascript:") && !text.contains("data:"), "{text}");
    }
    let root = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='&#106;avascript:0 0 40 20'><path d='M0 0'/></svg>";
    assert!(!read(root.as_bytes()).unwrap().text.contains("javascript"));
}

/// What addresses are relative to is decided here, and not by a file.
#[test]
fn a_base_of_addresses_is_not_passed_on() {
    let based = "<g xml:base='https://a.example/'><use href='#a'/><path id='a' d='M0 0'/><use href='b.svg#a'/></g>";
    let text = read(svg(based).as_bytes()).map(|drawing| drawing.text).unwrap_or_default();
    assert!(!text.contains("base") && !text.contains("a.example") && !text.contains("b.svg"), "{text}");
    let root =
        "<svg xmlns='http://www.w3.org/2000/svg' xml:base='javascript:x' width='9' height='9'><path d='M0 0'/></svg>";
    let text = read(root.as_bytes()).map(|drawing| drawing.text).unwrap_or_default();
    assert!(!text.contains("base") && !text.contains("javascript"), "{text}");
}

#[test]
fn nesting_has_a_limit() {
    let nested = |levels: usize| format!("<svg>{}{}</svg>", "<g a='>'>".repeat(levels), "</g>".repeat(levels));
    assert!(read(nested(SVG_NESTING - 1).as_bytes()).is_ok());
    assert_eq!(read(nested(SVG_NESTING).as_bytes()), Err(SvgRejected::TooDeep));
    for hiding in ["<?p ' ?>", "<?p ><!-- ?>", "<?p \" ?><!-- ' -->"] {
        let many = nested(150_000).replacen("<svg>", &format!("<svg>{hiding}"), 1);
        assert_eq!(read(many.as_bytes()), Err(SvgRejected::TooDeep), "{hiding}");
    }
    assert!(read(format!("<svg>{}</svg>", "<g/><g></g>".repeat(1_000)).as_bytes()).is_ok());
    // What elements refer to counts, too.
    let chain: String = (0..200).map(|n| format!("<g id='a{n}'><use href='#a{}'/></g>", n + 1)).collect();
    assert_eq!(read(svg(&format!("<defs>{chain}</defs><use href='#a0'/>")).as_bytes()), Err(SvgRejected::TooDeep));
    let chain: String = (0..200).map(|n| format!("<linearGradient id='a{n}' href='#a{}'/>", n + 1)).collect();
    assert_eq!(read(svg(&format!("{chain}<rect fill='url(#a0)'/>")).as_bytes()), Err(SvgRejected::TooDeep));
}

#[test]
fn cycles_that_are_drawn_are_refused_and_named() {
    for (content, ids) in [
        ("<linearGradient id='a' href='#b'/><linearGradient id='b' href='#b'/><rect fill='url(#a)'/>", "#b → #b"),
        (
            "<pattern id='a' href='#b'/><pattern id='b' href='#c'/><pattern id='c' href='#b'/><rect fill='url(#a)'/>",
            "#b → #c → #b",
        ),
        (
            "<pattern id='a'><rect fill='url(#b)'/></pattern><pattern id='b'><rect style='fill:url(#b)'/></pattern>\
             <rect fill='url(#a)'/>",
            "#b → #b",
        ),
        ("<style>.x{mask:url(#m)}</style><mask id='m'><g class='x'/></mask><g class='x'/>", "#m → #m"),
        (
            "<clipPath id='a' clip-path='url(#b)'/><clipPath id='b' clip-path='url(#b)'/><g clip-path='url(#a)'/>",
            "#b → #b",
        ),
        ("<g id='a'><use href='#a'/></g>", "#a → #a"),
        ("<g id='a'><use href='#b'/></g><g id='b'><use xlink:href='#a'/></g>", "#a → #b → #a"),
        (
            "<marker id='m'><path d='M0 0' marker='url(#m)'/></marker><path d='M0 0 1 1' marker-end='url(#m)'/>",
            "#m → #m",
        ),
        (
            "<symbol id='s'><use href='#t'/></symbol><symbol id='t'><use href='#s'/></symbol><use href='#s'/>",
            "#s → #t → #s",
        ),
        ("<g id='a'><defs><g id='b'><use href='#a'/></g></defs></g><use href='#b'/>", "#a → #b → #a"),
    ] {
        let Err(SvgRejected::Holds(problem)) = read(svg(content).as_bytes()) else { panic!("{content}") };
        assert!(problem.ends_with(&format!("that refers to itself: {ids}")), "{problem}");
    }
    let many: String = (0..50).map(|at| format!("<g id='a{at}'><use href='#a{}'/></g>", (at + 1) % 50)).collect();
    let Err(SvgRejected::Holds(problem)) = read(svg(&many).as_bytes()) else { panic!() };
    assert!(problem.ends_with("#a6 → #a7 → … → #a0"), "{problem}");
    // One that closes only through what is inherited.
    let inherited = "<g fill='url(#p)'><pattern id='p'><rect/></pattern><rect/></g>";
    assert!(read(svg(inherited).as_bytes()).is_err());
}

#[test]
fn cycles_that_are_not_drawn_are_left_out() {
    for (content, expected) in [
        (
            "<linearGradient id='a' href='#b'/>\n<linearGradient id='b' href='#c'/><linearGradient id='c' href='#b'/><g/>",
            "<linearGradient/><linearGradient/><linearGradient/><g/>",
        ),
        ("<symbol id='s'>\n<use href='#s'/></symbol><g/>", "<symbol id=\"i1\"><use/></symbol><g/>"),
        ("<defs>\n<g id='a'><use href='#a'/></g></defs><g/>", "<defs><g id=\"i2\"><use/></g></defs><g/>"),
        (
            "<pattern id='a'>\n<rect fill='url(#a)'/></pattern><rect fill='url(#b)'/><pattern id='b'/>",
            "<pattern><rect/></pattern><rect fill=\"url(#i4)\"/><pattern id=\"i4\"/>",
        ),
    ] {
        let drawing = drawn(content);
        let inside = written(content).replace(" id=\"i1\"", "").replace(" id=\"i2\"", "");
        assert_eq!(inside, expected.replace(" id=\"i1\"", "").replace(" id=\"i2\"", ""));
        assert!(drawing.undrawn.iter().any(|(what, _)| what.ends_with("that refers to itself")), "{content}");
        assert!(!drawing.undrawn.is_empty());
    }
    // Many of them, and long ones.
    let many: String =
        (0..50_000).map(|at| format!("<linearGradient id='a{at}' href='#a{}'/>", (at + 1) % 50_000)).collect();
    assert!(read(svg(&many).as_bytes()).is_ok());
    let many: String = (0..50_000).map(|at| format!("<linearGradient id='a{at}' href='#a{at}'/>")).collect();
    assert!(read(svg(&many).as_bytes()).is_ok());
}

/// A file whose document type declares something.
fn declaring(subset: &str, content: &str) -> String {
    format!(
        "<?xml version='1.0'?><!-- ' [ -->\n<!DOCTYPE svg PUBLIC \"-//W3C//DTD SVG 1.1//EN\" 'x[.dtd' [\n{subset}\n]>\n\
         <svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'>{content}</svg>"
    )
}

#[test]
fn entities_of_plain_text_are_written_out() {
    let subset = "<!ENTITY ns_svg \"http://www.w3.org/2000/svg\">\n<!ENTITY ns_x 'urn:x'><!-- ]> -->\n\
                  <!ENTITY st0 'fill:#c00;stroke:none'><!ENTITY quote 'a\" b=\"c > \n d'><!ENTITY st0 'fill:none'>";
    let content = "<g xmlns='&ns_svg;' xmlns:x='&ns_x;'><x:y/><rect style='&st0;'/><text>&st0;&amp;&quote;</text>\
                   <text lang=\"&quote;\"/><text><![CDATA[&st0;]]></text></g>";
    let drawing = read(declaring(subset, content).as_bytes()).unwrap();
    let inside = drawing.text.split_once("<g>").unwrap().1;
    assert_eq!(
        inside,
        "<rect fill=\"#c00\" stroke=\"none\"/><text>fill:#c00;stroke:none&amp;a&quot; b=&quot;c &gt;   d</text>\
         <text/><text>&amp;st0;</text></g></svg>"
    );
    // What is said of a line is said of the line of the file.
    let drawing = read(declaring(subset, "\n<font/>").as_bytes()).unwrap();
    assert_eq!(drawing.undrawn, [("`font`".to_owned(), 9)]);
    // Old drawings of Illustrator, reduced.
    let switch = "<switch><foreignObject requiredExtensions='&ns_ai;'/><g i:extraneous='self' xmlns:i='&ns_ai;'>\
                  <path d='M0 0'/></g></switch>";
    let illustrator = declaring("\t<!ENTITY ns_ai \"http://ns.adobe.com/AdobeIllustrator/10.0/\">", switch);
    assert!(read(illustrator.as_bytes()).unwrap().text.contains("<g><g><path d=\"M0 0\"/></g></g>"));
}

#[test]
fn other_declarations_are_refused() {
    for subset in [
        "<!ENTITY a SYSTEM 'file:///etc/passwd'>",
        "<!ENTITY a PUBLIC 'x' 'https://a.example/'>",
        "<!ENTITY % a 'x'>",
        "<!ENTITY % a SYSTEM 'x'> %a;",
        "<!ENTITY a 'x'><!ENTITY b '&a;&a;'>",
        "<!ENTITY a '&#60;g/>'>",
        "<!ENTITY a '<g/>'>",
        "<!ENTITY a '%b;'>",
        "<!ENTITY a>",
        "<!ENTITY a 'x",
        "<!ENTITY 'x'>",
        "<!ENTITYa 'x'>",
        "<!ELEMENT svg ANY>",
        "<!ATTLIST g onload CDATA 'x()'>",
        "<![INCLUDE[<!ENTITY a 'x'>]]>",
        "<!ENTITY a 'x'>]<",
    ] {
        let found = read(declaring(subset, "<g/>").as_bytes());
        assert!(matches!(found, Err(SvgRejected::Holds(_))), "{subset}: {found:?}");
    }
    // What is not declared is no entity, and none makes markup.
    assert!(matches!(read(declaring("<!ENTITY a 'x'>", "<text>&b;</text>").as_bytes()), Err(SvgRejected::Holds(_))));
    assert!(matches!(
        read(declaring("<!ENTITY a 'javascript:x()'>", "<a href='&a;'/>").as_bytes()),
        Err(SvgRejected::Holds(_))
    ));
    assert!(matches!(read(declaring("<!ENTITY a 'onload'>", "<g &a;='x'/>").as_bytes()), Err(SvgRejected::Holds(_))));
}

#[test]
fn entities_have_limits() {
    let declared = |count: usize| (0..count).map(|at| format!("<!ENTITY a{at} 'x'>")).collect::<String>();
    assert!(read(declaring(&declared(ENTITIES), "").as_bytes()).is_ok());
    assert!(matches!(read(declaring(&declared(ENTITIES + 1), "").as_bytes()), Err(SvgRejected::TooLarge(_))));
    let of = |bytes: usize| format!("<!ENTITY a '{}'>", "x".repeat(bytes));
    assert!(read(declaring(&of(ENTITY_BYTES), "<g data-x='&a;'/>").as_bytes()).is_ok());
    assert!(matches!(read(declaring(&of(ENTITY_BYTES + 1), "").as_bytes()), Err(SvgRejected::TooLarge(_))));
    let many =
        declaring(&of(ENTITY_BYTES), &format!("<!-- & --><desc>{}</desc>", "&a;".repeat(SVG_BYTES / ENTITY_BYTES)));
    assert!(matches!(read(many.as_bytes()), Err(SvgRejected::TooLarge(_))));
}

#[test]
fn a_drawing_has_so_many_bytes() {
    let of = |bytes: usize| svg(&format!("<!--{}-->", "x".repeat(bytes - svg("<!---->").len())));
    assert!(read(of(SVG_BYTES).as_bytes()).is_ok());
    assert!(matches!(read(of(SVG_BYTES + 1).as_bytes()), Err(SvgRejected::TooLarge(_))));
}

#[test]
fn what_is_just_below_the_limits_is_drawn() {
    assert!(read(svg(&format!("<text>{}</text>", "x".repeat(10_000))).as_bytes()).is_ok());
    assert!(matches!(
        read(svg(&format!("<text>{}</text>", "x".repeat(10_001))).as_bytes()),
        Err(SvgRejected::TooLarge(_))
    ));
    let attributes = |count: usize| format!("<g {}/>", (0..count).map(|n| format!("a{n}='' ")).collect::<String>());
    assert!(read(svg(&attributes(ATTRIBUTES)).as_bytes()).is_ok());
    assert!(matches!(read(svg(&attributes(ATTRIBUTES + 1)).as_bytes()), Err(SvgRejected::TooLarge(_))));
    let sheet = |bytes: usize| format!("<style>{}</style>", " ".repeat(bytes));
    assert!(read(svg(&sheet(css::SHEET_BYTES)).as_bytes()).is_ok());
    assert!(matches!(read(svg(&sheet(css::SHEET_BYTES + 1)).as_bytes()), Err(SvgRejected::TooLarge(_))));
    // A rule for each of a thousand, and the root and the sheet beside the elements.
    let compared = |elements: usize| format!("<style>{}</style>{}", "b{}".repeat(1_000), "<g/>".repeat(elements));
    assert!(read(svg(&compared(css::COMPARISONS / 1_000 - 2)).as_bytes()).is_ok());
    assert!(matches!(read(svg(&compared(css::COMPARISONS / 1_000 + 1)).as_bytes()), Err(SvgRejected::TooLarge(_))));
    // The document and the root are nodes too.
    let nodes = |count: u32| "<!---->".repeat(count as usize - 2);
    assert!(read(svg(&nodes(SVG_NODES)).as_bytes()).is_ok());
    assert!(matches!(read(svg(&nodes(SVG_NODES + 1)).as_bytes()), Err(SvgRejected::TooLarge(_))));
    // The root names one.
    let named = |count: usize| format!("<g {}/>", (1..count).map(|n| format!("xmlns:a{n}='u' ")).collect::<String>());
    assert!(read(svg(&named(NAMESPACES)).as_bytes()).is_ok());
    assert!(matches!(read(svg(&named(NAMESPACES + 1)).as_bytes()), Err(SvgRejected::TooLarge(_))));
    // The root, and an element for each more.
    let elements = |count: usize| "<g/>".repeat(count - 1);
    assert!(read(svg(&elements(MOST_ELEMENTS)).as_bytes()).is_ok());
    assert!(matches!(read(svg(&elements(MOST_ELEMENTS + 1)).as_bytes()), Err(SvgRejected::TooLarge(_))));
}

#[test]
fn expansion_has_a_limit() {
    let doubled = |element: &dyn Fn(usize) -> String| (0..24).map(element).collect::<String>();
    let uses = doubled(&|n| format!("<g id='a{n}'><use href='#a{0}'/><use href='#a{0}'/></g>", n + 1));
    let patterns = doubled(&|n| {
        let rect = format!("<rect fill='url(#a{})'/>", n + 1);
        format!("<pattern id='a{n}'>{rect}{rect}</pattern>")
    });
    let clips = doubled(&|n| {
        let path = format!("<path clip-path='url(#a{})'/>", n + 1);
        format!("<clipPath id='a{n}'>{path}{path}</clipPath>")
    });
    let masks = doubled(&|n| format!("<mask id='a{n}'><g mask='url(#a{0})'/><g mask='url(#a{0})'/></mask>", n + 1));
    let marker = format!("<marker id='m'>{}</marker>", "<path/>".repeat(1_000));
    let corners = format!("{marker}<path marker-mid='url(#m)' d='M0 0{}'/>", " 1 1".repeat(1_000));
    for (content, shown) in [
        (uses, "<use href='#a0'/>"),
        (patterns, "<rect fill='url(#a0)'/>"),
        (clips, "<rect clip-path='url(#a0)'/>"),
        (masks, "<rect mask='url(#a0)'/>"),
        (corners, ""),
        (format!("<text>{}</text>", "x".repeat(200_000)), ""),
        (format!("<path d='{}'/>", "M0 0".repeat(3_000_000)), ""),
        ("<g/>".repeat(400_000), ""),
        (format!("<g {}/>", (0..1_000).map(|n| format!("a{n}='' ")).collect::<String>()), ""),
        (format!("<g {}/>", (0..100).map(|n| format!("xmlns:a{n}='u' ")).collect::<String>()), ""),
        (format!("<style>{}</style>{}", "g ~ g ~ g {fill:red}".repeat(500), "<g/>".repeat(5_000)), ""),
        (format!("<style>g{{font-family:{}}}</style>{}", "x".repeat(100_000), "<g/>".repeat(5_000)), ""),
    ] {
        let found = read(svg(&format!("{content}{shown}")).as_bytes());
        assert!(matches!(found, Err(SvgRejected::TooLarge(_))), "{}", content.get(..80).unwrap());
    }
}
