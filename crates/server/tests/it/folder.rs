//! The data folder of these tests: two operators, four sites, fifteen months, and a return that waits for a decision.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use jiff::Timestamp;
use kerbwatt_hub::{Hub, NewReturn};
use kerbwatt_model::{OperatorId, Period};

const REGISTER: &str = "\
evse,device,location,location_name,address,postcode,latitude,longitude,siting,rated_kw,current,connectors,commissioned,decommissioned
A1,A,L1,Pancras Road,1 Pancras Road,N1C 4AG,51.5320,-0.1270,on_street,7.4,ac1,type2,2022-01-01,
A2,A,L1,Pancras Road,1 Pancras Road,N1C 4AG,51.5320,-0.1270,on_street,7.4,ac1,type2,2022-01-01,
B1,B,L2,Brixton Hill car park,20 Brixton Hill,SW2 1RW,51.4560,-0.1210,car_park,50,dc,ccs chademo,2022-01-01,
C1,C,L3,=Somewhere,,,,,unknown,,,,2022-01-01,
";

/// Fifteen whole months: a year, and three months to compare with.
const PERIOD: &str = "2023-01..2024-03";

/// A hub over the folder, with its sessions accepted and published.
pub(crate) async fn hub() -> Arc<Hub> {
    Arc::new(Hub::open_for_reading(made()).await.unwrap())
}

/// The folder, made once for all tests of a run.
fn made() -> &'static Path {
    static MADE: OnceLock<PathBuf> = OnceLock::new();
    MADE.get_or_init(|| {
        let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("server-tests");
        if dir.exists() {
            std::fs::remove_dir_all(&dir).unwrap();
        }
        // Tests have runtimes of their own, in which another cannot be waited for.
        let making = dir.clone();
        let runtime = || tokio::runtime::Runtime::new().unwrap();
        std::thread::spawn(move || runtime().block_on(make(&making))).join().unwrap();
        dir
    })
}

async fn make(dir: &Path) {
    let at: Timestamp = "2024-04-02T09:00:00Z".parse().unwrap();
    let hub = Hub::open_for_writing(dir, "test").await.unwrap();
    let (abc, bee) = (OperatorId::parse("gb-abc").unwrap(), OperatorId::parse("gb-bee").unwrap());
    hub.import_register("register.csv", REGISTER.as_bytes(), &abc, None, at).await.unwrap();
    hub.name_operator(&abc, "Alder Charge").unwrap();
    let accepted = file("abc.csv", &sessions(), &abc, true);
    assert_eq!(hub.submit(&accepted, at).await.unwrap().report.totals.quarantined, 2);
    let waiting = file(
        "bee.csv",
        "evse,plug_in,plug_out,energy_kwh\nZ9,2024-03-01T08:00:00Z,2024-03-01T09:00:00Z,5\n",
        &bee,
        false,
    );
    hub.submit(&waiting, at).await.unwrap();
    hub.publish(&(), at).await.unwrap();
}

fn file(name: &str, text: &str, operator: &OperatorId, accept: bool) -> NewReturn {
    let new = NewReturn::new(name, text.as_bytes().to_vec(), operator.clone());
    NewReturn { period: Some(Period::parse(PERIOD).unwrap()), accept, ..new }
}

/// In each month three sessions on A1 and one on B1, in 2024 one more on A1; one row twice, two that cannot be read.
fn sessions() -> String {
    let mut text =
        "session_id,evse,device,connector,plug_in,plug_out,charging_end,energy_kwh,fee_pence,driver\n".to_owned();
    let mut number = 0;
    let mut add = |evse: &str, day: &str, energy: &str| {
        number += 1;
        text += &format!("s{number},{evse},,,{day}T08:00:00Z,{day}T11:00:00Z,,{energy},300,card1\n");
    };
    let months = Period::parse(PERIOD).unwrap();
    for month in months.iter_months().map(|first| first.strftime("%Y-%m").to_string()) {
        let days = ["03", "10", "17", "24"];
        for day in &days[..if month.starts_with("2024") { 4 } else { 3 }] {
            add("A1", &format!("{month}-{day}"), "7.3");
        }
        add("B1", &format!("{month}-05"), "20.1");
    }
    add("A1", "2024-03-28", "=1+1");
    add("A1", "2024-03-29", "\"many, very many\"");
    text + "s1,A1,,,2023-01-03T08:00:00Z,2023-01-03T11:00:00Z,,7.3,300,card1\n"
}
