//! Values of attributes: nothing that names another file, and no function
//! that is not known.

use super::names;
use super::tree::Value;

/// Result of reading a value.
#[derive(Debug, PartialEq, Eq)]
pub enum Read {
    Value(Value),
    /// Refers to something outside of the drawing.
    Outside,
    /// Not understood, with a description.
    Unknown(String),
}

/// Reads the value of an attribute or a property.
pub fn read(name: &'static str, value: &str) -> Read {
    let value = value.trim();
    // Escapes of CSS can spell any word (CSS Syntax 3, section 4.3.7).
    if value.contains(['\\', '{', '}', '<', '>', '@']) {
        return Read::Unknown(format!("a value of `{name}`"));
    }
    if matches!(name, "mix-blend-mode") && !names::BLEND_MODES.contains(&value) {
        return Read::Unknown(format!("`{name}`"));
    }
    if matches!(name, "isolation") && !matches!(value, "auto" | "isolate") {
        return Read::Unknown(format!("`{name}`"));
    }
    let value = if name == "transform" { transform(value) } else { value.to_owned() };
    if names::REFERRING.contains(&name) && value.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("url(")) {
        return reference(name, value.get(4..).unwrap_or_default());
    }
    let unknown =
        functions(&value).find(|function| *function == "url" || !names::FUNCTIONS.contains(&function.as_str()));
    match unknown {
        Some(function) if function == "url" => Read::Outside,
        Some(function) => Read::Unknown(format!("`{function}(…)`")),
        // No value has a colon, and an address may.
        None if value.contains(':') => Read::Unknown(format!("a value of `{name}`")),
        None => Read::Value(Value::Plain(value)),
    }
}

/// An address after `url(`, which must be a place in the drawing.
fn reference(name: &str, text: &str) -> Read {
    let text = text.trim_start();
    let (address, rest) = match text.chars().next().filter(|c| matches!(c, '"' | '\'')) {
        Some(quote) => {
            let Some((address, rest)) = text.get(1..).and_then(|text| text.split_once(quote)) else {
                return Read::Unknown(format!("a value of `{name}`"));
            };
            (address, rest.trim_start().strip_prefix(')').unwrap_or(rest))
        }
        None => text.split_once(')').unwrap_or((text, "")),
    };
    let rest = rest.trim();
    if functions(rest).any(|function| function == "url" || !names::FUNCTIONS.contains(&function.as_str())) {
        return Read::Unknown(format!("a value of `{name}`"));
    }
    match address.trim().strip_prefix('#') {
        Some(id) => Read::Value(Value::Named(id.to_owned(), rest.to_owned())),
        None => Read::Outside,
    }
}

/// The names before brackets, in small letters.
fn functions(value: &str) -> impl Iterator<Item = String> {
    let mut parts: Vec<&str> = value.split('(').collect();
    parts.pop();
    parts.into_iter().map(|before| {
        let start = before.trim_end().rfind(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_'));
        before.get(start.map_or(0, |at| at + 1)..).unwrap_or_default().trim().to_ascii_lowercase()
    })
}

/// A transformation as style sheets write it, in the way of attributes:
/// without units.
fn transform(value: &str) -> String {
    value.replace("px", "").replace("deg", "")
}

/// Whether a value is one colour.
pub fn is_color(value: &str) -> bool {
    let value = value.trim();
    let colors = ["rgb", "rgba", "hsl", "hsla"];
    match value.split_once('(') {
        Some((function, rest)) => {
            colors.contains(&function.to_ascii_lowercase().as_str())
                && rest.strip_suffix(')').is_some_and(|inside| {
                    inside.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '%' | ' ' | '/' | '-'))
                })
        }
        None => {
            let word = value.strip_prefix('#').unwrap_or(value);
            !word.is_empty()
                && word.chars().all(|c| c.is_ascii_alphanumeric())
                && !matches!(value, "none" | "transparent" | "inherit" | "initial" | "unset")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Read, Value, is_color, read};

    #[test]
    fn only_places_in_the_drawing_are_named() {
        let named = |id: &str, rest: &str| Read::Value(Value::Named(id.to_owned(), rest.to_owned()));
        assert_eq!(read("fill", " url(#a) "), named("a", ""));
        assert_eq!(read("fill", "URL( '#a' ) #fff"), named("a", "#fff"));
        assert_eq!(read("fill", "url(#a) rgb(1, 2, 3)"), named("a", "rgb(1, 2, 3)"));
        for outside in ["url(x.svg#a)", "url(\"https://a.example/\")", "url( data:x )", "url()"] {
            assert_eq!(read("fill", outside), Read::Outside, "{outside}");
        }
        assert_eq!(read("font-family", "url(x)"), Read::Outside);
    }

    #[test]
    fn what_is_not_known_is_left_out() {
        let values = ["u\\72l(x)", "image-set(x)", "var(--x)", "url(#a) image-set('x')", "expression(1)", "</style>"];
        for value in values {
            assert!(matches!(read("fill", value), Read::Unknown(_)), "{value}");
        }
        for value in ["#fff", "rgb(1,2,3)", "none", "currentColor"] {
            assert_eq!(read("fill", value), Read::Value(Value::Plain(value.to_owned())));
        }
        assert_eq!(read("transform", "rotate(30deg)"), Read::Value(Value::Plain("rotate(30)".to_owned())));
    }

    #[test]
    fn colours_are_told_from_other_backgrounds() {
        assert!(["#ffc", "white", "rgb(1, 2, 3)", "RGBA(1 2 3 / 50%)"].into_iter().all(is_color));
        assert!(
            !["none", "transparent", "url(x)", "red url(x)", "linear-gradient(red, blue)"].into_iter().any(is_color)
        );
    }
}
