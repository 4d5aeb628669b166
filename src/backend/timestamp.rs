//! A document's moment as the metadata of editions writes it.

/// A second of the proleptic Gregorian calendar, in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timestamp {
    year: i64,
    month: i64,
    day: i64,
    hour: i64,
    minute: i64,
    second: i64,
}

impl Timestamp {
    /// Converts seconds since 1970. The calendar repeats every 400 years, counted from March so
    /// that the leap day comes last.
    pub fn from_timestamp(seconds: i64) -> Self {
        const SECONDS_PER_DAY: i64 = 86_400;
        const DAYS_PER_ERA: i64 = 146_097;
        const DAYS_PER_CENTURY: i64 = 36_524;
        const DAYS_PER_FOUR_YEARS: i64 = 1_460;
        /// Days from 0000-03-01 to 1970-01-01.
        const EPOCH: i64 = 719_468;
        /// Dates have four digits for the year.
        const LAST_SECOND: i64 = 253_402_300_799;

        let seconds = seconds.clamp(0, LAST_SECOND);
        let (days, rest) = (seconds / SECONDS_PER_DAY + EPOCH, seconds % SECONDS_PER_DAY);
        let (era, day_of_era) = (days / DAYS_PER_ERA, days % DAYS_PER_ERA);
        let year_of_era = (day_of_era - day_of_era / DAYS_PER_FOUR_YEARS + day_of_era / DAYS_PER_CENTURY
            - day_of_era / (DAYS_PER_ERA - 1))
            / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        // Months from March: 153 days in every five.
        let month_from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
        let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
        let year = era * 400 + year_of_era + i64::from(month <= 2);
        Self { year, month, day, hour: rest / 3600, minute: rest / 60 % 60, second: rest % 60 }
    }

    /// The PDF form (ISO 32000-1, 7.9.4).
    pub fn pdf(self) -> String {
        let Self { year, month, day, hour, minute, second } = self;
        format!("D:{year:04}{month:02}{day:02}{hour:02}{minute:02}{second:02}Z")
    }

    /// The form of XMP and office formats (W3CDTF).
    pub fn w3c(self) -> String {
        let Self { year, month, day, hour, minute, second } = self;
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
    }
}

#[cfg(test)]
mod tests {
    use super::Timestamp;

    #[test]
    fn moments_follow_the_calendar() {
        for (seconds, expected) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_399, "2000-02-28T23:59:59Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (1_795_392_000, "2026-11-23T00:00:00Z"),
            (4_107_542_400, "2100-03-01T00:00:00Z"),
        ] {
            assert_eq!(Timestamp::from_timestamp(seconds).w3c(), expected);
        }
        assert_eq!(Timestamp::from_timestamp(1_795_392_000).pdf(), "D:20261123000000Z");
    }
}
