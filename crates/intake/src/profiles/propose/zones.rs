//! Which clock the headers of start and end name, such as `Start (CET)` or `Ended UTC`.

use kerbwatt_model::Zone;

use super::words::words;

/// The clock that a header names.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Named {
    /// An IANA zone.
    Zone(String),
    /// That of the place, whichever it is.
    Local,
    /// One that means more than one zone, or none that is known.
    Unclear,
}

/// The clock of start and end, and why it is not certain.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Clock {
    /// IANA zone, where a header names one.
    pub(super) zone: Option<String>,
    pub(super) doubt: Option<String>,
}

const ZONES: [(&str, &str); 17] = [
    ("UTC", "utc gmt zulu z"),
    ("Europe/London", "bst london uk british"),
    ("Europe/Paris", "cet cest paris"),
    ("Europe/Berlin", "berlin mez mesz"),
    ("Europe/Amsterdam", "amsterdam"),
    ("Europe/Brussels", "brussels"),
    ("Europe/Copenhagen", "copenhagen"),
    ("Europe/Dublin", "dublin"),
    ("Europe/Lisbon", "lisbon"),
    ("Europe/Madrid", "madrid"),
    ("Europe/Oslo", "oslo"),
    ("Europe/Prague", "prague"),
    ("Europe/Rome", "rome"),
    ("Europe/Stockholm", "stockholm"),
    ("Europe/Vienna", "vienna"),
    ("Europe/Warsaw", "warsaw"),
    ("Europe/Zurich", "zurich"),
];

/// Abbreviations that several zones share, or that say nothing of summer time.
const UNCLEAR: [&str; 14] =
    ["est", "edt", "cst", "cdt", "mst", "mdt", "pst", "pdt", "ist", "eet", "eest", "aest", "aedt", "jst"];

/// The clock by the headers of the start and of the end, of which each may be a date and a clock; the end has none where a file has
/// a duration instead.
pub(super) fn of_headers(start: &[&str], end: &[&str]) -> Clock {
    let all = || start.iter().chain(end);
    if let Some(header) = all().find(|header| named(header) == Some(Named::Unclear)) {
        let doubt = format!("“{header}” names a clock that could be that of several zones: choose the zone.");
        return Clock { zone: None, doubt: Some(doubt) };
    }
    let (first, last) = (of_side(start), of_side(end));
    let (Some((header, clock)), zone) = (first.as_ref().or(last.as_ref()), zone_of(first.as_ref().or(last.as_ref())))
    else {
        return Clock::default();
    };
    let other = if first.is_some() { &last } else { &first };
    let doubt = match other {
        Some((_, other)) if other == clock => None,
        Some((second, _)) => Some(format!("“{header}” and “{second}” name different clocks.")),
        // Clocks of the place are those that are meant where nothing is said.
        None if end.is_empty() || is_usual(clock) => None,
        None => Some(format!("“{header}” names a clock, and its counterpart none: both should be on the same.")),
    };
    Clock { zone, doubt }
}

fn is_usual(clock: &Named) -> bool {
    *clock == Named::Local || *clock == Named::Zone("Europe/London".to_owned())
}

fn of_side<'h>(headers: &[&'h str]) -> Option<(&'h str, Named)> {
    headers.iter().find_map(|header| Some((*header, named(header)?)))
}

fn zone_of(side: Option<&(&str, Named)>) -> Option<String> {
    match side {
        Some((_, Named::Zone(zone))) => Some(zone.clone()),
        _ => None,
    }
}

fn named(header: &str) -> Option<Named> {
    if let Some(named) = iana(header).or_else(|| of_america(header)).or_else(|| offset(header)) {
        return Some(named);
    }
    let words = words(header);
    let zone = |word: &String| ZONES.iter().find(|(_, known)| known.split(' ').any(|known| known == word));
    if let Some((zone, _)) = words.iter().find_map(zone) {
        return Some(Named::Zone((*zone).to_owned()));
    }
    match () {
        () if words.iter().any(|word| UNCLEAR.contains(&word.as_str())) => Some(Named::Unclear),
        () if words.iter().any(|word| word == "local") => Some(Named::Local),
        () => None,
    }
}

/// A zone by its name in the database of zones, such as `America/New_York`.
fn iana(header: &str) -> Option<Named> {
    let names = header.split(|letter: char| letter.is_whitespace() || "()[],;".contains(letter));
    let name = names.filter(|name| name.contains('/')).find(|name| Zone::named(name).is_ok())?;
    Some(Named::Zone(name.to_owned()))
}

/// The clocks of the United States by what people call them: `Eastern Time`, and `ET` in brackets, for elsewhere that is a word.
fn of_america(header: &str) -> Option<Named> {
    const CLOCKS: [(&str, &str, &str); 4] = [
        ("ET", "eastern", "America/New_York"),
        ("CT", "central", "America/Chicago"),
        ("MT", "mountain", "America/Denver"),
        ("PT", "pacific", "America/Los_Angeles"),
    ];
    let bracketed =
        header.split_once(['(', '[']).and_then(|(_, rest)| rest.split_once([')', ']'])).map(|(text, _)| text.trim());
    let words = words(header);
    let is_called = |name: &str| words.iter().any(|word| word == name) && words.iter().any(|word| word == "time");
    let is_bracketed = |text: &str| bracketed.is_some_and(|found| found.eq_ignore_ascii_case(text));
    let found = CLOCKS.iter().find(|(short, name, _)| is_bracketed(short) || is_bracketed(name) || is_called(name))?;
    Some(Named::Zone(found.2.to_owned()))
}

/// A fixed offset such as `UTC+2`, `GMT-05:00` or `(-05:00)`, of whole hours.
fn offset(header: &str) -> Option<Named> {
    let upper = header.to_ascii_uppercase();
    let bare = || {
        let (_, after) = upper.split_once(['(', '['])?;
        after.contains(':').then_some(("", after))
    };
    let after = ["UTC", "GMT"].iter().find_map(|name| upper.split_once(name)).or_else(bare)?.1.trim_start();
    let is_ahead = match after.chars().next()? {
        '+' => true,
        '-' | '−' => false,
        _ => return None,
    };
    let digits: String =
        after.chars().skip(1).skip_while(|letter| *letter == ' ').take_while(char::is_ascii_digit).collect();
    let minutes = after.split_once(':').map_or("00", |(_, minutes)| minutes.get(..2).unwrap_or(minutes));
    let hours: u8 = digits.get(..digits.len().min(2))?.parse().ok()?;
    let is_whole = minutes == "00" && (digits.len() <= 2 || digits.ends_with("00"));
    Some(match hours {
        _ if !is_whole => Named::Unclear,
        0 => Named::Zone("UTC".to_owned()),
        // The names count the other way round: Etc/GMT-2 is two hours ahead of Greenwich.
        1..=12 => Named::Zone(format!("Etc/GMT{}{hours}", if is_ahead { '-' } else { '+' })),
        _ => Named::Unclear,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_zone_of_a_header_is_read_where_it_means_one() {
        for (header, zone) in [
            ("Start (CET)", "Europe/Paris"),
            ("End (CEST)", "Europe/Paris"),
            ("Start Paris time", "Europe/Paris"),
            ("local time Berlin", "Europe/Berlin"),
            ("start_utc", "UTC"),
            ("StartUTC", "UTC"),
            ("Start (GMT)", "UTC"),
            ("Start (BST)", "Europe/London"),
            ("Start (UTC+2)", "Etc/GMT-2"),
            ("Start UTC +02:00", "Etc/GMT-2"),
            ("Start GMT-5", "Etc/GMT+5"),
            ("Start (UTC+0)", "UTC"),
            ("Start (America/New_York)", "America/New_York"),
            ("Start US/Pacific", "US/Pacific"),
            ("Start (ET)", "America/New_York"),
            ("Start (Pacific)", "America/Los_Angeles"),
            ("Mountain Time start", "America/Denver"),
            ("Start (-05:00)", "Etc/GMT+5"),
            ("End [+02:00]", "Etc/GMT-2"),
        ] {
            assert_eq!(named(header), Some(Named::Zone(zone.to_owned())), "{header}");
            assert!(Zone::named(zone).is_ok(), "{zone}");
        }
        for header in ["Start (EST)", "Start UTC+5:30", "Start UTC+0530", "Start UTC+99"] {
            assert_eq!(named(header), Some(Named::Unclear), "{header}");
        }
        assert_eq!((named("Start local"), named("Start")), (Some(Named::Local), None));
        assert!(ZONES.iter().all(|(zone, _)| Zone::named(zone).is_ok()));
    }

    #[test]
    fn start_and_end_on_different_clocks_are_doubted() {
        let clock = |start: &[&str], end: &[&str]| {
            let clock = of_headers(start, end);
            (clock.zone, clock.doubt.is_some())
        };
        let zone = |name: &str| Some(name.to_owned());
        assert_eq!(clock(&["Start (CET)"], &["End (CET)"]), (zone("Europe/Paris"), false));
        assert_eq!(clock(&["Start (CET)"], &["End (CEST)"]), (zone("Europe/Paris"), false));
        assert_eq!(clock(&["Started UTC"], &["Ended local"]), (zone("UTC"), true));
        assert_eq!(clock(&["Started"], &["Ended UTC"]), (zone("UTC"), true));
        assert_eq!(clock(&["Start UTC"], &[]), (zone("UTC"), false));
        assert_eq!(clock(&["Start date (UTC)", "Start time"], &["End date (UTC)", "End time"]), (zone("UTC"), false));
        assert_eq!(clock(&["Start (BST)"], &["End"]), (zone("Europe/London"), false));
        assert_eq!(clock(&["Start (EST)"], &["End (EST)"]), (None, true));
        assert_eq!(clock(&["Start local"], &["End local"]), (None, false));
        assert_eq!(clock(&["Start"], &["End"]), (None, false));
    }

    proptest! {
        #[test]
        fn any_header_is_asked_without_harm(header in "\\PC{0,24}|(UTC|GMT)[ +:−0-9-]{0,10}") {
            let _ = named(&header);
        }
    }
}
