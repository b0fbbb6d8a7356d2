//! The same return in every container gives the same rows.

use kerbwatt_intake::{Part, PartOf, ReadSeek, Refusal, SessionReturn, Source, parts, read_register};
use zip::CompressionMethod;

use crate::made::{self, Sheet};
use crate::{read, read_source};

/// What a return says, row by row.
pub(crate) fn said(read: &SessionReturn) -> Vec<String> {
    let session = |session: kerbwatt_model::Session<'_>| {
        format!(
            "{} {} {} {:?} {}..{} {} {:?} {:?}",
            session.row,
            session.session_id,
            session.evse,
            session.connector,
            session.plug_in,
            session.plug_out,
            session.energy_kwh,
            session.fee_pence,
            session.driver,
        )
    };
    let quarantined = read.quarantined.iter().map(|row| format!("{} {} {}", row.row, row.rule, row.energy_kwh));
    let duplicates = read.duplicates.iter().map(|row| format!("{} repeats {}", row.row, row.first_row));
    read.sessions.iter().map(session).chain(quarantined).chain(duplicates).collect()
}

pub(crate) fn plain() -> Vec<String> {
    let said = said(&read(made::csv(",", "\n").as_bytes()).unwrap());
    assert_eq!(said.len(), 10);
    assert!(
        said.contains(&"8 open_session 14.25".to_owned()) && said.contains(&"10 repeats 9".to_owned()),
        "{said:#?}"
    );
    said
}

fn utf16(text: &str) -> Vec<u8> {
    [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect()
}

/// Every container with the return in it.
pub(crate) fn containers() -> Vec<(&'static str, Vec<u8>)> {
    let csv = made::csv(",", "\n");
    let latin = |text: &str| text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect::<Vec<u8>>();
    let (objects, ocpi) = (made::objects(), made::ocpi());
    let array = format!("[{}]", objects.join(",\n"));
    let book = made::workbook(&[made::sheet("Return")], false);
    let pages: Vec<String> = ocpi
        .chunks(4)
        .map(|page| format!(r#"{{"data":[{}],"status_code":1000,"timestamp":"2024-04-01T00:00:00Z"}}"#, page.join(",")))
        .collect();
    vec![
        ("CSV in UTF-8 with a mark", [b"\xEF\xBB\xBF", csv.as_bytes()].concat()),
        ("CSV in UTF-16", utf16(&csv)),
        ("CSV in UTF-16, high byte first", csv.encode_utf16().flat_map(u16::to_be_bytes).collect()),
        ("CSV in Windows-1252", latin(&csv)),
        ("CSV with tabs and CRLF", made::csv("\t", "\r\n").into_bytes()),
        ("CSV with carriage returns only", made::csv(";", "\r").into_bytes()),
        ("gzip", made::gzip(csv.as_bytes())),
        ("gzip of UTF-16", made::gzip(&utf16(&csv))),
        ("gzip in two members", [made::gzip(&csv.as_bytes()[..300]), made::gzip(&csv.as_bytes()[300..])].concat()),
        ("zip", made::zip(&[("return.csv", csv.as_bytes())])),
        ("zip, not packed", made::zip_by(CompressionMethod::Stored, &[("a/b/return.csv", csv.as_bytes())])),
        ("zip of gzip", made::zip(&[("return.csv.gz", &made::gzip(csv.as_bytes()))])),
        ("zip of Windows-1252", made::zip(&[("return.csv", &latin(&csv))])),
        ("XLSX", book.clone()),
        ("zip of XLSX", made::zip(&[("book.xlsx", &book)])),
        ("gzip of XLSX", made::gzip(&book)),
        ("JSON", array.clone().into_bytes()),
        ("JSON in UTF-16", utf16(&array)),
        ("JSON with data", format!(r#"{{"data":{array},"total":10}}"#).into_bytes()),
        ("JSON with _items", format!(r#"{{"_items":{array},"_meta":{{"page":1}}}}"#).into_bytes()),
        ("JSON with results", format!(r#"{{"results":{array}}}"#).into_bytes()),
        ("JSON one level down", format!(r#"{{"reply":{{"rows":{array}}},"time":3}}"#).into_bytes()),
        ("NDJSON", objects.join("\n").into_bytes()),
        ("gzip of NDJSON", made::gzip(objects.join("\r\n").as_bytes())),
        ("zip of JSON", made::zip(&[("return.json", array.as_bytes())])),
        ("OCPI", format!(r#"{{"data":[{}],"status_code":1000}}"#, ocpi.join(",")).into_bytes()),
        ("OCPI in pages", pages.join("\n").into_bytes()),
        ("OCPI in a list of pages", format!("[{}]", pages.join(",")).into_bytes()),
    ]
}

#[test]
fn the_same_return_in_every_container_gives_the_same_rows() {
    let plain = plain();
    for (name, bytes) in containers() {
        assert_eq!(read(&bytes).map(|read| said(&read)).as_ref(), Ok(&plain), "{name}");
        assert_eq!(parts(&bytes).unwrap(), [Part { name: String::new(), skipped: None, refused: None }], "{name}");
    }
}

#[test]
fn the_tables_of_a_file_are_listed_and_read_by_name() {
    let csv = made::csv(",", "\n");
    let book = made::workbook(
        &[
            made::sheet("March"),
            Sheet::of("Notes", vec![vec![made::Cell::Text("Nothing here".into())]]),
            Sheet { is_hidden: true, ..made::sheet("Old") },
            made::sheet("April"),
        ],
        false,
    );
    let bytes = made::zip(&[
        ("returns/a.csv", csv.as_bytes()),
        ("returns/book.xlsx", &book),
        ("README.txt", b"The returns of March.\nSent by us.\nThank you.\n"),
        ("returns/scan.pdf", b"%PDF-1.7\n"),
        ("__MACOSX/returns/._a.csv", b"\0\x05\x16\x07"),
        ("returns/.DS_Store", b"\0\0\0\x01Bud1"),
        ("returns/empty.csv", b""),
    ]);
    let listed: Vec<(String, Option<String>)> =
        parts(&bytes).unwrap().into_iter().map(|part| (part.name, part.skipped)).collect();
    let wanted = [
        ("returns/a.csv", None),
        ("returns/book.xlsx/March", None),
        ("returns/book.xlsx/Notes", Some("a sheet without a table")),
        ("returns/book.xlsx/Old", Some("a hidden sheet")),
        ("returns/book.xlsx/April", None),
        ("README.txt", Some("text without a table")),
        ("returns/scan.pdf", Some("a PDF document")),
        ("__MACOSX/returns/._a.csv", Some("a file that a program left behind")),
        ("returns/.DS_Store", Some("a file that a program left behind")),
        ("returns/empty.csv", Some("empty")),
    ];
    assert_eq!(listed, wanted.map(|(name, skipped)| (name.to_owned(), skipped.map(str::to_owned))));
    for (name, _) in wanted.iter().filter(|(_, skipped)| skipped.is_none()) {
        assert_eq!(said(&read_source(&PartOf::new(&bytes, name)).unwrap()), plain(), "{name}");
    }
    let tables = ["returns/a.csv", "returns/book.xlsx/March", "returns/book.xlsx/April"].map(str::to_owned);
    assert_eq!(read(&bytes).unwrap_err(), Refusal::SeveralTables { names: tables.to_vec() });
    let refusal = read_source(&PartOf::new(&bytes, "returns/c.csv")).unwrap_err();
    assert_eq!(refusal, Refusal::NoSuchTable { name: "returns/c.csv".into(), known: tables.to_vec() });
}

#[test]
fn an_archive_with_one_table_needs_no_name_whatever_lies_beside_it() {
    let bytes = made::zip(&[("README.md", b"# March\n"), ("march.csv", made::csv(",", "\n").as_bytes())]);
    assert_eq!(said(&read(&bytes).unwrap()), plain());
    let short = b"Usage report\n\nof March\n\nevse,plug_in\n";
    let two = made::zip(&[("short.csv", short), ("march.csv", made::csv(",", "\n").as_bytes())]);
    assert_eq!(read(&two).unwrap_err().code(), "several_tables", "a return is not passed over for having few rows");
    let nothing = made::zip(&[("README.md", b"# March\n"), ("scan.pdf", b"%PDF-1.7")]);
    let refusal = read(&nothing).unwrap_err();
    assert!(refusal.to_string().contains("“scan.pdf” is a PDF document"), "{refusal}");
}

#[test]
fn a_table_that_is_damaged_is_not_passed_over() {
    let csv = made::csv(",", "\n");
    let mut bytes = made::zip_by(CompressionMethod::Stored, &[("a.csv", csv.as_bytes())]);
    let within = bytes.windows(4).position(|window| window == b"card").unwrap();
    bytes[within] = b'C';
    let refusal = read(&bytes).unwrap_err();
    assert!(refusal.to_string().contains("check sum"), "{refusal}");
    let cut = made::gzip(csv.as_bytes());
    assert_eq!(read(&cut[..cut.len() - 20]).unwrap_err().code(), "damaged_file");
    let array = format!("[{}", made::objects().join(","));
    let refusal = read(array.as_bytes()).unwrap_err();
    assert!(refusal.to_string().contains("line 1"), "{refusal}");
}

#[test]
fn bombs_are_stopped() {
    let zeros = [b"a,b\n1,2\n".to_vec(), vec![b'0'; 40 << 20]].concat();
    for bytes in [made::gzip(&zeros), made::zip(&[("a.csv", &zeros)]), made::gzip(&made::gzip(&made::gzip(&zeros)))] {
        let refusal = read(&bytes).unwrap_err();
        assert!(matches!(refusal.code(), "too_large" | "not_text"), "{refusal}");
    }
    let many: Vec<String> = (0..1001).map(|at| format!("{at}.csv")).collect();
    let files: Vec<(&str, &[u8])> = many.iter().map(|name| (name.as_str(), &b"a,b\n1,2\n"[..])).collect();
    assert_eq!(read(&made::zip(&files)).unwrap_err().code(), "too_large");
}

#[test]
fn a_file_with_a_password_is_refused_as_such() {
    let mut bytes = made::zip(&[("a.csv", made::csv(",", "\n").as_bytes())]);
    // Bit 0 of the flags, in the file's own header and in the directory.
    bytes[6] |= 1;
    let directory = bytes.windows(4).rposition(|window| window == b"PK\x01\x02").unwrap();
    bytes[directory + 8] |= 1;
    assert_eq!(read(&bytes).unwrap_err().code(), "encrypted_file");
}

#[test]
fn a_medium_that_fails_is_no_short_file() {
    /// Fails at a place.
    struct Failing(Vec<u8>, u64);
    struct Half<'b>(std::io::Cursor<&'b [u8]>, u64);
    impl std::io::Read for Half<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            let left = self.1.saturating_sub(self.0.position());
            if left == 0 {
                return Err(std::io::Error::other("the disk is gone"));
            }
            let most = buffer.len().min(usize::try_from(left).unwrap());
            self.0.read(&mut buffer[..most])
        }
    }
    impl std::io::Seek for Half<'_> {
        fn seek(&mut self, to: std::io::SeekFrom) -> std::io::Result<u64> {
            self.0.seek(to)
        }
    }
    impl Source for Failing {
        fn open(&self) -> std::io::Result<Box<dyn ReadSeek + '_>> {
            Ok(Box::new(Half(std::io::Cursor::new(&self.0), self.1)))
        }
        fn len(&self) -> u64 {
            self.0.len() as u64
        }
    }
    for (name, bytes) in containers() {
        let half = bytes.len() as u64 / 2;
        let refusal = read_source(&Failing(bytes, half)).unwrap_err();
        let reason = Refusal::CannotRead { reason: "the disk is gone".into() };
        // A zip is read from its end, through a library that may tell of it in its own words.
        assert!(refusal == reason || refusal.to_string().contains("the disk is gone"), "{name}: {refusal:?}");
    }
}

#[test]
fn a_registers_locations_are_read_from_ocpi_and_open_charge_map() {
    let ocpi = r#"{"status_code":1000,"data":[{"country_code":"GB","party_id":"TST","id":"L1","name":"Long Lane","address":"1 Long Lane",
        "city":"London","postal_code":"E1 1AA","country":"GBR","coordinates":{"latitude":"51.5","longitude":"-0.1"},
        "parking_type":"PARKING_LOT","evses":[{"uid":"E1","status":"WORKING","connectors":[{"id":"1","standard":"CHADEMO",
        "power_type":"DC","max_voltage":500,"max_amperage":120,"max_electric_power":50000}]}]}]}"#;
    let read = read_register(ocpi.as_bytes(), "l.json", None).unwrap();
    let entry = &read.entries[0];
    assert_eq!((read.profile.name.as_str(), read.profile.confidence), ("ocpi-locations", 1.0));
    assert_eq!((entry.evse.as_deref(), entry.rated_kw), (Some("E1"), Some(50.0)));
    assert_eq!(
        (entry.siting, entry.address.as_deref()),
        (kerbwatt_model::Siting::CarPark, Some("1 Long Lane, London"))
    );
    let place = r#"[{"ID":7,"AddressInfo":{"Title":"Long Lane","Latitude":51.5,"Longitude":-0.1},"NumberOfPoints":2,
        "Connections":[{"ConnectionTypeID":25,"PowerKW":22.0,"CurrentTypeID":20}]}]"#;
    let read = read_register(place.as_bytes(), "p.json", None).unwrap();
    assert_eq!((read.profile.name.as_str(), read.entries[0].device.as_str()), ("open-charge-map", "7"));
}

#[test]
fn the_answer_of_a_server_that_reports_an_error_is_no_return() {
    let refusal = read(br#"{"status_code":2001,"status_message":"Invalid token","timestamp":"x"}"#).unwrap_err();
    assert!(refusal.to_string().contains("2001") && refusal.to_string().contains("Invalid token"), "{refusal}");
}
