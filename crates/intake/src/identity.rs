//! Identity: what makes two rows the same, and who drove without saying who it was.

use hmac::{Hmac, Mac};
use jiff::Timestamp;
use kerbwatt_model::{Names, OperatorId, Session};
use sha2::{Digest, Sha256};

/// Hash over what makes two rows of one operator the same: EVSE, connector, instants, energy and fee.
///
/// The first 16 bytes of SHA-256 over length-prefixed texts, whole seconds and the bits of the numbers.
#[must_use]
pub fn content_hash(session: &Session<'_>) -> [u8; 16] {
    let mut hash = Sha256::new();
    text(&mut hash, Some(session.evse));
    text(&mut hash, session.connector);
    hash.update(session.plug_in.as_second().to_le_bytes());
    hash.update(session.plug_out.as_second().to_le_bytes());
    hash.update(session.charging_end.map_or(i64::MIN, Timestamp::as_second).to_le_bytes());
    hash.update(session.energy_kwh.to_bits().to_le_bytes());
    hash.update(session.fee_pence.map_or(u64::MAX, f64::to_bits).to_le_bytes());
    first_half(&hash.finalize())
}

/// Whether two rows say the same, without hashing.
pub(crate) fn same_content(a: &Session<'_>, b: &Session<'_>) -> bool {
    a.evse == b.evse
        && a.connector == b.connector
        && a.plug_in == b.plug_in
        && a.plug_out == b.plug_out
        && a.charging_end == b.charging_end
        && a.energy_kwh.to_bits() == b.energy_kwh.to_bits()
        && a.fee_pence.map(f64::to_bits) == b.fee_pence.map(f64::to_bits)
}

/// The session id of a row without one.
pub(crate) fn id_from_content(session: &Session<'_>) -> String {
    let mut id = String::with_capacity(34);
    id.push_str("h:");
    push_hex(&mut id, &content_hash(session));
    id
}

/// Replaces drivers' ids. The ids are held only while a file is read.
pub(crate) struct Pseudonyms {
    keyed: Hmac<Sha256>,
    raw: Names,
    /// By the number of the raw id: the pseudonym.
    pseudonyms: Vec<Box<str>>,
}

impl Pseudonyms {
    /// Pseudonyms of one operator's drivers under the hub's key.
    pub(crate) fn new(hub_key: &[u8; 32], operator: &OperatorId) -> Self {
        #[expect(clippy::expect_used, reason = "HMAC takes a key of any length")]
        let mut keyed = Hmac::<Sha256>::new_from_slice(hub_key).expect("any length is a key");
        keyed.update(operator.as_str().as_bytes());
        keyed.update(&[0]);
        Self { keyed, raw: Names::default(), pseudonyms: Vec::new() }
    }

    /// The pseudonym of an id: 32 hex digits, the same for the same id, operator and hub.
    pub(crate) fn of(&mut self, raw: &str) -> &str {
        let number = self.numbers(std::iter::once(raw)).first().copied().unwrap_or_default();
        &self.pseudonyms[number as usize]
    }

    /// Numbers of drivers here, counted from 0 in the order in which they were first seen.
    pub(crate) fn numbers<'r>(&mut self, raw: impl Iterator<Item = &'r str>) -> Vec<u32> {
        let numbers = self.raw.numbers(raw);
        for number in self.pseudonyms.len()..self.raw.len() {
            let raw = self.raw.text(u32::try_from(number).unwrap_or(u32::MAX));
            let pseudonym = unmarked(raw).map_or_else(|| self.keyed_hash(raw), str::to_owned);
            self.pseudonyms.push(pseudonym.into());
        }
        numbers
    }

    /// All pseudonyms, by the number of their driver.
    pub(crate) fn all(&self) -> &[Box<str>] {
        &self.pseudonyms
    }

    fn keyed_hash(&self, raw: &str) -> String {
        let mut mac = self.keyed.clone();
        mac.update(raw.as_bytes());
        let mut hex = String::with_capacity(32);
        push_hex(&mut hex, &first_half(&mac.finalize().into_bytes()));
        hex
    }

    /// Whether a text from anywhere in the file is a driver's id, and so must not be shown.
    pub(crate) fn knows(&self, raw: &str) -> bool {
        self.raw.knows(raw.trim_ascii())
    }
}

/// Begins a pseudonym that stands in a file in the place of a driver's id.
const MARK: &str = "kw:";

/// A pseudonym as it is written into a file that may be sent again.
pub(crate) fn marked(pseudonym: &str) -> String {
    format!("{MARK}{pseudonym}")
}

/// Whether a cell holds a pseudonym as it is written into a file that may be sent again.
#[must_use]
pub fn is_pseudonym(cell: &str) -> bool {
    unmarked(cell).is_some()
}

/// The pseudonym that stands in the place of a driver's id.
fn unmarked(raw: &str) -> Option<&str> {
    let pseudonym = raw.strip_prefix(MARK)?;
    let is_hex = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'a'..=b'f');
    (pseudonym.len() == 32 && pseudonym.bytes().all(is_hex)).then_some(pseudonym)
}

fn text(hash: &mut Sha256, text: Option<&str>) {
    let length = text.map_or(u64::MAX, |text| text.len() as u64);
    hash.update(length.to_le_bytes());
    hash.update(text.unwrap_or_default().as_bytes());
}

fn first_half(bytes: &[u8]) -> [u8; 16] {
    std::array::from_fn(|at| bytes.get(at).copied().unwrap_or(0))
}

fn push_hex(text: &mut String, bytes: &[u8]) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    for byte in bytes {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn operator(id: &str) -> OperatorId {
        OperatorId::parse(id).unwrap_or_else(|_| unreachable!("a well-formed id"))
    }

    #[test]
    fn a_pseudonym_depends_on_id_operator_and_hub() {
        let of = |key: u8, op: &str, id: &str| Pseudonyms::new(&[key; 32], &operator(op)).of(id).to_owned();
        let one = of(1, "gb-dcc", "819483H");
        assert_eq!(one.len(), 32);
        assert_eq!(one, of(1, "gb-dcc", "819483H"));
        for other in [of(2, "gb-dcc", "819483H"), of(1, "gb-dcd", "819483H"), of(1, "gb-dcc", "819483")] {
            assert_ne!(one, other);
        }
    }

    #[test]
    fn a_marked_pseudonym_is_read_as_the_same_driver() {
        let mut pseudonyms = Pseudonyms::new(&[1; 32], &operator("gb-dcc"));
        let one = pseudonyms.of("819483H").to_owned();
        assert_eq!(pseudonyms.of(&marked(&one)), one);
        for no_pseudonym in ["kw:", "kw:819483H", "kw:ABCDEFABCDEFABCDEFABCDEFABCDEFAB"] {
            assert_ne!(pseudonyms.of(no_pseudonym), no_pseudonym.trim_start_matches("kw:"));
        }
    }

    #[test]
    fn content_is_the_same_only_if_every_part_is() {
        let one = Session { evse: "a", energy_kwh: 1.0, ..Session::empty() };
        assert_eq!(content_hash(&one), content_hash(&Session { row: 9, flags: 1, ..one }));
        for other in [
            Session { evse: "b", ..one },
            Session { connector: Some(""), ..one },
            Session { energy_kwh: 1.001, ..one },
            Session { fee_pence: Some(0.0), ..one },
            Session { charging_end: Some(one.plug_in), ..one },
        ] {
            assert_ne!(content_hash(&one), content_hash(&other));
            assert!(!same_content(&one, &other));
        }
    }
}
