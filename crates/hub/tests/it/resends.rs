//! Returns that are sent again with fewer columns, other ids or other times.

use std::fmt::Write as _;

use kerbwatt_hub::{Hub, NewReturn, Submitted, Verdict};
use kerbwatt_model::Period;

use crate::folder::{ACCEPT, answer, at, figure, operator, submit, writer};

/// Columns of a return: its ids, connectors, fees and drivers may be left out.
#[derive(Clone, Copy)]
struct Columns {
    id: bool,
    rest: bool,
}

const ALL: Columns = Columns { id: true, rest: true };
const FEWER: Columns = Columns { id: true, rest: false };
const NO_IDS: Columns = Columns { id: false, rest: false };

/// Twelve sessions at two devices of two connectors, an hour and a day from one to the next; each as `change` has it.
fn of(columns: Columns, change: impl Fn(u32, &mut Row)) -> NewReturn {
    let mut text = String::from("cp,start,end,kwh");
    text += if columns.id { ",id" } else { "" };
    text += if columns.rest { ",con,fee,driver\n" } else { "\n" };
    for number in 0..12 {
        let day = number + 1;
        let mut row = Row {
            id: (1000 + number).to_string(),
            device: format!("5000{}", number % 2),
            from: format!("2024-01-{day:02}T08:10:47Z"),
            to: format!("2024-01-{day:02}T09:20:11Z"),
            energy_kwh: 5.25 + f64::from(number),
            is_left_out: false,
        };
        change(number, &mut row);
        if row.is_left_out {
            continue;
        }
        write!(text, "{},{},{},{}", row.device, row.from, row.to, row.energy_kwh).unwrap();
        if columns.id {
            write!(text, ",{}", row.id).unwrap();
        }
        let rest = format!(",{},{},driver{}", number % 3 % 2 + 1, 100 + number, number % 4);
        writeln!(text, "{}", if columns.rest { &rest } else { "" }).unwrap();
    }
    let mut layout =
        "kind='sessions'\nzone='UTC'\ntimes='rfc3339'\nfee='pence'\nevse_joined_by='-'\n[columns]\ndevice='cp'\n\
        plug_in='start'\nplug_out='end'\nenergy='kwh'\n"
            .to_owned();
    layout += if columns.id { "session_id='id'\n" } else { "" };
    layout += if columns.rest { "connector='con'\nfee='fee'\ndriver='driver'\n" } else { "" };
    let file = NewReturn::new("r.csv", text.into_bytes(), operator("gb-aaa"));
    let period = Period::parse("2024-01").ok();
    NewReturn { profile: Some("own".into()), layout: Some(layout), period, ..file }
}

struct Row {
    id: String,
    device: String,
    from: String,
    to: String,
    energy_kwh: f64,
    is_left_out: bool,
}

async fn published(hub: &Hub, file: &NewReturn) -> Submitted {
    let submitted = submit(hub, file).await;
    hub.publish(&(), at()).await.unwrap();
    let problems = hub.verify(&()).await.unwrap().problems;
    assert!(problems.is_empty(), "{problems:?}");
    submitted
}

/// Everything that figures say of the sessions: also that a rebuild makes the same.
async fn sums(hub: &Hub) -> Vec<Option<f64>> {
    hub.publish(&(), at()).await.unwrap();
    let before = shown(hub).await;
    hub.rebuild(&(), at()).await.unwrap();
    assert_eq!(shown(hub).await, before);
    before
}

async fn shown(hub: &Hub) -> Vec<Option<f64>> {
    let mut all = Vec::new();
    for metric in ["sessions", "energy_kwh", "revenue_gbp", "unique_drivers", "evses"] {
        all.push(figure(hub, metric).await);
    }
    all.push(Some(answer(hub, &["sessions"], &["evse"]).await.rows.len() as f64));
    all
}

fn found(submitted: &Submitted, rule: &str) -> u64 {
    submitted.report.findings.iter().find(|finding| finding.rule == rule).map_or(0, |finding| finding.count)
}

#[tokio::test]
async fn a_resend_without_ids_and_connectors_counts_nothing_twice() {
    for prefix in ["", "SCO"] {
        let dir = tempfile::tempdir().unwrap();
        let hub = writer(dir.path()).await;
        published(&hub, &of(ALL, |_, _| {})).await;
        let before = sums(&hub).await;
        let again = of(NO_IDS, |_, row| row.device.insert_str(0, prefix));
        let checked = hub.check(&again).await.unwrap();
        assert_eq!(checked.repeated, 12, "{prefix}");
        let again = published(&hub, &again).await;
        assert_eq!(again.report.repeated, 12, "{prefix}");
        assert_eq!(sums(&hub).await, before, "also no charge point more");
        // Whatever is taken back, in whatever order.
        hub.decide(1, &Verdict::Withdraw, "", at()).await.unwrap();
        assert_eq!(sums(&hub).await[0], Some(12.0));
        hub.decide(1, &ACCEPT, "", at()).await.unwrap();
        assert_eq!(sums(&hub).await, before);
    }
}

#[tokio::test]
async fn rows_of_one_command_that_name_the_device_only_are_compared_as_if_the_first_were_published() {
    let dir = tempfile::tempdir().unwrap();
    let hub = writer(dir.path()).await;
    submit(&hub, &of(ALL, |_, _| {})).await;
    let again = submit(&hub, &of(NO_IDS, |_, _| {})).await;
    assert_eq!(again.report.repeated, 12);
    assert_eq!(sums(&hub).await[0], Some(12.0));
}

#[tokio::test]
async fn a_resend_that_mostly_collides_and_cannot_be_told_is_held() {
    let dir = tempfile::tempdir().unwrap();
    let hub = writer(dir.path()).await;
    published(&hub, &of(ALL, |_, _| {})).await;
    let moved = of(NO_IDS, |_, row| row.from = row.from.replace("08:10", "08:15"));
    let held = published(&hub, &moved).await;
    assert_eq!((found(&held, "overlaps_other_return"), found(&held, "mostly_overlaps")), (12, 12));
    assert_eq!((held.is_accepted(), held.needs_decision), (false, true));
    assert_eq!(figure(&hub, "sessions").await, Some(12.0));
    let recorded = hub.submission(held.submission).await.unwrap();
    assert!(recorded.findings.to_string().contains("mostly_overlaps"), "the page of the return says why it waits");
    hub.decide(held.submission, &ACCEPT, "", at()).await.unwrap();
    hub.publish(&(), at()).await.unwrap();
    assert_eq!(figure(&hub, "sessions").await, Some(24.0), "who looked may accept it");
}

#[tokio::test]
async fn a_resend_with_ids_and_fewer_columns_takes_no_fee_driver_or_connector_away() {
    let dir = tempfile::tempdir().unwrap();
    let hub = writer(dir.path()).await;
    published(&hub, &of(ALL, |_, _| {})).await;
    let before = sums(&hub).await;
    let again = published(&hub, &of(FEWER, |_, _| {})).await;
    assert_eq!((again.report.repeated, again.report.replaces), (12, 0));
    assert_eq!(sums(&hub).await, before);
}

#[tokio::test]
async fn a_correction_keeps_what_its_return_has_no_column_for_and_withdrawing_it_gives_the_earlier_row_back() {
    let dir = tempfile::tempdir().unwrap();
    let hub = writer(dir.path()).await;
    published(&hub, &of(ALL, |_, _| {})).await;
    let before = sums(&hub).await;
    let correction = of(FEWER, |number, row| row.energy_kwh += if number < 3 { 1.0 } else { 0.0 });
    for is_published in [true, false] {
        let corrected = if is_published { published(&hub, &correction).await } else { submit(&hub, &correction).await };
        if is_published {
            assert_eq!((corrected.report.repeated, corrected.report.replaces), (9, 3));
            let told = corrected.report.findings.iter().find(|one| one.rule == "keeps_earlier").unwrap();
            assert_eq!((told.count, told.examples[0].value.as_str()), (3, "connector, fee of row 1 of return 1"));
        }
        let mut expected = before.clone();
        expected[1] = before[1].map(|kwh| kwh + 3.0);
        assert_eq!(sums(&hub).await, expected, "energy is corrected, the rest stays");
        hub.decide(corrected.submission, &Verdict::Withdraw, "", at()).await.unwrap();
        assert_eq!(sums(&hub).await, before);
    }
    hub.undo(2, None, at()).unwrap();
    hub.decide(1, &Verdict::Withdraw, "", at()).await.unwrap();
    let alone = sums(&hub).await;
    assert_eq!((alone[0], alone[2]), (Some(12.0), None), "without the earlier return nobody knows a fee");
}

#[tokio::test]
async fn times_rounded_to_the_minute_and_ids_out_of_a_spreadsheet_count_nothing_twice() {
    let dir = tempfile::tempdir().unwrap();
    let hub = writer(dir.path()).await;
    published(&hub, &of(ALL, |_, _| {})).await;
    let before = sums(&hub).await;
    // 08:10:47 is rounded up, 09:20:11 down.
    let by_the_minute = |row: &mut Row| {
        row.from = row.from.replace("08:10:47", "08:11:00");
        row.to = row.to.replace("09:20:11", "09:20:00");
    };
    let rounded = of(Columns { id: false, rest: true }, |_, row| by_the_minute(row));
    assert_eq!(published(&hub, &rounded).await.report.repeated, 12);
    assert_eq!(sums(&hub).await, before);
    let spreadsheet = of(FEWER, |_, row| {
        row.id += ".0";
        row.device += ".0";
    });
    let again = published(&hub, &spreadsheet).await;
    assert_eq!((again.report.repeated, again.report.replaces), (12, 0));
    assert_eq!(sums(&hub).await, before);
}

#[tokio::test]
async fn sessions_that_a_later_return_of_the_period_lacks_are_told_with_their_energy_and_go_on_counting() {
    let dir = tempfile::tempdir().unwrap();
    let hub = writer(dir.path()).await;
    published(&hub, &of(ALL, |_, _| {})).await;
    // Of the twelve those of one device are missing, with 1, 3, … in their energy; one of the others is corrected, and one is new.
    let fewer = of(ALL, |number, row| {
        row.energy_kwh += if number == 0 { 1.0 } else { 0.0 };
        row.is_left_out = number % 2 == 1;
        if number == 2 {
            row.id = "2000".into();
            row.from = row.from.replace("T08", "T06");
            row.to = row.to.replace("T09", "T07");
        }
    });
    let checked = hub.check(&fewer).await.unwrap();
    let submitted = published(&hub, &fewer).await;
    for report in [&checked, &submitted.report] {
        let told = report.findings.iter().find(|one| one.rule == "lacks_earlier").unwrap();
        // Six of the other device, 6.25 + 8.25 + … + 16.25, and the one of 7.25 that is not there under its id.
        assert_eq!(told.count, 7);
        let said: Vec<&str> = told.examples.iter().map(|example| example.value.as_str()).collect();
        let figures = "figures of 2024-01-01..2024-01-31: 12 sessions with 129.0 kWh before, 13 sessions with 137.2 kWh with this return";
        assert_eq!(said, [figures, "7 sessions with 74.8 kWh of return 1"]);
    }
    assert!(submitted.is_accepted(), "it is good to know, and no more");
    assert_eq!(sums(&hub).await[..2], [Some(13.0), Some(137.25)]);
}
