//! What is done with bytes from anywhere, one function for each parser: the fuzz targets in `fuzz/` call these, and
//! `fuzzed.rs` replays the corpus through them. Nothing may panic, and no row or kilowatt-hour may get lost.
//!
//! Packed formats are made around the bytes, so that no check sum stands between them and the parser.

use std::collections::BTreeSet;

use kerbwatt_intake::{
    Declared, Kind, NoRegister, PartOf, Profile, Refusal, RepairKind, SessionReturn, Source, Thresholds, original_rows,
    parts, propose, read_register, read_register_with, read_sessions,
};
use kerbwatt_model::OperatorId;

/// Longest input, bytes: what is longer repeats itself.
pub(crate) const LONGEST: usize = 64 << 10;

/// Text with delimiters: encodings, dialects, titles above and totals below.
pub(crate) fn delimited(bytes: &[u8]) {
    whole(cut(bytes));
}

/// JSON: arrays, lines, OCPI and its envelopes, Open Charge Map.
pub(crate) fn json(bytes: &[u8]) {
    whole(cut(bytes));
    register(bytes);
}

/// Zip and gzip: the bytes themselves; and, where they are none, members of a zip, divided by zero bytes, one of them packed again.
pub(crate) fn packed(bytes: &[u8]) {
    let bytes = cut(bytes);
    whole(bytes);
    if !bytes.starts_with(b"PK") && !bytes.starts_with(&[0x1F, 0x8B]) {
        let members: Vec<&[u8]> = bytes.split(|byte| *byte == 0).take(8).collect();
        let names = ["a.csv", "b.json", "c.txt", "d/e.csv", "f.xlsx", "g.csv.gz", "h.zip", "i"];
        let zip = stored(&names.into_iter().zip(members).collect::<Vec<_>>());
        whole(&zip);
        whole(&stored(&[("inner.zip", &zip)]));
    }
}

/// A workbook: the bytes themselves where they are a zip; otherwise its parts, divided by zero bytes.
pub(crate) fn workbook(bytes: &[u8]) {
    let bytes = cut(bytes);
    if bytes.starts_with(b"PK") {
        return whole(bytes);
    }
    let mut given = bytes.split(|byte| *byte == 0);
    let mut next = |usual: &'static [u8]| given.next().filter(|part| !part.is_empty()).unwrap_or(usual);
    let sheet = next(b"<worksheet/>");
    let strings = next(b"<sst/>");
    let styles = next(STYLES);
    let book = next(BOOK);
    let related = next(RELATED);
    whole(&stored(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("_rels/.rels", PACKAGE),
        ("xl/workbook.xml", book),
        ("xl/_rels/workbook.xml.rels", related),
        ("xl/styles.xml", styles),
        ("xl/sharedStrings.xml", strings),
        ("xl/worksheets/sheet1.xml", sheet),
    ]));
}

/// Single cells: dates, clocks, numbers, lengths, in every way that a layout may write them. Lines are cells of a row.
pub(crate) fn fields(bytes: &[u8]) {
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(2_000)]).into_owned();
    let cells: Vec<&str> = text.lines().take(4).collect();
    let cell = |at: usize| cells.get(at).or(cells.first()).copied().unwrap_or_default();
    for (at, times) in TIMES.iter().enumerate() {
        let (duration, comma) = (DURATIONS[at % DURATIONS.len()], at % 2 == 0);
        let end = if at % 3 == 0 { "duration='length'" } else { "plug_out='to'\nduration='length'" };
        let toml = format!(
            "kind='sessions'\nzone='Europe/London'\ntimes='{times}'\nduration='{duration}'\ncomma_decimal={comma}\n[columns]\nevse='cp'\nplug_in='from'\n{end}\n\
             energy='kwh'\nfee='fee'\ndriver='who'"
        );
        let mut file = "cp,from,to,length,kwh,fee,who\n".to_owned();
        for turn in 0..4 {
            let quoted = |by: usize| format!("\"{}\"", cell(turn + by).replace('"', "\"\""));
            let row: Vec<String> = (0..4).map(quoted).collect();
            file += &format!("{},{},{},{},{},{},{}\n", row[3], row[0], row[1], row[2], row[3], row[1], row[2]);
            file += &format!(
                "E1,{},{},{},5,,x\nE1,2018-06-01 10:00,{},{},{},1,\n",
                row[0], row[0], row[0], row[1], row[2], row[0]
            );
        }
        let own = Profile::from_toml("fields", &toml).expect("a layout");
        let _ = read(&file.into_bytes(), Some(&own), false);
    }
}

const TIMES: [&str; 10] = [
    "day_first",
    "month_first",
    "year_first",
    "rfc3339",
    "epoch",
    "epoch_ms",
    "rfc2822",
    "java_script",
    "mixed",
    "serial",
];
const DURATIONS: [&str; 4] = ["minutes", "seconds", "hours", "clock"];

/// A layout as TOML: what can be read can be written and read again, and reads files.
pub(crate) fn profile(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(&bytes[..bytes.len().min(LONGEST)]) else { return };
    let Ok(profile) = Profile::from_toml("fuzzed", text) else { return };
    let written = profile.to_toml().expect("what was read can be written");
    assert_eq!(Profile::from_toml("fuzzed", &written).expect("what was written can be read"), profile, "{written}");
    let _ = read(FILE, Some(&profile), false);
    let _ = read_register_with(FILE, "f.csv", Some("fuzzed"), std::slice::from_ref(&profile), &RepairKind::ALL);
}

const FILE: &[u8] = b"id,cp,Start,End,Start Time,End Time,kWh,Cost,lat,lon,kW\n\
    1,A,01/06/2018,01/06/2018,10:00,11:30,7.5,1.20,51.5,-0.1,7\n\
    2,B,13/06/2018,14/06/2018,23:00,01:30,12,,56.4,-2.9,50\n\
    3,A,2018-06-03T10:00:00Z,2018-06-03T11:00:00+01:00,,,\"7,5\",1,,,\nTotal,,,,,,27\n";

/// A register of charge points.
pub(crate) fn register(bytes: &[u8]) {
    let bytes = cut(bytes);
    let _ = propose(bytes, Kind::Register);
    for read in [
        read_register(bytes, "f.csv", None),
        read_register_with(bytes, "f.csv", Some("ncr"), &[], &RepairKind::ALL),
        read_register_with(bytes, "f.csv", Some("ocpi-locations"), &[], &RepairKind::ALL),
    ] {
        let Ok(read) = read else { continue };
        assert_eq!(read.rows_read, (read.entries.len() + read.rejected.len()) as u64);
        for entry in &read.entries {
            assert!(entry.latitude.is_none_or(f64::is_finite) && entry.longitude.is_none_or(f64::is_finite));
            assert!(entry.rated_kw.is_none_or(f64::is_finite));
        }
    }
}

fn cut(bytes: &[u8]) -> &[u8] {
    &bytes[..bytes.len().min(LONGEST)]
}

/// A file as a whole, and each of its tables.
fn whole(bytes: &[u8]) {
    let _ = propose(bytes, Kind::Sessions);
    if let Ok(read) = read(bytes, None, true) {
        // What a file reads as does not depend on who asks.
        assert_eq!(self::read(bytes, None, true).expect("as before").sessions, read.sessions);
    }
    let listed = parts(&bytes).unwrap_or_default();
    for part in
        listed.iter().filter(|part| part.skipped.is_none() && part.refused.is_none() && !part.name.is_empty()).take(4)
    {
        let _ = read(&PartOf::new(&bytes, &part.name), None, true);
    }
}

/// Reads sessions, checks that nothing is lost, and does the same with every repair that is proved.
fn read<S: Source + ?Sized>(source: &S, own: Option<&Profile>, propose: bool) -> Result<SessionReturn, Refusal> {
    let operator = OperatorId::parse("gb-fzz").expect("an id");
    let declared = Declared {
        file_name: "f.csv",
        profile: own.map(|profile| profile.name.as_str()),
        own: own.map_or(&[], std::slice::from_ref),
        propose,
        period: None,
        received: None,
        operator: &operator,
        hub_key: &[7; 32],
        repairs: &[],
        thresholds: Thresholds::default(),
        overlap: None,
    };
    let read = read_sessions(source, &declared, &NoRegister)?;
    adds_up(&read);
    let repaired = read_sessions(source, &Declared { repairs: &RepairKind::ALL, ..declared }, &NoRegister)?;
    adds_up(&repaired);
    assert_eq!(repaired.totals.rows_read, read.totals.rows_read);
    let wanted: BTreeSet<u64> = read.quarantined.iter().map(|row| row.row).collect();
    let again = Declared { repairs: &[], ..declared };
    let originals = original_rows(source, &again, &wanted)?;
    assert!(originals.rows.iter().all(|(number, _)| wanted.contains(number)));
    Ok(read)
}

fn adds_up(read: &SessionReturn) {
    let (totals, energy) = (read.totals, read.totals.energy_kwh);
    assert_eq!(totals.rows_read, totals.accepted + totals.quarantined + totals.duplicates);
    let lengths = (read.sessions.len(), read.quarantined.len(), read.duplicates.len());
    assert_eq!(
        (totals.accepted, totals.quarantined, totals.duplicates),
        (lengths.0 as u64, lengths.1 as u64, lengths.2 as u64)
    );
    let parts = [energy.accepted, energy.quarantined, energy.duplicates];
    let size: f64 = energy.read.abs() + parts.iter().map(|part| part.abs()).sum::<f64>() + largest(read);
    assert!(energy.read.is_finite() && parts.iter().all(|part| part.is_finite()), "{energy:?}");
    assert!((energy.read - parts.iter().sum::<f64>()).abs() <= 1e-9 * size.max(1.0), "{energy:?}");
    for session in read.sessions.iter() {
        assert!(session.plug_out >= session.plug_in && session.energy_kwh >= 0.0 && session.energy_kwh.is_finite());
    }
}

/// Energies that all but cancel out leave the error of the larger ones.
fn largest(read: &SessionReturn) -> f64 {
    let rows =
        read.quarantined.iter().map(|row| row.energy_kwh).chain(read.duplicates.iter().map(|row| row.energy_kwh));
    rows.map(f64::abs).sum()
}

/// A zip whose members are stored as they are.
fn stored(files: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut zip, mut directory) = (Vec::new(), Vec::new());
    for (name, bytes) in files {
        let number = |value: usize| u32::try_from(value).expect("small").to_le_bytes();
        let offset = number(zip.len());
        let mut common = vec![20, 0, 0, 8, 0, 0, 0, 0, 0x21, 0x4C];
        for field in [crc32(bytes).to_le_bytes(), number(<[u8]>::len(bytes)), number(<[u8]>::len(bytes))] {
            common.extend(field);
        }
        common.extend(u16::try_from(name.len()).expect("short").to_le_bytes());
        common.extend([0, 0]);
        zip.extend(b"PK\x03\x04");
        zip.extend(&common);
        zip.extend(name.as_bytes());
        zip.extend(*bytes);
        directory.extend(b"PK\x01\x02\x14\x00");
        directory.extend(&common);
        directory.extend([0; 10]);
        directory.extend(offset);
        directory.extend(name.as_bytes());
    }
    let number = |value: usize| u32::try_from(value).expect("small").to_le_bytes();
    let (count, size, offset) = (u16::try_from(files.len()).expect("few"), number(directory.len()), number(zip.len()));
    zip.extend(&directory);
    zip.extend(b"PK\x05\x06\0\0\0\0");
    zip.extend(count.to_le_bytes().iter().chain(&count.to_le_bytes()));
    zip.extend(size.iter().chain(&offset));
    zip.extend([0, 0]);
    zip
}

fn crc32(bytes: &[u8]) -> u32 {
    let step = |crc: u32, _| if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 };
    !bytes.iter().fold(u32::MAX, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), step))
}

const PACKAGE: &[u8] = br#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const RELATED: &[u8] = br#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/><Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/></Relationships>"#;
const BOOK: &[u8] = br#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
const STYLES: &[u8] = br#"<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts count="1"><numFmt numFmtId="164" formatCode="dd/mm/yyyy\ hh:mm"/></numFmts><cellXfs count="5"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="20"/><xf numFmtId="164"/><xf numFmtId="46"/></cellXfs></styleSheet>"#;
