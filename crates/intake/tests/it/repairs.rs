//! Repairs on real files and on files made wrong from right ones.

use kerbwatt_intake::{RepairKind, Verdict};

use crate::read_repaired;
use crate::real_files::file;

#[test]
fn probe() {
    for (name, period) in [
        ("sessions/dundee-2018-06-to-09.csv", None),
        ("sessions/dundee-2017-12-to-2018-03.csv", None),
        ("sessions/boulder-2018-to-2020.csv", None),
        ("sessions/boulder-2018-to-2020.csv", Some("2018-01..2020-03")),
    ] {
        let Some(bytes) = file(name) else { return };
        let read = read_repaired(&bytes, period, &[]).unwrap();
        println!("{name} {:?} {:?}", read.totals, read.found);
        for r in &read.repairs {
            println!(
                "  {:?} provable {} rows {} unresolved {}\n {}\n {:#?} {:?} {:?}",
                r.kind, r.provable, r.rows, r.unresolved, r.says, r.evidence, r.headline, r.examples
            );
        }
    }
    let _ = (RepairKind::ALL, Verdict::Silent);
}
