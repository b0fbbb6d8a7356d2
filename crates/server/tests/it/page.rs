//! The web app.

use crate::client::send;

/// The name of a script of the web app; none where it was not built.
async fn script() -> Option<String> {
    let page = send("GET", "/", &[]).await;
    if page.status == 503 {
        assert!(page.text().contains("npm run build"));
        println!("skipped: the web app is not in this build");
        return None;
    }
    assert_eq!(page.status, 200);
    page.text().split('"').find(|text| text.starts_with("/assets/") && text.ends_with(".js")).map(str::to_owned)
}

#[tokio::test]
async fn every_address_of_the_app_is_its_page_and_is_asked_for_each_time() {
    if script().await.is_none() {
        return;
    }
    let home = send("GET", "/", &[]).await;
    for path in ["/borough/E09000007", "/site/gb-abc%3AL1", "/data/1", "/methods", "/index.html"] {
        let page = send("GET", path, &[]).await;
        assert_eq!((page.status.as_u16(), page.header("content-type")), (200, "text/html; charset=utf-8"), "{path}");
        assert_eq!(page.bytes, home.bytes);
        assert_eq!(page.header("cache-control"), "no-cache");
    }
    let again = send("GET", "/", &[("if-none-match", home.header("etag"))]).await;
    assert_eq!((again.status.as_u16(), again.bytes.len()), (304, 0));
}

#[tokio::test]
async fn files_named_by_their_content_are_kept_for_good() {
    let Some(script) = script().await else { return };
    let file = send("GET", &script, &[]).await;
    assert_eq!(file.header("content-type"), "text/javascript; charset=utf-8");
    assert!(file.header("cache-control").contains("immutable"));
    assert_eq!(send("GET", "/icon.svg", &[]).await.header("content-type"), "image/svg+xml");
    assert_eq!(send("GET", "/assets/of-an-older-build.js", &[]).await.status, 404);
}
