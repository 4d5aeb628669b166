//! Calendar dates.

use super::{Language, locale};
use icu_datetime::FixedCalendarDateTimeFormatter;
use icu_datetime::fieldsets::YMD;
use icu_datetime::input::Date as Calendar;
use icu_locale_core::extensions::unicode::{key, value};
use std::fmt;

/// A day of the Gregorian calendar that exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

impl Date {
    /// Reads ISO 8601 extended form, `2026-11-23`. `None` where the form is
    /// another or there is no such day.
    pub fn parse(text: &str) -> Option<Date> {
        let mut parts = text.split('-');
        let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
        let digits = |part: &str, count: usize| part.len() == count && part.bytes().all(|byte| byte.is_ascii_digit());
        if parts.next().is_some() || !digits(year, 4) || !digits(month, 2) || !digits(day, 2) {
            return None;
        }
        let date = Date { year: year.parse().ok()?, month: month.parse().ok()?, day: day.parse().ok()? };
        (date.day >= 1 && date.day <= days_in(date.year, date.month)?).then_some(date)
    }

    /// The date as the language writes it out: "23 November 2026".
    pub fn long(self, language: &Language) -> String {
        self.formatted(language).unwrap_or_else(|| self.to_string())
    }

    fn formatted(self, language: &Language) -> Option<String> {
        let mut locale = locale(&language.tag);
        // The figures of the document's own numbers: Arabic labels count in
        // 1, 2, 3 as EU and UN documents do.
        locale.extensions.unicode.keywords.set(key!("nu"), value!("latn"));
        let formatter = FixedCalendarDateTimeFormatter::try_new((&locale).into(), YMD::long()).ok()?;
        let date = Calendar::try_new_gregorian(i32::from(self.year), self.month, self.day).ok()?;
        let text = formatter.format(&date).to_string();
        // Without the language's names CLDR writes the month as "M11".
        if text.contains(&format!("M{:02}", self.month)) {
            return None;
        }
        let ordinal = if self.day == 1 { first_day(locale.id.language.as_str()) } else { None };
        Some(match (ordinal, text.strip_prefix("1 ")) {
            (Some(first), Some(rest)) => format!("{first} {rest}"),
            _ => text,
        })
    }

    /// The year, 0 to 9999.
    pub fn year(self) -> u16 {
        self.year
    }

    /// The month, 1 to 12.
    pub fn month(self) -> u8 {
        self.month
    }

    /// The day of the month, from 1.
    pub fn day(self) -> u8 {
        self.day
    }
}

/// How the first day of a month is written where it is an ordinal, which
/// CLDR's patterns leave out (EU Interinstitutional style guide, 10.2 in the
/// French and Italian editions).
fn first_day(language: &str) -> Option<&'static str> {
    match language {
        "fr" => Some("1er"),
        "it" => Some("1º"),
        _ => None,
    }
}

fn days_in(year: u16, month: u8) -> Option<u8> {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => Some(31),
        4 | 6 | 9 | 11 => Some(30),
        2 => Some(if leap { 29 } else { 28 }),
        _ => None,
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::{Date, Language};

    fn long(tag: &str, date: &str) -> String {
        Date::parse(date).unwrap().long(&Language::of(tag))
    }

    #[test]
    fn dates_are_written_out_in_the_language() {
        assert_eq!(long("en", "2026-11-23"), "23 November 2026");
        assert_eq!(long("en-US", "2026-11-23"), "November 23, 2026");
        assert_eq!(long("fr", "2026-11-23"), "23 novembre 2026");
        assert_eq!(long("fr-BE", "2026-03-01"), "1er mars 2026");
        assert_eq!(long("it", "2026-03-01"), "1º marzo 2026");
        assert_eq!(long("de", "2026-03-01"), "1. März 2026");
        assert_eq!(long("ar", "2026-11-23"), "23 نوفمبر 2026");
        assert_eq!(long("nonsense tag", "2026-11-23"), "2026-11-23");
    }

    #[test]
    fn only_days_that_exist_are_dates() {
        assert!(Date::parse("2024-02-29").is_some());
        for wrong in
            ["2026-02-29", "2026-13-01", "2026-00-01", "2026-1-1", "26-01-01", "2026-01-01T00:00", "", "2026-01-+1"]
        {
            assert_eq!(Date::parse(wrong), None, "{wrong}");
        }
    }
}
