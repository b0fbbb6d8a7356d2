//! Charge points.

use crate::client::{ask, refused};

#[tokio::test]
async fn charge_points_are_ranked_by_the_first_metric() {
    let evses = ask("/evses?metric=sessions&limit=1").await;
    assert_eq!(evses["rows"][0]["evse"], "gb-abc:A1");
    assert!(evses["total_rows"].as_i64().unwrap() >= 2);
    assert_eq!(refused("/evses?metric=sessions&by=evse").await.1["code"], "unknown_parameter");
}

#[tokio::test]
async fn a_charge_point_tells_its_site_life_and_returns() {
    let evse = ask("/evses/gb-abc:B1").await;
    assert_eq!((evse["band"].as_str(), evse["rated_kw"].as_f64()), (Some("rapid"), Some(50.0)));
    assert_eq!(evse["connectors"].as_array().unwrap().len(), 2);
    assert!(evse["connectors"][0]["rated_kw"].is_null(), "of two connectors only the stronger one's power is known");
    assert_eq!(evse["operator_name"], "Alder Charge");
    assert_eq!(evse["location"]["location"], "gb-abc:L2");
    assert_eq!(
        (evse["first_session"].as_str(), evse["last_session"].as_str()),
        (Some("2023-01-05"), Some("2024-03-05"))
    );
    assert_eq!(evse["sessions"], 15);
    assert_eq!(
        (evse["returns"][0]["file"].as_str(), evse["returns"][0]["sessions"].as_i64()),
        (Some("abc.csv"), Some(15))
    );
    assert_eq!(ask("/evses/gb-abc:A1").await["connectors"][0]["rated_kw"], 7.4);
    assert_eq!(refused("/evses/gb-abc:none").await.0, 404);
}
