//! Whatever happens to a file on its way: it is read or refused, quickly, and never brings the program down.

use kerbwatt_intake::parts;
use proptest::prelude::*;

use crate::containers::containers;
use crate::{made, read};

/// Reads and lists; what comes out does not matter.
fn survives(bytes: &[u8]) {
    let _ = (read(bytes), parts(&bytes));
}

#[test]
fn every_container_cut_anywhere_is_read_or_refused() {
    for (_, bytes) in containers() {
        let step = (bytes.len() / 100).max(1);
        (0..bytes.len())
            .step_by(step)
            .chain(bytes.len().saturating_sub(40)..bytes.len())
            .for_each(|at| survives(&bytes[..at]));
    }
}

#[test]
fn every_container_with_a_byte_changed_is_read_or_refused() {
    for (_, mut bytes) in containers() {
        let step = (bytes.len() / 100).max(1);
        for at in (0..bytes.len()).step_by(step).chain(bytes.len().saturating_sub(60)..bytes.len()) {
            let change = [0x01, 0x80, 0xFF][at % 3];
            bytes[at] ^= change;
            survives(&bytes);
            bytes[at] ^= change;
        }
    }
}

/// Bytes of a packed file that are changed before it is packed: no check sum stands in the way.
fn changed(xml: &str, at: prop::sample::Index, with: &str) -> String {
    let at = at.index(xml.len());
    let at = (0..=at).rev().find(|at| xml.is_char_boundary(*at)).unwrap_or(0);
    let rest = xml[at..].char_indices().nth(with.chars().count()).map_or("", |(end, _)| &xml[at + end..]);
    format!("{}{with}{rest}", &xml[..at])
}

proptest! {
    #[test]
    fn a_workbook_with_its_xml_changed_is_read_or_refused(
        changes in prop::collection::vec((any::<prop::sample::Index>(), "[ -~]{0,3}|99999999999|XFD1048576|</c>|<v>|t=\"s\"|-1"), 1..4),
    ) {
        let mut sheet = made::sheet("S");
        sheet.merged = vec!["A1:B1".to_owned(), "C1:D2".to_owned()];
        let mut xml = sheet.xml();
        for (at, with) in changes {
            xml = changed(&xml, at, &with);
        }
        survives(&made::workbook_of(&[("S".into(), false, xml)], false));
    }

    #[test]
    fn json_with_its_text_changed_is_read_or_refused(
        changes in prop::collection::vec((any::<prop::sample::Index>(), "[\\[\\]{},:\"0-9a-z ]{0,3}"), 1..4),
    ) {
        let mut text = format!("[{}]", made::ocpi().join(","));
        for (at, with) in changes {
            text = changed(&text, at, &with);
        }
        survives(text.as_bytes());
    }

    #[test]
    fn any_bytes_behind_any_magic_are_read_or_refused(
        magic in prop::sample::select(vec![
            &b"PK\x03\x04"[..], b"PK\x05\x06", b"\x1F\x8B\x08\0", b"\xFF\xFE", b"\xFE\xFF", b"[{", b"{\"", b"\xEF\xBB\xBF", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1",
        ]),
        bytes in prop::collection::vec(any::<u8>(), 0..400),
    ) {
        survives(&[magic, &bytes].concat());
    }
}
