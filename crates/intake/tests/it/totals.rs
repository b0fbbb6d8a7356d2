//! Totals below and between rows: told as what they are, in any layout, and never counted as a session.

use kerbwatt_intake::{Declared, Profile, SessionReturn, propose, read_sessions};
use kerbwatt_model::OperatorId;

use crate::invented::usual;
use crate::{declared, read, read_by};

/// Rules of what was set aside, with the value shown.
fn set_aside(read: &SessionReturn) -> Vec<(&str, &str)> {
    read.quarantined.iter().map(|row| (row.rule, &*row.value)).collect()
}

const OWN: &str = "name='own'\nkind='sessions'\nzone='Europe/Berlin'\ntimes='day_first'\n[columns]\nevse='Ladepunkt'\nplug_in='Beginn'\n\
                   plug_out='Ende'\nenergy='kWh'";

#[test]
fn totals_in_a_layout_that_says_nothing_of_them_are_set_aside_as_totals_with_their_energy_uncounted() {
    let operator = OperatorId::parse("de-tst").unwrap();
    let file = "Ladepunkt;Beginn;Ende;kWh\nL1;01.06.2024 08:00;01.06.2024 09:00;7,5\nZwischensumme;;;7,5\n\
        L2;02.06.2024 08:00;02.06.2024 09:00;2,5\nSumme:;01.06.2024 00:00;30.06.2024 23:00;10\nGesamt (2 Vorgänge);;;10\n;;;Total: 10\n";
    let read = read_by(file.as_bytes(), Profile::from_toml("own", OWN).unwrap(), &operator);
    assert_eq!(read.sessions.len(), 2);
    let rules: Vec<&str> = set_aside(&read).iter().map(|(rule, _)| *rule).collect();
    assert_eq!(rules, ["totals_row"; 4], "{:?}", set_aside(&read));
    assert_eq!((read.totals.rows_read, read.totals.quarantined, read.totals.energy_kwh.read), (6, 4, 10.0));
    assert_eq!((read.totals.energy_kwh.accepted, read.totals.energy_kwh.quarantined), (10.0, 0.0));
}

#[test]
fn a_grand_total_in_a_layout_with_session_ids_is_a_total_and_no_row_without_a_charge_point() {
    let file = "session_id,evse,plug_in,plug_out,energy_kwh\n1,E1,2024-03-01T08:15:00Z,2024-03-01T09:15:00Z,7\nGrand Total,,,,7\n";
    let read = read(file.as_bytes()).unwrap();
    assert_eq!((read.sessions.len(), set_aside(&read)), (1, vec![("totals_row", "Grand Total")]));
}

#[test]
fn a_network_that_is_called_total_is_no_total_and_neither_is_a_point_that_begins_so() {
    let operator = OperatorId::parse("fr-tot").unwrap();
    let layout = OWN.replace("[columns]", "ignored=['Netz']\n[columns]");
    let file = "Netz;Ladepunkt;Beginn;Ende;kWh\nTotal;L1;01.06.2024 08:00;01.06.2024 09:00;7,5\n\
        Total;Total 17;01.06.2024 10:00;01.06.2024 11:00;7,5\nTotal;L2;;02.06.2024 09:00;2,5\n";
    let read = read_by(file.as_bytes(), Profile::from_toml("own", &layout).unwrap(), &operator);
    assert_eq!((read.sessions.len(), set_aside(&read)), (2, vec![("missing_start", "")]));
}

#[test]
fn totals_of_an_unknown_layout_are_never_sessions_and_are_told() {
    let operator = OperatorId::parse("gb-tst").unwrap();
    for layout in usual() {
        let file = layout.file(120);
        let last = file.lines().last().unwrap();
        let divider = [';', '\t', '|', ','].into_iter().max_by_key(|divider| last.matches(*divider).count()).unwrap();
        let width = last.matches(divider).count();
        for word in ["Total", "Grand total", "Sum", "Summe", "Total général", "Gesamtsumme"] {
            let total = format!("{word}{}1234{divider}\n", String::from(divider).repeat(width - 1));
            let whole = format!("{file}{total}");
            let proposal = propose(whole.as_bytes(), kerbwatt_intake::Kind::Sessions).unwrap();
            if !proposal.certain {
                continue;
            }
            let of = |bytes: &str| {
                let declared = Declared { propose: true, ..declared(&operator) };
                read_sessions(bytes.as_bytes(), &declared, &kerbwatt_intake::NoRegister).unwrap()
            };
            let (without, with) = (of(&file), of(&whole));
            assert_eq!(with.sessions.len(), without.sessions.len(), "{}: {word}", layout.name);
            let told =
                with.findings.iter().filter(|finding| ["totals_row", "total_passed_over"].contains(&finding.rule));
            assert_eq!(
                told.map(|finding| finding.count).sum::<u64>(),
                1,
                "{}: {word}: {:?}",
                layout.name,
                with.findings
            );
        }
    }
}
