//! The tags of an XML file, for what is to be known of it before a parser
//! reads it: how deep it nests, what it names.

/// The tags of a text in order, without their angle brackets: `g id="a"`,
/// `/g`, `path/`, `?xml …?`. Comments and character data are passed over.
/// Of a file that [`is_plain`] no parser finds others.
pub fn tags(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        loop {
            let (_, after) = rest.split_once('<')?;
            rest = skip_data(after);
            if rest.len() == after.len() {
                let (tag, behind) = tag(after);
                rest = behind;
                return Some(tag);
            }
        }
    })
}

/// Whether no tag holds a `<`, as XML has it (XML 1.0, 3.1: "No < in Attribute
/// Values"). Parsers forgive other things, and one that ends a tag sooner would
/// find elements in it.
pub fn is_plain(text: &str) -> bool {
    tags(text).all(|tag| tag.starts_with('?') || !tag.contains('<'))
}

/// How deep elements nest at most.
pub fn nesting(text: &str) -> usize {
    let mut depth = 0_usize;
    let mut most = 0;
    for tag in tags(text) {
        if tag.starts_with('/') {
            depth = depth.saturating_sub(1);
        } else if !tag.starts_with(['!', '?']) && !tag.ends_with('/') {
            depth += 1;
            most = most.max(depth);
        }
    }
    most
}

/// The text after a comment or character data that starts here.
fn skip_data(text: &str) -> &str {
    for (start, end) in [("!--", "-->"), ("![CDATA[", "]]>")] {
        if let Some(inside) = text.strip_prefix(start) {
            return inside.split_once(end).map_or("", |(_, after)| after);
        }
    }
    text
}

/// A tag up to its `>`, which may be in quotation marks inside, and what follows. A processing
/// instruction goes up to its `?>` (XML 1.0, 2.6).
fn tag(text: &str) -> (&str, &str) {
    if text.starts_with('?') {
        let end = text.match_indices("?>").map(|(at, _)| at + 1).find(|at| *at > 1).unwrap_or(text.len());
        return (text.get(..end).unwrap_or_default(), text.get(end + 1..).unwrap_or_default());
    }
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return (text.get(..at).unwrap_or_default(), text.get(at + 1..).unwrap_or_default()),
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), byte) if open == byte => quote = None,
            _ => {}
        }
    }
    (text, "")
}

#[cfg(test)]
mod tests {
    use super::{is_plain, nesting, tags};

    #[test]
    fn tags_are_found_among_everything_else() {
        let text = "<?xml?><a b='>'><!-- <c> --><![CDATA[<d>]]><e/>x</a> < open";
        assert_eq!(tags(text).collect::<Vec<_>>(), ["?xml?", "a b='>'", "e/", "/a", " open"]);
    }

    #[test]
    fn instructions_hide_nothing() {
        let text = "<?p ' ?><a/><?p ><!-- ?><b/><?p?><c/><?>?><d/>";
        let found: Vec<&str> = tags(text).filter(|tag| !tag.starts_with('?')).collect();
        assert_eq!(found, ["a/", "b/", "c/", "d/"]);
        assert!(is_plain("<?p < ?><a b='>'/><!-- < --><![CDATA[<]]>"));
        assert!(!is_plain("<a></a '><b>'>") && !is_plain("<!DOCTYPE a '><b>'>") && !is_plain("<a b='<'/>"));
    }

    #[test]
    fn nesting_is_counted() {
        assert_eq!(nesting("<a/><b></b><c><d/></c>"), 1);
        assert_eq!(nesting(&format!("{}{}", "<g>".repeat(7), "</g>".repeat(9))), 7);
    }
}
