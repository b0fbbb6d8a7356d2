//! Columns of a few bytes a value: a return may hold a hundred million sessions.

use std::ops::Range;

/// No value.
pub(super) const NONE: u32 = u32::MAX;

/// Marks what is no number of thousandths, but the place of an amount of its own.
const OTHER: u32 = 1 << 31;

/// Numbers, each below [`NONE`] or none. A column in which there is none takes no memory.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Sparse {
    /// Empty as long as no value is there.
    values: Vec<u32>,
    len: usize,
}

impl Sparse {
    /// Makes room for so many more, if this is a column like one that holds values.
    pub(super) fn reserve_like(&mut self, other: &Self, more: usize) {
        if !other.values.is_empty() {
            self.values.reserve(more);
        }
    }

    #[inline]
    pub(super) fn push(&mut self, value: u32) {
        if value != NONE || !self.values.is_empty() {
            self.values.resize(self.len, NONE);
            self.values.push(value);
        }
        self.len += 1;
    }

    pub(super) fn extend(&mut self, values: impl Iterator<Item = u32>) {
        values.for_each(|value| self.push(value));
    }

    /// The values in a stretch; none where all of them are none.
    fn stretch(&self, stretch: Range<usize>) -> Option<&[u32]> {
        self.values.get(stretch).filter(|values| values.iter().any(|value| *value != NONE))
    }

    /// Takes in a stretch of another column, each value as `renamed` has it.
    pub(super) fn append(&mut self, other: &Self, stretch: Range<usize>, renamed: impl FnMut(u32) -> u32) {
        let more = stretch.len();
        if let Some(theirs) = other.stretch(stretch) {
            self.values.resize(self.len, NONE);
            self.values.extend(theirs.iter().copied().map(renamed));
        } else if !self.values.is_empty() {
            self.values.resize(self.len + more, NONE);
        }
        self.len += more;
    }

    /// Whether no value is there.
    pub(super) fn is_blank(&self) -> bool {
        self.values.iter().all(|value| *value == NONE)
    }

    /// Sets the value at a position.
    pub(super) fn set(&mut self, at: usize, value: u32) {
        if self.values.is_empty() {
            self.values.resize(self.len, NONE);
        }
        if let Some(there) = self.values.get_mut(at) {
            *there = value;
        }
    }

    #[inline]
    pub(super) fn get(&self, at: usize) -> Option<u32> {
        self.values.get(at).copied().filter(|value| *value != NONE)
    }
}

/// Amounts, exact to the last bit: those that are whole thousandths as such, which is nearly all that files write.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Amounts {
    thousandths: Sparse,
    others: Vec<f64>,
}

impl Amounts {
    pub(super) fn reserve_like(&mut self, other: &Self, more: usize) {
        self.thousandths.reserve_like(&other.thousandths, more);
    }

    #[inline]
    pub(super) fn push(&mut self, amount: Option<f64>) {
        let code = amount.map_or(NONE, |amount| thousandths(amount).unwrap_or_else(|| self.other(amount)));
        self.thousandths.push(code);
    }

    /// Takes in a stretch of another column.
    pub(super) fn append(&mut self, other: &Self, stretch: Range<usize>) {
        let Self { thousandths, others } = self;
        if other.others.is_empty() {
            return thousandths.append(&other.thousandths, stretch, |code| code);
        }
        thousandths.append(&other.thousandths, stretch, |code| match other.others.get((code ^ OTHER) as usize) {
            Some(amount) => place(others, *amount),
            None => code,
        });
    }

    /// Whether no amount is there.
    pub(super) fn is_blank(&self) -> bool {
        self.thousandths.is_blank()
    }

    /// Sets the amount at a position.
    pub(super) fn set(&mut self, at: usize, amount: f64) {
        let code = thousandths(amount).unwrap_or_else(|| self.other(amount));
        self.thousandths.set(at, code);
    }

    #[inline]
    pub(super) fn get(&self, at: usize) -> Option<f64> {
        let code = self.thousandths.get(at)?;
        if code < OTHER { Some(f64::from(code) / 1000.0) } else { self.others.get((code ^ OTHER) as usize).copied() }
    }

    #[cold]
    fn other(&mut self, amount: f64) -> u32 {
        place(&mut self.others, amount)
    }
}

/// Puts an amount among others and gives the mark of its place.
fn place(others: &mut Vec<f64>, amount: f64) -> u32 {
    others.push(amount);
    u32::try_from(others.len() - 1).unwrap_or(NONE) | OTHER
}

/// The amount in whole thousandths, where that is the same number to the last bit.
#[inline]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "what does not come back is not taken")]
fn thousandths(amount: f64) -> Option<u32> {
    let whole = (amount * 1000.0 + 0.5) as u32;
    let is_same = (f64::from(whole) / 1000.0).to_bits() == amount.to_bits();
    (is_same && whole < OTHER).then_some(whole)
}

/// Where texts end that stand one behind the other, of which there may be more than 4 GiB in all.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Ends {
    /// The lower 32 bits of each.
    low: Vec<u32>,
    /// From which one on the bits above them are one more.
    carries: Vec<usize>,
}

impl Ends {
    pub(super) fn reserve(&mut self, more: usize) {
        self.low.reserve(more);
    }

    /// Notes the end of the next text; ends ascend, and no text has 4 GiB.
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "the rest is carried")]
    pub(super) fn push(&mut self, end: usize) {
        if end >> 32 > self.carries.len() {
            self.carries.push(self.low.len());
        }
        self.low.push(end as u32);
    }

    /// Where a text stands, by its position.
    #[inline]
    pub(super) fn of(&self, at: usize) -> Range<usize> {
        self.before(at)..self.before(at + 1)
    }

    /// Where the text before a position ends.
    #[inline]
    pub(super) fn before(&self, at: usize) -> usize {
        let Some(at) = at.checked_sub(1) else { return 0 };
        let carried = if self.carries.is_empty() { 0 } else { self.carries.partition_point(|from| *from <= at) };
        self.low[at] as usize | carried << 32
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn amount() -> impl Strategy<Value = Option<f64>> {
        prop_oneof![
            Just(None),
            (0_u32..90_000).prop_map(|thousandths| Some(f64::from(thousandths) / 1000.0)),
            prop::sample::select(vec![
                -0.0,
                -1.5,
                0.1 + 0.2,
                f64::MAX,
                f64::INFINITY,
                2_147_483.647,
                2_147_483.648,
                5e9
            ])
            .prop_map(Some),
            any::<f64>().prop_filter("a number", |amount| !amount.is_nan()).prop_map(Some),
        ]
    }

    proptest! {
        #[test]
        fn an_amount_comes_out_to_the_last_bit_also_by_another_column(
            given in prop::collection::vec(amount(), 0..40),
            begin in 0_usize..40,
        ) {
            let bits = |amount: Option<f64>| amount.map(f64::to_bits);
            let mut column = Amounts::default();
            given.iter().for_each(|amount| column.push(*amount));
            let begin = begin.min(given.len());
            let mut other = column.clone();
            other.append(&column, begin..given.len());
            for (at, amount) in given.iter().chain(&given[begin..]).enumerate() {
                prop_assert_eq!(bits(other.get(at)), bits(*amount));
            }
            let mut pushed = Amounts::default();
            given.iter().chain(&given[begin..]).for_each(|amount| pushed.push(*amount));
            prop_assert_eq!(pushed, other);
        }
    }

    #[test]
    fn a_column_without_a_value_takes_no_memory_until_there_is_one() {
        let mut column = Sparse::default();
        column.extend([NONE; 3].into_iter());
        let empty = column.clone();
        column.append(&empty, 0..3, |value| value);
        assert_eq!((column.values.capacity(), column.get(5)), (0, None));
        column.push(7);
        column.append(&empty, 1..3, |value| value);
        assert_eq!((column.get(5), column.get(6), column.get(8), column.len), (None, Some(7), None, 9));
    }

    #[test]
    fn ends_are_right_beyond_four_gigabytes() {
        let ends = [5, 5, 4_294_967_290, 4_294_967_296, 4_294_967_400, 8_589_934_600, 8_589_934_601];
        let mut column = Ends::default();
        ends.iter().for_each(|end| column.push(*end));
        let found: Vec<usize> = (0..=ends.len()).map(|at| column.before(at)).collect();
        assert_eq!(found[1..], ends);
        assert_eq!((column.of(0), column.of(3)), (0..5, 4_294_967_290..4_294_967_296));
    }
}
