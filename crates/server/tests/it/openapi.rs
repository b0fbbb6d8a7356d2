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
    assert_eq!(document.paths.paths.len(), 17);
    for (path, item) in &document.paths.paths {
        let operation = item.get.as_ref().unwrap();
        assert!(path.starts_with("/api/v1/"), "{path}");
        assert!(operation.summary.as_ref().is_some_and(|text| text.len() > 5), "{path}");
        assert!(operation.responses.responses.contains_key("200"), "{path}");
    }
}
