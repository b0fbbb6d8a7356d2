//! The description of the API is the one that the web app's types are made from.

use std::path::Path;

/// Set to write the document instead of comparing it.
const UPDATE: &str = "KERBWATT_UPDATE";

#[test]
fn the_openapi_document_is_the_committed_one() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web/openapi.json");
    let document = kerbwatt_server::openapi_json();
    if std::env::var_os(UPDATE).is_some() {
        std::fs::write(&file, &document).unwrap();
    }
    let committed = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        committed == document,
        "web/openapi.json is not what the server says. Run `{UPDATE}=1 cargo test -p kerbwatt-server --test it openapi`, then \
         `npm run types` in web, and commit both."
    );
}

#[test]
fn every_address_has_a_summary_and_is_described_once() {
    let document = kerbwatt_server::openapi();
    let operations = || {
        document.paths.paths.iter().flat_map(|(path, item)| {
            [("GET", &item.get), ("POST", &item.post)].map(|(method, one)| (format!("{method} {path}"), one.as_ref()))
        })
    };
    assert_eq!(operations().filter(|(_, operation)| operation.is_some()).count(), 40);
    for (path, operation) in operations() {
        let Some(operation) = operation else { continue };
        assert!(path.contains(" /api/v1/"), "{path}");
        assert!(operation.summary.as_ref().is_some_and(|text| text.len() > 5), "{path}");
        assert!(operation.responses.responses.contains_key("200"), "{path}");
    }
}
