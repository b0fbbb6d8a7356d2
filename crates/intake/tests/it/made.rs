//! Files made for tests: one return of ten rows in every container.

use std::fmt::Write as _;
use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// Columns of the return.
pub(crate) const HEADER: [&str; 8] =
    ["session_id", "evse", "connector", "plug_in", "plug_out", "energy_kwh", "fee_pence", "driver"];

/// The ten rows. The last repeats the ninth, the eighth has no end, the third is at a place with an accent.
pub(crate) fn rows() -> Vec<[String; 8]> {
    let row = |at: u32| {
        let day = format!("2024-03-{:02}", at + 1);
        let evse = if at == 2 { "Rue de l'Éléphant".to_owned() } else { format!("E{}", at % 3) };
        let end = if at == 7 { String::new() } else { format!("{day}T10:30:00Z") };
        let energy = format!("{}", 7.25 + f64::from(at));
        [
            format!("s{at}"),
            evse,
            "1".into(),
            format!("{day}T08:15:00Z"),
            end,
            energy,
            (320 + at).to_string(),
            format!("card-{at}"),
        ]
    };
    (0..9).chain([8]).map(row).collect()
}

/// The return as CSV, with a delimiter.
pub(crate) fn csv(delimiter: &str, line_end: &str) -> String {
    let lines = rows().into_iter().map(|row| row.join(delimiter));
    std::iter::once(HEADER.join(delimiter)).chain(lines).map(|line| line + line_end).collect()
}

/// The return as JSON objects, numbers as numbers; no key where there is nothing.
pub(crate) fn objects() -> Vec<String> {
    let number = |name: &str| matches!(name, "energy_kwh" | "fee_pence" | "connector");
    let field = |(name, value): (&&str, &String)| {
        let value = if number(name) { value.clone() } else { format!("{value:?}") };
        format!("{name:?}:{value}")
    };
    let object = |row: &[String; 8]| {
        let fields: Vec<String> = HEADER.iter().zip(row).filter(|(_, value)| !value.is_empty()).map(field).collect();
        format!("{{{}}}", fields.join(","))
    };
    rows().iter().map(object).collect()
}

/// The return as OCPI sessions of version 2.2.1.
pub(crate) fn ocpi() -> Vec<String> {
    let object = |row: &[String; 8]| {
        let [id, evse, connector, start, end, energy, pence, driver] = row;
        let end = if end.is_empty() { "null".to_owned() } else { format!("{end:?}") };
        let pounds = pence.parse::<f64>().unwrap() / 100.0;
        format!(
            r#"{{"country_code":"GB","party_id":"TST","id":{id:?},"start_date_time":{start:?},"end_date_time":{end},
            "kwh":{energy},"cdr_token":{{"uid":{driver:?},"type":"RFID","contract_id":"c"}},"auth_method":"WHITELIST",
            "location_id":"L1","evse_uid":{evse:?},"connector_id":{connector:?},"currency":"GBP",
            "charging_periods":[{{"start_date_time":{start:?},"dimensions":[{{"type":"ENERGY","volume":{energy}}}]}}],
            "total_cost":{{"excl_vat":1.0,"incl_vat":{pounds}}},"status":"COMPLETED","last_updated":"2024-03-31T00:00:00Z"}}"#
        )
    };
    rows().iter().map(object).collect()
}

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// A zip of files.
pub(crate) fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    zip_by(CompressionMethod::Deflated, files)
}

pub(crate) fn zip_by(method: CompressionMethod, files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in files {
        writer.start_file(*name, SimpleFileOptions::default().compression_method(method)).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// Cells of a sheet.
#[derive(Debug, Clone)]
pub(crate) enum Cell {
    Nothing,
    Text(String),
    Number(f64),
    /// A number with the style of that index: 1 date, 2 time, 3 both, 4 duration.
    Styled(f64, u8),
    Error,
    Bool(bool),
}

/// One sheet of a workbook.
#[derive(Default)]
pub(crate) struct Sheet {
    pub(crate) name: &'static str,
    pub(crate) rows: Vec<Vec<Cell>>,
    pub(crate) merged: Vec<String>,
    pub(crate) is_hidden: bool,
}

impl Sheet {
    pub(crate) fn of(name: &'static str, rows: Vec<Vec<Cell>>) -> Self {
        Self { name, rows, ..Self::default() }
    }

    pub(crate) fn xml(&self) -> String {
        let mut xml = String::from(
            r#"<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>"#,
        );
        for (number, row) in self.rows.iter().enumerate().filter(|(_, row)| !row.is_empty()) {
            write!(xml, r#"<row r="{}">"#, number + 1).unwrap();
            for (column, cell) in row.iter().enumerate() {
                let place = format!("{}{}", char::from(b'A' + u8::try_from(column).unwrap()), number + 1);
                match cell {
                    Cell::Nothing => {}
                    Cell::Text(text) => {
                        write!(xml, r#"<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>"#).unwrap();
                    }
                    Cell::Number(value) => write!(xml, r#"<c r="{place}"><v>{value}</v></c>"#).unwrap(),
                    Cell::Styled(value, style) => {
                        write!(xml, r#"<c r="{place}" s="{style}"><v>{value}</v></c>"#).unwrap();
                    }
                    Cell::Error => write!(xml, r##"<c r="{place}" t="e"><v>#N/A</v></c>"##).unwrap(),
                    Cell::Bool(truth) => {
                        write!(xml, r#"<c r="{place}" t="b"><v>{}</v></c>"#, u8::from(*truth)).unwrap();
                    }
                }
            }
            xml.push_str("</row>");
        }
        xml.push_str("</sheetData>");
        if !self.merged.is_empty() {
            let areas: String = self.merged.iter().map(|area| format!(r#"<mergeCell ref="{area}"/>"#)).collect();
            write!(xml, r#"<mergeCells count="{}">{areas}</mergeCells>"#, self.merged.len()).unwrap();
        }
        xml.push_str("</worksheet>");
        xml
    }
}

/// A workbook of sheets.
pub(crate) fn workbook(sheets: &[Sheet], is_1904: bool) -> Vec<u8> {
    let parts: Vec<(String, bool, String)> =
        sheets.iter().map(|sheet| (sheet.name.to_owned(), sheet.is_hidden, sheet.xml())).collect();
    workbook_of(&parts, is_1904)
}

/// A workbook of sheets given by name, whether hidden, and XML.
pub(crate) fn workbook_of(sheets: &[(String, bool, String)], is_1904: bool) -> Vec<u8> {
    workbook_with(sheets, is_1904, &[])
}

/// The same, with further parts.
pub(crate) fn workbook_with(sheets: &[(String, bool, String)], is_1904: bool, more: &[(&str, &str)]) -> Vec<u8> {
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let (mut listed, mut related) = (String::new(), String::new());
    for (at, (name, is_hidden, _)) in sheets.iter().enumerate() {
        let state = if *is_hidden { r#" state="hidden""# } else { "" };
        let id = at + 1;
        write!(listed, r#"<sheet name="{name}" sheetId="{id}"{state} r:id="rId{id}"/>"#).unwrap();
        write!(
            related,
            r#"<Relationship Id="rId{id}" Type="{relations}/worksheet" Target="worksheets/sheet{id}.xml"/>"#
        )
        .unwrap();
    }
    write!(related, r#"<Relationship Id="rId99" Type="{relations}/styles" Target="styles.xml"/>"#).unwrap();
    let date_1904 = if is_1904 { r#"<workbookPr date1904="1"/>"# } else { "" };
    let book =
        format!(r#"<workbook xmlns="{main}" xmlns:r="{relations}">{date_1904}<sheets>{listed}</sheets></workbook>"#);
    let related = format!(
        r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{related}</Relationships>"#
    );
    let styles = format!(
        r#"<styleSheet xmlns="{main}"><numFmts count="1"><numFmt numFmtId="164" formatCode="dd/mm/yyyy\ hh:mm"/></numFmts>
        <cellXfs count="5"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="20"/><xf numFmtId="164"/><xf numFmtId="46"/></cellXfs></styleSheet>"#
    );
    let mut files: Vec<(String, String)> = vec![
        ("[Content_Types].xml".into(), "<Types/>".into()),
        (
            "_rels/.rels".into(),
            format!(
                r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="{relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
            ),
        ),
        ("xl/workbook.xml".into(), book),
        ("xl/_rels/workbook.xml.rels".into(), related),
        ("xl/styles.xml".into(), styles),
    ];
    for (at, (.., xml)) in sheets.iter().enumerate() {
        files.push((format!("xl/worksheets/sheet{}.xml", at + 1), xml.clone()));
    }
    files.extend(more.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())));
    let files: Vec<(&str, &[u8])> = files.iter().map(|(name, text)| (name.as_str(), text.as_bytes())).collect();
    zip(&files)
}

/// The return as a sheet: numbers as numbers, instants as text.
pub(crate) fn sheet(name: &'static str) -> Sheet {
    let header = HEADER.iter().map(|name| Cell::Text((*name).to_owned())).collect();
    let cell = |text: &String| match text.parse() {
        _ if text.is_empty() => Cell::Nothing,
        Ok(number) => Cell::Number(number),
        Err(_) => Cell::Text(text.clone()),
    };
    let rows = rows().into_iter().map(|row| row.iter().map(cell).collect());
    Sheet::of(name, std::iter::once(header).chain(rows).collect())
}
