//! Numbers that can part from their unit at the end of a line (W0509).

use super::prose::Prose;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Fix};
use crate::source::Sources;
use crate::source::edit::Edit;
use crate::source::search::places;

/// Units that are after a number. Capital letters alone are left out: "in Table 5 A new approach"
/// is more frequent than amperes.
const UNITS: [&str; 62] = [
    "%", "‰", "€", "$", "£", "¥", "EUR", "USD", "GBP", "CHF", "BGN", "CZK", "DKK", "HUF", "PLN", "RON", "SEK", "NOK",
    "RUB", "UAH", "°", "°C", "°F", "mm", "cm", "m", "km", "m²", "km²", "m³", "ha", "mg", "g", "kg", "t", "Mt", "Gt",
    "ml", "cl", "l", "hl", "min", "h", "kW", "MW", "GW", "TW", "kWh", "MWh", "GWh", "TWh", "kJ", "MJ", "Hz", "kHz",
    "MHz", "GHz", "kB", "MB", "GB", "TB", "dB",
];

/// Looks at one run.
pub fn check(prose: &Prose, sources: &Sources, diagnostics: &mut Diagnostics) {
    let text = &prose.text;
    for space in spaces_behind_digits(text) {
        let (Some(before), Some(after)) = (text.get(..space), text.get(space + 1..)) else {
            continue;
        };
        let Some(number) = number_at_end(before) else {
            continue;
        };
        let Some(unit) = unit_at_start(after) else {
            continue;
        };
        let range = space - number.len()..space + 1 + unit.len();
        let gap = prose.span(space..space + 1, sources);
        let is_space = sources.text(gap) == " ";
        let fix = is_space.then(|| Fix::safe("Put a no-break space between them", [Edit::replace(gap, "\u{a0}")]));
        diagnostics.push(
            Diagnostic::new(
                Code::BreakingUnit,
                prose.span(range, sources),
                format!("“{number}” can part from “{unit}” at the end of a line"),
            )
            .hint(format!("put a no-break space (U+00A0 or `&nbsp;`) between them: `{number}&nbsp;{unit}`"))
            .fixes(fix),
        );
    }
}

fn spaces_behind_digits(text: &str) -> impl Iterator<Item = usize> {
    let behind = places(text, |byte| byte.is_ascii_digit()).map(|digit| digit + 1);
    behind.filter(|place| text.as_bytes().get(*place) == Some(&b' '))
}

/// The number at the end of a text that ends with a digit, if nothing but a space or an opening
/// mark is before it.
fn number_at_end(text: &str) -> Option<&str> {
    let is_part =
        |character: char| character.is_ascii_digit() || matches!(character, '.' | ',' | '\u{a0}' | '\u{202f}');
    let start = text.char_indices().rev().take_while(|(_, character)| is_part(*character)).last()?.0;
    let number = text.get(start..)?.trim_start_matches(|character: char| !character.is_ascii_digit());
    let before = text.get(..text.len() - number.len())?.chars().next_back();
    let free = before.is_none_or(|character| !character.is_alphanumeric() && !matches!(character, '-' | '/' | ':'));
    free.then_some(number)
}

fn unit_at_start(text: &str) -> Option<&'static str> {
    let is_end = |rest: &str| rest.chars().next().is_none_or(|character| !character.is_alphanumeric());
    UNITS.into_iter().filter(|unit| text.strip_prefix(unit).is_some_and(is_end)).max_by_key(|unit| unit.len())
}
