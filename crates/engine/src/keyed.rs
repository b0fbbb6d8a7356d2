//! Values by group and buckets.

use crate::sums::Key;

/// Values by key, in the order in which keys were first seen: a key is made once, however many sessions have it.
#[derive(Default)]
pub(crate) struct Keyed<T> {
    short: hashbrown::HashMap<u128, usize>,
    long: hashbrown::HashMap<Key, usize>,
    pub(crate) keys: Vec<Key>,
    pub(crate) values: Vec<T>,
    /// The key asked for last, and its number: neighbours often have the same.
    last: Option<(u128, usize)>,
}

/// A key of up to four numbers as one, which is found and compared faster. Keys of the same question are of the same length.
#[inline]
fn packed(key: &[i32]) -> Option<u128> {
    let join = |all: u128, number: &i32| all << 32 | u128::from(number.cast_unsigned());
    (key.len() <= 4).then(|| key.iter().fold(0, join))
}

impl<T: Default> Keyed<T> {
    /// The value of a key; a new one where there is none.
    pub(crate) fn at(&mut self, key: &[i32]) -> &mut T {
        let next = self.values.len();
        let packed = packed(key);
        let number = match (packed, self.last) {
            (Some(packed), Some((known, number))) if known == packed => number,
            (Some(packed), _) => *self.short.entry(packed).or_insert(next),
            (None, _) => match self.long.get(key) {
                Some(number) => *number,
                None => *self.long.entry(key.to_vec()).or_insert(next),
            },
        };
        self.last = packed.map(|packed| (packed, number));
        if number == next {
            self.keys.push(key.to_vec());
            self.values.push(T::default());
        }
        &mut self.values[number]
    }

    /// The values of several, put together key by key in their order.
    pub(crate) fn merged(all: Vec<Self>, mut add: impl FnMut(&mut T, T)) -> Self {
        let mut all = all.into_iter();
        let mut merged = all.next().unwrap_or_default();
        for more in all {
            for (key, value) in more.keys.iter().zip(more.values) {
                add(merged.at(key), value);
            }
        }
        merged
    }

    pub(crate) fn into_map<U, M: FromIterator<(Key, U)>>(self, of: impl Fn(T) -> U) -> M {
        self.keys.into_iter().zip(self.values).map(|(key, value)| (key, of(value))).collect()
    }
}
