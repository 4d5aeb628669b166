//! What an SVG file of the project may not hold: scripts, handlers and
//! anything fetched from elsewhere.

use super::super::{link, tags};

/// Elements that run code or hold another language's markup.
const FORBIDDEN_ELEMENTS: [&str; 7] = ["script", "foreignobject", "iframe", "object", "embed", "audio", "video"];

/// How deep elements may nest in an SVG file; the readers of the file walk it
/// recursively.
pub const SVG_NESTING: usize = 100;

/// What makes a file unfit for documents.
#[derive(Debug, PartialEq, Eq)]
pub enum Unfit {
    /// It holds something; the rest of a sentence.
    Holds(String),
    /// Its elements nest deeper than [`SVG_NESTING`].
    TooDeep,
}

/// Looks for what makes a file unfit for documents.
///
/// # Errors
/// The first thing found.
pub fn check_bytes(bytes: &[u8]) -> Result<(), Unfit> {
    check(std::str::from_utf8(bytes).map_err(|error| Unfit::Holds(error.to_string()))?)
}

fn check(text: &str) -> Result<(), Unfit> {
    if tags::nesting(text) > SVG_NESTING {
        return Err(Unfit::TooDeep);
    }
    content(text).map_err(Unfit::Holds)
}

fn content(text: &str) -> Result<(), String> {
    for tag in tags::tags(text) {
        if tag.get(..8).is_some_and(|start| start.eq_ignore_ascii_case("!DOCTYPE")) && tag.contains('[') {
            return Err("declares entities".to_owned());
        }
        check_tag(tag)?;
    }
    let styles = text.to_ascii_lowercase();
    if styles.contains("@import") {
        return Err("imports a style sheet".to_owned());
    }
    match styles.split("url(").skip(1).find(|address| !is_inside(address.trim_start_matches(['"', '\'', ' ']))) {
        Some(_) => Err("refers to something outside itself".to_owned()),
        None => Ok(()),
    }
}

fn check_tag(tag: &str) -> Result<(), String> {
    let name_end = tag.find(|c: char| c.is_whitespace() || c == '/').unwrap_or(tag.len());
    let (name, mut rest) = tag.split_at_checked(name_end).unwrap_or((tag, ""));
    let name = name.rsplit(':').next().unwrap_or_default().to_ascii_lowercase();
    if FORBIDDEN_ELEMENTS.contains(&name.as_str()) {
        return Err(format!("holds a `{name}` element"));
    }
    while let Some((before, after)) = rest.split_once('=') {
        let attribute = before.trim().rsplit([' ', '\t', '\r', '\n', ':']).next().unwrap_or_default();
        let attribute = attribute.to_ascii_lowercase();
        let after = after.trim_start();
        let Some(quote) = after.chars().next().filter(|c| matches!(c, '"' | '\'')) else { return Ok(()) };
        let Some((value, behind)) = after.get(1..).and_then(|value| value.split_once(quote)) else { return Ok(()) };
        if attribute.starts_with("on") {
            return Err(format!("holds the script `{attribute}`"));
        }
        if matches!(attribute.as_str(), "href" | "src") && name != "a" && !is_inside(value.trim()) {
            return Err(format!("refers to `{value}` outside itself"));
        }
        if attribute == "href" && link::is_unsafe(value) && !is_inside(value.trim()) {
            return Err("holds a link that could run code".to_owned());
        }
        rest = behind;
    }
    Ok(())
}

/// Whether an address stays in the file: a fragment, or a picture in the
/// address itself.
fn is_inside(address: &str) -> bool {
    let picture = |kind: &str| address.get(..kind.len()).is_some_and(|start| start.eq_ignore_ascii_case(kind));
    address.is_empty()
        || address.starts_with('#')
        || ["data:image/png", "data:image/jpeg", "data:font/"].into_iter().any(picture)
}

#[cfg(test)]
mod tests {
    use super::{SVG_NESTING, Unfit, check};

    #[test]
    fn what_stays_in_the_file_is_fine() {
        let text = r##"<?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "x.dtd"><!-- <script> -->
            <svg xmlns="http://www.w3.org/2000/svg"><use href="#a"/><path fill="url(#g)" d="M0 0>1"/>
            <a xlink:href="https://a.example/">x</a></svg>"##;
        assert_eq!(check(text), Ok(()));
    }

    #[test]
    fn nesting_has_a_limit() {
        let nested = |levels: usize| format!("<svg>{}{}</svg>", "<g a='>'>".repeat(levels), "</g>".repeat(levels));
        assert_eq!(check(&nested(SVG_NESTING - 1)), Ok(()));
        assert_eq!(check(&nested(SVG_NESTING)), Err(Unfit::TooDeep));
        assert_eq!(check(&"<g/><g></g>".repeat(1_000)), Ok(()));
    }

    #[test]
    fn scripts_and_strangers_are_refused() {
        for text in [
            "<svg><script>x</script></svg>",
            "<svg><svg:script/></svg>",
            "<svg onload='x()'/>",
            "<svg><image xlink:href=\"https://a.example/x.png\"/></svg>",
            "<svg><image href = 'file:///etc/passwd'/></svg>",
            "<svg><style>@import 'x.css';</style></svg>",
            "<svg><rect fill=\"url(https://a.example/)\"/></svg>",
            "<svg><a href=\"javascript:x()\">x</a></svg>",
            "<!DOCTYPE svg [<!ENTITY a 'b'>]><svg/>",
            "<svg><foreignObject/></svg>",
        ] {
            assert!(check(text).is_err(), "{text}");
        }
    }
}
