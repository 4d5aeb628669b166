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

    /// The day that was meant by a text in another form, as this form writes it; two of
    /// them where it can be read in two ways, none where it is no date. A day past the
    /// end of its month is the last one.
    pub fn meant(text: &str) -> Vec<Date> {
        // The moments of other tools start with a day.
        let moment =
            text.split_once(['T', 't', ' ']).filter(|(_, time)| time.starts_with(|c: char| c.is_ascii_digit()));
        if let Some(day) = moment.and_then(|(day, _)| Date::parse(day)) {
            return vec![day];
        }
        let lower = text.to_lowercase();
        let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
        let number = |word: &str| {
            let digits = word.trim_end_matches(|c: char| !c.is_ascii_digit());
            digits.parse::<u16>().ok().filter(|_| word.starts_with(|c: char| c.is_ascii_digit()))
        };
        let part = |word: &&str| number(word).map(Part::Number).or_else(|| month_named(word).map(Part::Month));
        let parts: Vec<Part> = words.iter().filter_map(part).collect();
        let dates = match parts.as_slice() {
            [Part::Number(year), Part::Number(month), Part::Number(day)] if *year > 31 => {
                vec![Date::nearest(*year, *month, *day)]
            }
            [Part::Number(one), Part::Number(other), Part::Number(year)] => {
                // With full stops the day comes first everywhere.
                let day_first = Date::nearest(*year, *other, *one);
                let month_first = if text.contains('.') { None } else { Date::nearest(*year, *one, *other) };
                vec![day_first.filter(|_| *other <= 12), month_first.filter(|_| *one <= 12)]
            }
            [Part::Number(day), Part::Month(month), Part::Number(year)]
            | [Part::Month(month), Part::Number(day), Part::Number(year)] => {
                vec![Date::nearest(*year, u16::from(*month), *day)]
            }
            _ => Vec::new(),
        };
        let mut dates: Vec<Date> = dates.into_iter().flatten().collect();
        dates.dedup();
        dates
    }

    /// A day, or the last of its month where the month has fewer.
    fn nearest(year: u16, month: u16, day: u16) -> Option<Date> {
        const LAST_OF_ANY: u16 = 31;
        const FIRST_YEAR: u16 = 1000;
        let month = u8::try_from(month).ok()?;
        let days = days_in(year, month)?;
        let is_day = (1..=LAST_OF_ANY).contains(&day) && (FIRST_YEAR..=9999).contains(&year);
        is_day.then_some(Date { year, month, day: u8::try_from(day).ok()?.min(days) })
    }

    /// The date as the language writes it out: "23 November 2026".
    pub fn long(self, language: &Language) -> String {
        self.formatted(language).unwrap_or_else(|| self.to_string())
    }

    /// The day that a language writes out as a text, as [`Date::long`] does.
    pub fn from_long(text: &str, language: &Language) -> Option<Date> {
        /// A day and a year; a month may be a number too.
        const NUMBERS: usize = 3;
        let numbers: Vec<&str> = text.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty()).collect();
        if numbers.len() > NUMBERS {
            return Date::parse(text);
        }
        let numbers: Vec<u16> = numbers.iter().filter_map(|part| part.parse().ok()).collect();
        let days = numbers.iter().flat_map(|year| numbers.iter().map(move |day| (*year, *day)));
        let dates = days.flat_map(|(year, day)| (1..=12).filter_map(move |month| Date::existing(year, month, day)));
        dates.into_iter().find(|date| date.long(language) == text)
    }

    fn existing(year: u16, month: u8, day: u16) -> Option<Date> {
        let day = u8::try_from(day).ok()?;
        let is_day = year <= 9999 && day >= 1 && day <= days_in(year, month)?;
        is_day.then_some(Date { year, month, day })
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

/// A part of a date that people write.
enum Part {
    Number(u16),
    Month(u8),
}

/// The month of a name in one of the languages whose labels are known, whole or the first
/// letters of it.
fn month_named(word: &str) -> Option<u8> {
    const SHORTEST: usize = 3;
    if word.chars().count() < SHORTEST || !word.chars().all(char::is_alphabetic) {
        return None;
    }
    let is_in = |tag: &str, month: u8| {
        let date = Date { year: 2000, month, day: 2 };
        let long = date.long(&Language::from_tag(tag)).to_lowercase();
        long.split(|c: char| !c.is_alphabetic()).any(|name| name == word || (tag == "en" && name.starts_with(word)))
    };
    let tags = std::iter::once("en").chain(super::ALL.iter().map(|labels| labels.tag));
    tags.into_iter().find_map(|tag| (1..=12).find(|month| is_in(tag, *month)))
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
        Date::parse(date).unwrap().long(&Language::from_tag(tag))
    }

    #[test]
    fn what_is_written_out_is_read_back() {
        for labels in super::super::ALL {
            let language = Language::from_tag(labels.tag);
            for day in ["2026-01-01", "2025-10-12", "1999-12-31", "0012-12-12"] {
                let date = Date::parse(day).unwrap();
                assert_eq!(Date::from_long(&date.long(&language), &language), Some(date), "{}", labels.tag);
            }
            for text in ["", "soon", "32 32 32", "1 2 3 4 5 6"] {
                assert_eq!(Date::from_long(text, &language), None);
            }
        }
    }

    #[test]
    fn what_is_written_for_a_date_leads_to_it() {
        let meant = |text: &str| Date::meant(text).iter().map(Date::to_string).collect::<Vec<_>>().join(" ");
        assert_eq!(meant("23.11.2026"), "2026-11-23");
        assert_eq!(meant("2026-11-31"), "2026-11-30");
        assert_eq!(meant("31 November 2026"), "2026-11-30");
        assert_eq!(meant("23 November 2026"), "2026-11-23");
        assert_eq!(meant("Nov 23rd, 2026"), "2026-11-23");
        assert_eq!(meant("1er mars 2026"), "2026-03-01");
        assert_eq!(meant("2026/3/1"), "2026-03-01");
        assert_eq!(meant("23/11/2026"), "2026-11-23");
        assert_eq!(meant("11/23/2026"), "2026-11-23");
        assert_eq!(meant("03/04/2026"), "2026-04-03 2026-03-04");
        assert_eq!(meant("2026-02-30"), "2026-02-28");
        assert_eq!(meant("2026-02-03T10:00:00+01:00"), "2026-02-03");
        assert_eq!(meant("2026-02-03 10:00:00 +0100"), "2026-02-03");
        for text in ["soon", "", "2026", "31 November", "99.99.2026", "0.1.2026", "1e9999.1.2026", "May"] {
            assert_eq!(meant(text), "", "{text}");
        }
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
