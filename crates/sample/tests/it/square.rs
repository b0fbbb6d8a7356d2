//! A London of 33 square boroughs.

use jiff::civil::date;
use kerbwatt_sample::{Borough, Sample, SampleReturn, Size};

/// The boroughs: squares in rows of six.
pub(crate) fn boroughs() -> Vec<Borough> {
    let square = |n: u32| {
        let (x, y) = (-0.45 + f64::from(n % 6) * 0.1, 51.3 + f64::from(n / 6) * 0.06);
        Borough { code: format!("E09{:06}", n + 1), name: format!("Square {n}"), bbox: [x, y, x + 0.1, y + 0.06] }
    };
    (0..33).map(square).collect()
}

/// Whether a place lies in the borough of a code.
pub(crate) fn inside(code: &str, latitude: f64, longitude: f64) -> bool {
    let number: u32 = code[3..].parse().unwrap();
    let (x, y) = (-0.45 + f64::from((number - 1) % 6) * 0.1, 51.3 + f64::from((number - 1) / 6) * 0.06);
    (y..y + 0.06).contains(&latitude) && (x..x + 0.1).contains(&longitude)
}

pub(crate) fn sample(size: Size, seed: u64) -> Sample {
    Sample::new(size, seed, &boroughs(), &inside, date(2025, 9, 30))
}

pub(crate) fn written(sample: &Sample, which: &SampleReturn) -> Vec<u8> {
    let mut out = Vec::new();
    sample.write_return(which, &mut out);
    out
}
