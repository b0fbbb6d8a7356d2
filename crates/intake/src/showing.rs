//! What may be shown of a cell that should hold a time, a length, a number or a fee: only what can belong to such content.
//!
//! A row whose cells are shifted holds a driver's card, name or plate in any of them, and it may stand nowhere else in the file, so
//! that nothing else gives it away. Digits, separators and words of times and amounts say what is wrong with a cell; any other word
//! could be a person's.

use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;

/// Stands for what could name a person.
pub(crate) const HIDDEN: &str = "(hidden)";

/// Digits of a number beyond which it could be that of a card, a contract or a phone.
const MOST_DIGITS: usize = 8;

/// What programs and people write where there is nothing, and what a spreadsheet shows for an error.
const FILLERS: &str = "null none nil nan na n a nat inf infinity unknown undefined error err invalid failed failure fail missing empty \
     blank tbc tba tbd soon later ongoing open active pending running charging started stopped ended end start now still in progress \
     not available applicable no yes so many value ref div name num true false total sum noon midnight today yesterday";

/// Words of times and amounts. People are called April, Day, May and Sun, so that these count only beside digits.
const UNITS: &str = "am pm t z utc gmt bst cet cest eet eest wet est edt cst cdt mst mdt pst pdt \
     h hr hrs hour hours m min mins minute minutes s sec secs second seconds ms d day days \
     std stunde stunden minuten sekunden tag tage heure heures jour jours \
     kwh wh mwh kw w gbp eur usd chf p pence pounds pound euro euros cent cents \
     jan january feb february mar march apr april may jun june jul july aug august sep sept september oct october \
     nov november dec december mon monday tue tues tuesday wed wednesday thu thur thurs thursday fri friday sat saturday sun sunday \
     januar februar märz maerz mai juni juli oktober okt dez dezember \
     janvier février fevrier mars avril juin juillet août aout septembre octobre novembre décembre decembre";

/// Words that stand right before or behind digits, such as `08T15`, `15Z`, `3pm` and `5Mar2024`.
const GLUED: &str = "t z am pm h hr hrs min mins m s sec p pt st nd rd th \
     jan feb mar apr may jun jul aug sep oct nov dec";

/// Units that stand right before or behind a number of any length.
const MEASURES: &str = "kwh wh gbp eur";

/// Digits that letters stand right beside, or in a text with other words: those of a year.
const FEW_DIGITS: usize = 4;

/// The text, with what cannot belong to a time, a length or an amount replaced by `(hidden)`.
pub(crate) fn content(text: &str) -> Cow<'_, str> {
    let has_digits = text.bytes().any(|byte| byte.is_ascii_digit());
    let may_be_number = is_short_number(text);
    let are_digits_plain = may_be_number || are_plain(text);
    let is_shown = |token: &str| {
        let digits = digits(token);
        let fits = may_be_number || digits <= MOST_DIGITS || is_stamp(token);
        if digits == 0 {
            is_word(token, has_digits)
        } else {
            fits && are_digits_plain && (is_stamp(token) || is_glued(token))
        }
    };
    let shown: Vec<(Range<usize>, usize, bool)> =
        in_words(text).map(|(token, word)| (token.clone(), word, is_shown(&text[token]))).collect();
    if shown.iter().all(|(.., is_shown)| *is_shown) {
        return Cow::Borrowed(text);
    }
    // What stands in one word with it, or is a long number beside it, may be part of the same id.
    let is_apart = |token: &str| digits(token) <= FEW_DIGITS || is_stamp(token);
    let tainted: HashSet<usize> = shown.iter().filter(|(.., is_shown)| !is_shown).map(|(_, word, _)| *word).collect();
    let hidden = shown.iter().filter(|(token, word, _)| tainted.contains(word) || !is_apart(&text[token.clone()]));
    Cow::Owned(without(text, &hidden.map(|(token, ..)| token.clone()).collect::<Vec<_>>()))
}

/// Numbers each token's word: what blanks divide.
fn in_words(text: &str) -> impl Iterator<Item = (Range<usize>, usize)> {
    let (mut end, mut word) = (0, 0);
    tokens(text).map(move |token| {
        word += usize::from(text[end..token.start].contains(char::is_whitespace));
        end = token.end;
        (token, word)
    })
}

fn digits(token: &str) -> usize {
    token.bytes().filter(u8::is_ascii_digit).count()
}

/// The text without some of its tokens; those that only separators divide are hidden together, for their number could tell too.
fn without(text: &str, hidden: &[Range<usize>]) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut end = 0;
    for (at, token) in hidden.iter().enumerate() {
        let between = &text[end..token.start];
        if at == 0 || between.chars().any(char::is_alphanumeric) {
            shown.push_str(between);
            shown.push_str(HIDDEN);
        }
        end = token.end;
    }
    shown + &text[end..]
}

/// Stretches of letters and digits.
fn tokens(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut from = 0;
    std::iter::from_fn(move || {
        let begin = from + text.get(from..)?.find(char::is_alphanumeric)?;
        let rest = text.get(begin..)?;
        from = rest.find(|letter: char| !letter.is_alphanumeric()).map_or(text.len(), |at| begin + at);
        Some(begin..from)
    })
}

fn is_word(token: &str, has_digits: bool) -> bool {
    let word = token.to_lowercase();
    is_among(FILLERS, &word) || (has_digits && is_among(UNITS, &word))
}

fn is_among(words: &str, word: &str) -> bool {
    words.split_ascii_whitespace().any(|known| known == word)
}

/// Whether the letters of a token with digits are known ones, and its digits as few as these go with.
fn is_glued(token: &str) -> bool {
    let lower = token.to_lowercase();
    let letters: Vec<&str> =
        lower.split(|letter: char| letter.is_ascii_digit()).filter(|letters| !letters.is_empty()).collect();
    if letters.iter().all(|letters| is_among(MEASURES, letters)) {
        return letters.len() <= 1;
    }
    // A unit stands behind its number: before one, such a letter is part of a plate or a card.
    let is_unit_first = lower.starts_with(|first: char| !first.is_ascii_digit())
        && letters.first().is_some_and(|first| first.len() < 3 && !is_among("t p pt", first));
    let mut runs = lower.split(|letter: char| !letter.is_ascii_digit());
    // `P1DT2H30M` is the longest.
    letters.len() <= 4
        && !is_unit_first
        && letters.iter().all(|letters| is_among(GLUED, letters))
        && runs.all(|run| run.len() <= FEW_DIGITS)
}

/// A date, or date and time, in one stretch of digits.
fn is_stamp(token: &str) -> bool {
    let is_date = |part: &str| part.len() == 8 && (part.starts_with("19") || part.starts_with("20"));
    let is_clock = |part: &str| matches!(part.len(), 0 | 4 | 6);
    let (date, clock) = token.split_at_checked(8).unwrap_or((token, ""));
    let clock = clock.trim_start_matches(['T', 't']).trim_end_matches(['Z', 'z']);
    let are_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    are_digits(date) && are_digits(clock) && is_date(date) && is_clock(clock)
}

/// Whether a text is a number with few digits before its point: those behind it are the noise of a computation.
fn is_short_number(text: &str) -> bool {
    let bare = text.trim().trim_start_matches(['-', '+', '£', '€', '$', '\'']);
    let (whole, part) = bare.split_once(['.', ',']).unwrap_or((bare, ""));
    let are_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    !whole.is_empty() && whole.len() <= MOST_DIGITS && are_digits(whole) && are_digits(part)
}

/// Whether the digits of a text are those of a time or a grouped number, and not the groups of a card or a phone.
fn are_plain(text: &str) -> bool {
    let mut runs: Vec<(char, &str)> = Vec::new();
    let mut before = ' ';
    let mut rest = text;
    while let Some(begin) = rest.find(|letter: char| letter.is_ascii_digit()) {
        before = rest[..begin].chars().next_back().unwrap_or(before);
        let run = &rest[begin..];
        let end = run.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(run.len());
        runs.push((before, &run[..end]));
        rest = &run[end..];
    }
    if runs.iter().map(|(_, run)| run.len()).sum::<usize>() <= MOST_DIGITS {
        return true;
    }
    let is_part = |at: usize, (before, run): (char, &str)| match run.len() {
        0..=2 => true,
        // An offset, a fraction of a second, or the clock behind a compact date.
        3..=9 if matches!(before, '+' | '-' | '.') && at >= 3 => true,
        4 | 6 if at == 1 && is_stamp(runs[0].1) => true,
        4 => run.starts_with("19") || run.starts_with("20") || run == "0000",
        _ => is_stamp(run),
    };
    let years = runs.iter().filter(|(_, run)| run.len() == 4 && !run.starts_with('0')).count();
    runs.len() <= 9
        && years <= 2
        && (runs.len() <= 6 || years > 0)
        && runs.iter().enumerate().all(|(at, run)| is_part(at, *run))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_wrong_with_a_time_or_an_amount_is_shown() {
        for text in [
            "32/13/2024 08:00",
            "-5.2",
            "1970-01-01",
            "n/a",
            "soon",
            "many",
            "#REF!",
            "#N/A",
            "",
            "£3.20",
            "-1,430.17",
            "2024-05-01T08:15:00Z",
            "2024-05-01T08:15:00.123456+01:00",
            "2024-05-01 25:61:00.5",
            "20240501",
            "202405010815",
            "20240501081500",
            "20240501T081500Z",
            "20240501 081500",
            "5:49 p.m.",
            "31 Feb 2024 08:15",
            "31-Feb-24",
            "Fri Apr 14 2017 00:49:24 GMT+0200 (CEST)",
            "Wed, 25 Apr 2018 11:08:04 GMT",
            "12.5 kWh",
            "12,5kWh",
            "1h 30m",
            "838:59:59",
            "PT1H30M",
            "7.123456789012345",
            "1430",
            "0000-00-00 00:00:00",
            "NaN",
            "not available",
            "1.234.567,5",
            "45352.34375",
            "3rd May 2024",
            "in progress",
        ] {
            assert_eq!(content(text), text);
        }
    }

    #[test]
    fn what_could_name_a_person_is_hidden() {
        for (text, shown) in [
            ("RFIDSECRET9", "(hidden)"),
            ("04A2B3C4D5E6F7", "(hidden)"),
            ("04:A2:B3:C4 08:00", "(hidden) 08:00"),
            ("AB/12/34 2024-05-01", "(hidden) 2024-05-01"),
            ("Jane Marker", "(hidden)"),
            ("April", "(hidden)"),
            ("jane.marker@example.org", "(hidden)"),
            ("AB12 CDE", "(hidden)"),
            ("1234567890", "(hidden)"),
            ("20991234567", "(hidden)"),
            ("1234 5678 9012 3456", "(hidden)"),
            ("+44 7700 900123", "+(hidden)"),
            ("04-11-22-33-44-55-66", "(hidden)"),
            ("GB-ABC-123456", "(hidden)"),
            ("819483H", "(hidden)"),
            ("M55 HMS", "(hidden)"),
            ("card 77 2024-05-01", "(hidden) 77 2024-05-01"),
            ("Zoë", "(hidden)"),
            ("12345678٩", "(hidden)"),
        ] {
            assert_eq!(content(text), shown, "{text}");
        }
    }

    proptest! {
        #[test]
        fn of_any_text_no_unknown_word_and_no_long_number_is_left(text in "[a-zA-Z0-9 :/.@-]{0,40}") {
            let shown = content(&text).replace(HIDDEN, " ");
            for token in tokens(&shown) {
                let token = &shown[token];
                let digits = digits(token);
                let is_known = if digits == 0 { is_word(token, true) } else { is_stamp(token) || is_glued(token) };
                prop_assert!(is_known, "{} of {}", token, text);
                prop_assert!(digits <= MOST_DIGITS || is_stamp(token) || is_short_number(&text), "{} of {}", token, text);
            }
        }

        #[test]
        fn every_civil_time_is_shown_as_it_stands(second in 0_i64..4_000_000_000, format in prop::sample::select(vec![
            "%d/%m/%Y %H:%M", "%Y-%m-%d %H:%M:%S", "%m/%d/%y %H:%M", "%d %b %Y %H:%M:%S", "%Y-%m-%dT%H:%M:%SZ", "%A, %d %B %Y",
            "%Y%m%d%H%M%S", "%d.%m.%Y", "%H:%M:%S", "%I:%M %p",
        ])) {
            let at = jiff::Timestamp::from_second(second).unwrap_or_default();
            let text = at.strftime(format).to_string();
            let is_before = second < 0 && format == "%Y%m%d%H%M%S";
            prop_assert!(is_before || content(&text) == text, "{}", text);
        }
    }
}
