//! Numbers and times written as bytes.

use crate::clock::Wall;

/// A number.
pub(crate) fn number(out: &mut Vec<u8>, value: i64) {
    if value < 0 {
        out.push(b'-');
    }
    padded(out, value.unsigned_abs(), 1);
}

/// A number with leading zeros to a width.
pub(crate) fn padded(out: &mut Vec<u8>, value: u64, width: usize) {
    let mut digits = [b'0'; 20];
    let (mut rest, mut at) = (value, digits.len());
    while rest > 0 || digits.len() - at < width.min(20) {
        at -= 1;
        digits[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
    }
    out.extend_from_slice(&digits[at..]);
}

/// A number of parts with so many decimals: 1234 parts with 3 decimals are `1.234`.
pub(crate) fn decimal(out: &mut Vec<u8>, parts: i64, decimals: u32, point: u8) {
    if parts < 0 {
        out.push(b'-');
    }
    let unit = 10_u64.pow(decimals);
    padded(out, parts.unsigned_abs() / unit, 1);
    out.push(point);
    padded(out, parts.unsigned_abs() % unit, decimals as usize);
}

/// `31/12/2024` with any separator.
pub(crate) fn day_first(out: &mut Vec<u8>, wall: Wall, separator: u8) {
    day_month(out, wall, separator);
    padded(out, u64::from(wall.day.year().unsigned_abs()), 4);
}

/// `31-12-24` with any separator.
pub(crate) fn day_first_short(out: &mut Vec<u8>, wall: Wall, separator: u8) {
    day_month(out, wall, separator);
    padded(out, u64::from(wall.day.year().unsigned_abs()) % 100, 2);
}

fn day_month(out: &mut Vec<u8>, wall: Wall, separator: u8) {
    padded(out, u64::from(wall.day.day().unsigned_abs()), 2);
    out.push(separator);
    padded(out, u64::from(wall.day.month().unsigned_abs()), 2);
    out.push(separator);
}

/// `2024-12-31T23:59:59Z`, of a clock that shows UTC.
pub(crate) fn rfc3339(out: &mut Vec<u8>, utc: Wall) {
    padded(out, u64::from(utc.day.year().unsigned_abs()), 4);
    out.push(b'-');
    padded(out, u64::from(utc.day.month().unsigned_abs()), 2);
    out.push(b'-');
    padded(out, u64::from(utc.day.day().unsigned_abs()), 2);
    out.push(b'T');
    clock_time(out, utc);
    out.push(b'Z');
}

/// `23:59:59`.
pub(crate) fn clock_time(out: &mut Vec<u8>, wall: Wall) {
    hour_minute(out, wall);
    out.push(b':');
    padded(out, wall.second.unsigned_abs() % 60, 2);
}

/// `23:59`.
pub(crate) fn hour_minute(out: &mut Vec<u8>, wall: Wall) {
    let minutes = wall.second.unsigned_abs() / 60;
    padded(out, minutes / 60, 2);
    out.push(b':');
    padded(out, minutes % 60, 2);
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn written(write: impl Fn(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        write(&mut out);
        String::from_utf8_lossy(&out).into_owned()
    }

    #[test]
    fn numbers_are_written_with_sign_zeros_and_point() {
        assert_eq!(written(|out| number(out, 0)), "0");
        assert_eq!(written(|out| number(out, -120)), "-120");
        assert_eq!(written(|out| padded(out, 7, 3)), "007");
        assert_eq!(written(|out| decimal(out, -54, 3, b',')), "-0,054");
        assert_eq!(written(|out| decimal(out, 12_345, 2, b'.')), "123.45");
    }

    #[test]
    fn times_are_written_in_each_way() {
        let wall = Wall { day: date(2024, 3, 1), second: 8 * 3600 + 15 * 60 + 9 };
        assert_eq!(written(|out| rfc3339(out, wall)), "2024-03-01T08:15:09Z");
        assert_eq!(written(|out| day_first(out, wall, b'/')), "01/03/2024");
        assert_eq!(written(|out| day_first_short(out, wall, b'-')), "01-03-24");
        assert_eq!(written(|out| hour_minute(out, wall)), "08:15");
    }
}
