//! Files in which nothing says whether the day or the month comes first.

use kerbwatt_model::Flag;

use crate::read;

fn boulder(dates: &[&str]) -> String {
    let header = "Station Name;Station Address;City;State/Province;Postal Code;Transaction Date;Transaction Start Time;Charging Time \
        (minutes);Energy (kWh);GHG Savings (kg);Gasoline Savings (gallons);Port Type\n";
    let row = |(at, date): (usize, &&str)| format!("C{at};;;;;{date};8:15 AM;100;9.5;;;\n");
    header.to_owned() + &dates.iter().enumerate().map(row).collect::<String>()
}

fn flagged(dates: &[&str]) -> Vec<u64> {
    let read = read(boulder(dates).as_bytes()).unwrap();
    assert_eq!((read.profile.name.as_str(), read.totals.accepted), ("boulder", dates.len() as u64));
    let rows = read.sessions.iter().filter(|session| session.has(Flag::UnclearOrder)).map(|session| session.row);
    let rows: Vec<u64> = rows.collect();
    let told = read.findings.iter().find(|finding| finding.rule == "unclear_order").map_or(0, |found| found.count);
    assert_eq!(told, rows.len() as u64);
    rows
}

#[test]
fn dates_that_fit_both_orders_are_flagged_where_no_date_shows_the_order() {
    assert_eq!(flagged(&["3/1/2019", "3/2/2019", "3/3/2019", "2019-03-04", "3/9/2019"]), [1, 2, 5]);
}

#[test]
fn a_single_date_that_shows_the_order_leaves_the_file_as_it_is() {
    assert_eq!(flagged(&["3/1/2019", "3/2/2019", "3/13/2019"]), Vec::<u64>::new());
    assert_eq!(flagged(&["01/03/2019", "02/03/2019", "13/03/2019"]), Vec::<u64>::new());
}
