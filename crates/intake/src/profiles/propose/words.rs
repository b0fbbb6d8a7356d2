//! What the words of a header say: English, French and German, glued together, abbreviated or with accents.

use super::vocabulary::{ENGLISH, FRENCH, GERMAN, Meaning, Words};

/// What a header says.
#[derive(Debug, Clone, Default)]
pub(super) struct Said {
    meanings: Vec<Meaning>,
    /// Words of which nothing is known.
    unknown: usize,
    /// A word is of another language than English.
    pub(super) is_foreign: bool,
}

/// Letters of a header that are read: what goes on beyond them is no name of a column.
const LONGEST_HEADER: usize = 200;

/// Bytes of the longest word that may be two glued together.
const LONGEST_WORD: usize = 40;

impl Said {
    /// Reads a header.
    pub(super) fn of(header: &str) -> Self {
        let mut said = Self::default();
        let end = header.char_indices().nth(LONGEST_HEADER).map_or(header.len(), |(at, _)| at);
        let words = together(words(&header[..end]));
        for word in &words {
            said.hear(word);
        }
        said.meanings.sort_unstable();
        said.meanings.dedup();
        said
    }

    fn hear(&mut self, word: &str) {
        let known = meanings(word);
        if !known.is_empty() {
            return self.take(&known);
        }
        // Glued together: `startzeit`, `sessionid`.
        let ends = if word.len() > LONGEST_WORD { 0 } else { word.len().saturating_sub(1) };
        let halves = (2..ends).filter_map(|at| word.split_at_checked(at));
        let mut known = halves.map(|(a, b)| (meanings(a), meanings(b))).filter(|(a, b)| !a.is_empty() && !b.is_empty());
        match known.next() {
            Some((first, second)) => {
                self.take(&first);
                self.take(&second);
            }
            None => self.unknown += usize::from(word.bytes().any(|byte| byte.is_ascii_alphabetic())),
        }
    }

    fn take(&mut self, known: &[(Meaning, bool)]) {
        self.meanings.extend(known.iter().map(|(meaning, _)| *meaning));
        self.is_foreign |= known.iter().all(|(_, is_english)| !is_english);
    }

    pub(super) fn says(&self, meaning: Meaning) -> bool {
        self.meanings.contains(&meaning)
    }

    pub(super) fn says_any(&self, meanings: &[Meaning]) -> bool {
        meanings.iter().any(|meaning| self.says(*meaning))
    }

    /// Whether nothing of it is understood.
    pub(super) fn says_nothing(&self) -> bool {
        self.meanings.is_empty()
    }

    /// Whether every word of it is understood.
    pub(super) fn is_understood(&self) -> bool {
        self.unknown == 0 && !self.says_nothing()
    }

    /// How much of it is understood, to tell a header from other rows.
    pub(super) fn understood(&self) -> usize {
        usize::from(!self.says_nothing())
    }
}

/// What a word means, and whether in English.
fn meanings(word: &str) -> Vec<(Meaning, bool)> {
    let of = |words: Words, is_english: bool| {
        let known = words.iter().filter(move |(_, known)| known.split_ascii_whitespace().any(|known| known == word));
        known.map(move |(meaning, _)| (*meaning, is_english)).collect::<Vec<_>>()
    };
    let english = of(ENGLISH, true);
    if english.is_empty() { [of(FRENCH, false), of(GERMAN, false)].concat() } else { english }
}

/// Words that mean something else together: `plug in`, `charge point`, `point of charge`, `number plate`.
fn together(words: Vec<String>) -> Vec<String> {
    let mut joined: Vec<String> = Vec::with_capacity(words.len());
    for word in words {
        let pair = joined.last().map(|last| (last.as_str(), word.as_str()));
        let one = match pair {
            Some(("plug" | "plugged" | "check" | "time" | "date", "in")) => "plugin",
            Some(("plug" | "plugged" | "check" | "time" | "date", "out")) => "plugout",
            Some(("charge" | "charging", "point" | "box" | "unit" | "post" | "pole")) => "chargepoint",
            Some(("number" | "license" | "licence", "plate")) => "plate",
            Some(("post" | "zip", "code")) => "postcode",
            Some(("post", "town") | ("car", "park")) => "site",
            Some(("done" | "finished", "charging")) => "finished",
            Some(("id", "tag")) => "idtag",
            Some(("date", "time")) => "datetime",
            Some(("time", "zone")) => "timezone",
            Some(("ended" | "started" | "stopped", "by") | ("stop" | "end", "reason")) => "reason",
            _ => match pair.and_then(|(one, other)| of_tax(one, other)) {
                Some(word) => word,
                None => {
                    joined.push(word);
                    continue;
                }
            },
        };
        joined.pop();
        joined.push(one.to_owned());
    }
    joined
}

/// What two words say of VAT: `ex VAT`, `VAT included`.
fn of_tax(one: &str, other: &str) -> Option<&'static str> {
    let is_tax = |word: &str| matches!(word, "vat" | "tax" | "taxes");
    let word = match () {
        () if is_tax(other) => one,
        () if is_tax(one) => other,
        () => return None,
    };
    match word {
        "ex" | "exc" | "excl" | "excluding" | "excluded" | "exclusive" | "without" | "before" => Some("exvat"),
        "inc" | "incl" | "including" | "included" | "inclusive" | "with" => Some("incvat"),
        _ => None,
    }
}

/// Words of a header in lower case and without accents: divided at anything that is no letter, and within `startDate`.
pub(super) fn words(header: &str) -> Vec<String> {
    let plain = header.replace("kWh", " kwh ").replace("KWh", " kwh ").replace("MWh", " mwh ").replace("kW", " kw ");
    let mut words = vec![String::new()];
    let mut before = [' ', ' '];
    let letters: Vec<char> = plain.chars().collect();
    for (at, letter) in letters.iter().copied().enumerate() {
        let after = letters.get(at + 1).copied().unwrap_or(' ');
        let is_hump =
            letter.is_uppercase() && (before[1].is_lowercase() || (before[1].is_uppercase() && after.is_lowercase()));
        let is_apart = !letter.is_alphanumeric() || is_hump || letter.is_numeric() != before[1].is_numeric();
        if is_apart && words.last().is_some_and(|word| !word.is_empty()) {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            match letter {
                '£' => word.push_str("pounds"),
                '€' => word.push_str("eur"),
                '$' => word.push_str("usd"),
                _ if letter.is_alphanumeric() => push_plain(word, letter),
                _ => {}
            }
        }
        before = [before[1], letter];
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Adds a letter in lower case and without accent.
fn push_plain(word: &mut String, letter: char) {
    for small in letter.to_lowercase() {
        match small {
            'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' => word.push('a'),
            'ç' => word.push('c'),
            'è' | 'é' | 'ê' | 'ë' => word.push('e'),
            'ì' | 'í' | 'î' | 'ï' => word.push('i'),
            'ñ' => word.push('n'),
            'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' => word.push('o'),
            'ù' | 'ú' | 'û' | 'ü' => word.push('u'),
            'ß' => word.push_str("ss"),
            'œ' => word.push_str("oe"),
            'æ' => word.push_str("ae"),
            _ => word.push(small),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::vocabulary::Meaning as M;
    use super::*;

    #[test]
    fn headers_are_divided_into_plain_words() {
        for (header, read) in [
            ("Start_Date Time", vec!["start", "date", "time"]),
            ("kWhDelivered", vec!["kwh", "delivered"]),
            ("L'énergie (Wh)", vec!["l", "energie", "wh"]),
            ("EVSEUid", vec!["evse", "uid"]),
            ("CPID", vec!["cpid"]),
            ("Amount (£)", vec!["amount", "pounds"]),
            ("Ladesäule", vec!["ladesaule"]),
            ("connector1Type", vec!["connector", "1", "type"]),
            ("", vec![]),
        ] {
            assert_eq!(words(header), read, "{header}");
        }
    }

    #[test]
    fn words_mean_what_they_mean_together() {
        for (header, meanings) in [
            ("Plug in time", vec![M::Start, M::Clock]),
            ("sessionid", vec![M::Session]),
            ("starttime", vec![M::Start, M::Clock]),
            ("Startzeit", vec![M::Start, M::Clock]),
            ("Charge point", vec![M::Point]),
            ("Ended By", vec![M::Sort]),
            ("Kartennummer", vec![M::Id, M::Person]),
            ("xyzzy", vec![]),
            (&"start".repeat(9), vec![]),
            (&format!("{}start", "x ".repeat(100)), vec![]),
            ("Amount (excl. VAT)", vec![M::Money, M::Net]),
            ("Cost inc VAT", vec![M::Money, M::Gross]),
            ("VAT excluded", vec![M::Money, M::Net]),
            ("VAT amount", vec![M::Money, M::Tax]),
            ("VAT", vec![M::Tax]),
        ] {
            assert_eq!(Said::of(header).meanings, meanings, "{header}");
        }
        assert!(Said::of("Date de début").is_foreign && !Said::of("Start date").is_foreign);
    }
}
