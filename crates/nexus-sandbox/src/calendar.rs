//! Business days of the Federal Reserve, on whose system deposits by ACH are settled.
//!
//! Days begin and end at UTC-5 all the year: an hour more or less in summer decides nothing here, and a sandbox needs no database of
//! time zones.

use jiff::Timestamp;
use jiff::civil::{Date, Weekday};
use jiff::tz::Offset;

const OFFSET: Offset = Offset::constant(-5);

/// A day at UTC-5.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Day(Date);

impl Day {
    /// The day of this time, in milliseconds since 1970.
    pub(crate) fn of(millis: i64) -> Day {
        let at = Timestamp::from_millisecond(millis).unwrap_or(Timestamp::MAX);
        Day(OFFSET.to_datetime(at).date())
    }

    /// When it begins, in milliseconds since 1970.
    pub(crate) fn begin(self) -> i64 {
        let begin = OFFSET.to_timestamp(self.0.at(0, 0, 0, 0));
        begin.map_or(i64::MAX, Timestamp::as_millisecond)
    }

    /// The first business day after it. The calendar ends with the year 9999; its last day follows itself.
    pub(crate) fn next_business_day(self) -> Day {
        let mut day = self.0;
        while let Ok(next) = day.tomorrow() {
            day = next;
            if is_business_day(day) {
                break;
            }
        }
        Day(day)
    }
}

/// Neither a weekend nor a holiday. A holiday on a Sunday is kept on the Monday, one on a Saturday is not moved.
fn is_business_day(day: Date) -> bool {
    let sunday_before = day.weekday() == Weekday::Monday && day.yesterday().is_ok_and(is_dated_holiday);
    !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
        && !is_dated_holiday(day)
        && !is_weekday_holiday(day)
        && !sunday_before
}

/// New Year's Day, Juneteenth (since 2022), Independence Day, Veterans Day, Christmas Day.
fn is_dated_holiday(day: Date) -> bool {
    match (day.month(), day.day()) {
        (6, 19) => day.year() >= 2022,
        (1, 1) | (7, 4) | (11, 11) | (12, 25) => true,
        _ => false,
    }
}

/// The days of Martin Luther King, Washington, Memorial, Labor, Columbus and Thanksgiving.
fn is_weekday_holiday(day: Date) -> bool {
    let week = (day.day() - 1) / 7 + 1;
    match (day.weekday(), day.month()) {
        (Weekday::Monday, 1 | 2) => week == 3,
        (Weekday::Monday, 5) => day.day() > 24,
        (Weekday::Monday, 9) => week == 1,
        (Weekday::Monday, 10) => week == 2,
        (Weekday::Thursday, 11) => week == 4,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn holidays_of_the_federal_reserve() {
        // As the Federal Reserve publishes them; a Saturday's holiday is not moved, a Sunday's is.
        let holidays = [
            "2026-01-01",
            "2026-01-19",
            "2026-02-16",
            "2026-05-25",
            "2026-06-19",
            "2026-09-07",
            "2026-10-12",
            "2026-11-11",
            "2026-11-26",
            "2026-12-25",
            "2027-01-01",
            "2027-01-18",
            "2027-02-15",
            "2027-05-31",
            "2027-07-05",
            "2027-09-06",
            "2027-10-11",
            "2027-11-11",
            "2027-11-25",
            "2023-01-02",
            "2022-06-20",
            "2021-07-05",
        ];
        for holiday in holidays {
            assert!(!is_business_day(day(holiday)), "{holiday}");
        }
        let open = [
            "2026-07-03",
            "2027-12-24",
            "2027-06-18",
            "2021-06-18",
            "2026-11-27",
            "2026-01-02",
            "2026-05-18",
            "2021-12-31",
        ];
        for open in open {
            assert!(is_business_day(day(open)), "{open}");
        }
        let year = (1..=365).filter_map(|of_year| Date::new(2026, 1, 1).ok()?.with().day_of_year(of_year).build().ok());
        // 261 weekdays, and ten holidays on them: Independence Day is a Saturday.
        assert_eq!(year.filter(|day| is_business_day(*day)).count(), 251);
    }

    #[test]
    fn next_business_day_and_its_beginning() {
        let friday = Day(day("2026-12-24")).next_business_day();
        assert_eq!(friday, Day(day("2026-12-28")), "Christmas is a Friday");
        // 2026-12-28T05:00:00Z.
        assert_eq!(friday.begin(), 1_798_434_000_000);
        assert_eq!(Day::of(friday.begin()), friday);
        assert_eq!(Day::of(friday.begin() - 1), Day(day("2026-12-27")));
        assert_eq!(Day(Date::MAX).next_business_day(), Day(Date::MAX));
    }
}
