//! Layouts that are published: a few invented rows in each, exactly as it is written.

use kerbwatt_intake::{Declared, Kind, NoRegister, Profile, profiles, read_register, read_sessions};
use kerbwatt_model::{OperatorId, Siting};

use crate::{declared, read, read_by};

/// Name of the profile, and each session in a line.
fn lines(file: &str) -> (String, Vec<String>) {
    let read = read(file.as_bytes()).unwrap_or_else(|refusal| unreachable!("{refusal}"));
    assert_eq!(read.quarantined, [], "{}", read.profile.name);
    let line = |session: kerbwatt_model::Session<'_>| {
        let charged = session.charging_end.map_or_else(|| "-".to_owned(), |end| end.to_string());
        let (from, to) = (session.plug_in, session.plug_out);
        let fee = session.fee_pence.map_or_else(|| "-".to_owned(), |fee| format!("{fee} p"));
        let driver = if session.driver.is_some() { "driver" } else { "-" };
        format!("{} {from} {to} {charged} {} kWh {fee} {driver}", session.evse, session.energy_kwh)
    };
    (read.profile.name, read.sessions.iter().map(line).collect())
}

fn reads(file: &str, name: &str, sessions: &[&str]) {
    let (profile, read) = lines(file);
    assert_eq!(profile, name);
    assert_eq!(read, sessions, "{name}");
}

#[test]
fn perth_and_kinross_is_read() {
    reads(
        "_id,CP ID,Connector,Start Date,Start Time,End Date,End Time,Total kWh,Site,Model\n\
         1,51001,2,2017-08-31T00:00:00,22:12,2017-08-31T00:00:00,23:11,18.27,\"Long Road, Perth\",Triple\n\
         2,51002,1,2017-01-31T00:00:00,22:01,2017-02-01T00:00:00,00:31,9.5,\" Mill Street\",Dual\n",
        "perth-and-kinross",
        &[
            "51001-2 2017-08-31T21:12:00Z 2017-08-31T22:11:00Z - 18.27 kWh - -",
            "51002-1 2017-01-31T22:01:00Z 2017-02-01T00:31:00Z - 9.5 kWh - -",
        ],
    );
}

#[test]
fn chargeplace_scotland_is_read_in_the_spellings_of_any_month() {
    let one = &["50001-2 2022-05-13T07:00:00Z 2022-05-13T07:43:20Z - 7.25 kWh 320 p -"];
    for file in [
        "Site,CP ID,Connector Type,Connector,Currency,Amount,Consum(kWh),Duration,Start\n\
         Depot,50001,Rapid,2,GBP,3.20,7.25,00:43:20,13/05/2022 08:00\n",
        "SITE,CPID,CONNECTOR_TYPE,CONNECTO ID,CURR,AMT,CONSUMED,DURATION,START\n\
         Depot,50001,Rapid,2,GBP,3.20,7.25,2600,13/05/2022 08:00:00\n",
        "sites,display id,te_charge_type,connector_id,currency,amount,consum,duration,start time\n\
         Depot,50001,Rapid,2,GBP,3.20,7.25,0:43:20,2022-05-13 08:00:00\n",
    ] {
        reads(file, "chargeplace-scotland", one);
    }
    reads(
        "SDR ID,Site,CP ID,Connector Type,Consum(kWh),Duration,Start,End,Postcode\n\
         901,Depot,50001,Rapid,7.25,00:43:20,13/05/2022 08:00,13/05/2022 08:44,DD1 1AA\n",
        "chargeplace-scotland",
        &["50001 2022-05-13T07:00:00Z 2022-05-13T07:44:00Z - 7.25 kWh - -"],
    );
}

#[test]
fn session_details_of_chargepoint_are_read() {
    reads(
        "Station Name,MAC Address,Org Name,Start Date,Start Time Zone,End Date,End Time Zone,Transaction Date (Pacific Time),\
         Total Duration (hh:mm:ss),Charging Time (hh:mm:ss),Energy (kWh),GHG Savings (kg),Gasoline Savings (gallons),Port Type,\
         Port Number,Plug Type,EVSE ID,Address 1,City,State/Province,Postal Code,Country,Latitude,Longitude,Currency,Fee,Ended By,\
         Plug In Event Id,Driver Postal Code,User ID,County,System S/N,Model Number\n\
         TOWN / HALL #1,0011:22FF:0000:0001,Town,7/29/2011 20:17,PDT,7/29/2011 23:20,PDT,7/29/2011 23:20,3:03:32,1:54:03,6.249,2.6,\
         0.7,Level 2,2,J1772,,1 Main St,Town,California,94000,United States,37.4,-122.1,USD,0,Customer,3,94000,1234,,,\n",
        "chargepoint",
        &["TOWN / HALL #1/2 2011-07-30T03:17:00Z 2011-07-30T06:20:00Z 2011-07-30T05:11:03Z 6.249 kWh - driver"],
    );
}

#[test]
fn belib_is_read_with_the_dates_of_javascript() {
    reads(
        "\"Parc\";\"Site\";\"Station\";\"Borne\";\"Type de prise\";\"Prise de courant\";\"Fabricant\";\"Date de début\";\
         \"Jour de début\";\"Mois de début\";\"Année de début\";\"Heure de début \";\"Minute de Début\";\"Date de fin\";\
         \"Jour de fin\";\"Mois de fin\";\"Année de fin\";\"Heure de fin\";\"Minute de fin\";\"Durée (sec)\";\"L'énergie (Wh)\";\
         \"Nom du client\";\"Nom du badge\";\"UUID Badge\";\"Roaming\"\n\
         \"VDP\";\"\";\"1 RUE DU LAC\";\"1 RUE DU LAC-1\";\"TE\";\"21\";\"X\";\"Fri Apr 14 2017 00:49:24 GMT+0200 (CEST)\";\"14\";\
         \"4\";\"2017\";\"0\";\"49\";\"Fri Apr 14 2017 06:47:16 GMT+0200 (CEST)\";\"14\";\"4\";\"2017\";\"6\";\"47\";\"21472\";\
         \"13830\";\"\";\"\";\"04A1B2C3D4E580\";\"UNKNOWN\"\n",
        "belib",
        &["1 RUE DU LAC-1/21 2017-04-13T22:49:24Z 2017-04-14T04:47:16Z - 13.83 kWh - driver"],
    );
}

#[test]
fn sap_labs_france_is_read() {
    reads(
        "Type Lieu de charge;ID transaction;ID borne;ID connecteur borne;Date demarrage;Charge batterie demarrage (%);Date fin;\
         Charge batterie fin (%);Duree inactivite totale (s);Duree totale (s);Prix total;Devise prix total;Source prix total;\
         Statut inactivité;Consommation totale (Wh)\n\
         Travail;900000001;SITE-11;2;2018-03-23T09:49:02+01:00;0;2018-03-23T12:30:34+01:00;0;6332.0;9692.0;0.79;EUR;simple;W;5664\n",
        "sap-labs-france",
        &["SITE-11/2 2018-03-23T08:49:02Z 2018-03-23T11:30:34Z - 5.664 kWh - -"],
    );
}

#[test]
fn acn_data_is_read_with_either_kind_of_date() {
    let header = "_id,clusterID,connectionTime,disconnectTime,doneChargingTime,kWhDelivered,sessionID,siteID,spaceID,stationID,\
                  timezone,userID,userInputs\n";
    let of = |dates: &str| format!("{header}a1,39,{dates},7.932,s-1,2,CA-1,2-39-78-1,America/Los_Angeles,17,\n");
    let session = "2-39-78-1 2018-04-25T11:08:04Z 2018-04-25T13:20:10Z 2018-04-25T12:21:10Z 7.932 kWh - driver";
    let file =
        of("\"Wed, 25 Apr 2018 11:08:04 GMT\",\"Wed, 25 Apr 2018 13:20:10 GMT\",\"Wed, 25 Apr 2018 12:21:10 GMT\"");
    reads(&file, "acn", &[session]);
    let file = of("2018-04-25 11:08:04+00:00,2018-04-25 13:20:10+00:00,2018-04-25 12:21:10+00:00");
    reads(&file, "acn-iso", &[session]);
}

#[test]
fn sessions_of_the_department_for_transport_are_read() {
    reads(
        "ChargingEvent,CPID,StartDate,StartTime,EndDate,EndTime,Energy,PluginDuration\n\
         16673806,AN00001,2017-12-31,23:59:23,2018-01-01,18:20:23,8.8,18.35\n",
        "dft-domestics-2017",
        &["AN00001 2017-12-31T23:59:23Z 2018-01-01T18:20:23Z - 8.8 kWh - -"],
    );
    reads(
        "ChargingEvent,CPID,Connector,StartDate,StartTime,EndDate,EndTime,EnergySupplied,PluginDuration\n\
         70,50001,1,13/05/2017,08:00:00,13/05/2017,08:31:00,9.3,31\n",
        "dft-rapids-2017",
        &["50001-1 2017-05-13T07:00:00Z 2017-05-13T07:31:00Z - 9.3 kWh - -"],
    );
}

#[test]
fn charging_sessions_of_ev_chart_are_read() {
    reads(
        "station_id,network_provider,port_id,charger_id,session_id,connector_id,session_start,session_end,session_error,error_other,\
         energy_kwh,power_kw,payment_method,payment_other\n\
         Site1,net,123-1,100,10001,c1,2024-01-01T00:00:00Z,2024-01-01T00:30:00Z,,,24.01,150.2,card,\n",
        "ev-chart",
        &["123-1 2024-01-01T00:00:00Z 2024-01-01T00:30:00Z - 24.01 kWh - -"],
    );
}

#[test]
fn sessions_of_the_atlas_specification_are_read() {
    reads(
        "session_id,station_id,port_number,plug_start_datetime,plug_end_datetime,charge_start_datetime,session_duration,\
         charging_duration,energy_kwh,peak_kw,total_fee_charged,user_id\n\
         s1,ST1,2,20220101 01:01:01 [-5:00],20220101 02:01:01 [-5:00],20220101 01:01:05 [-5:00],01:00:00,00:45:00,6.5,7.2,2.50,u1\n",
        "atlas",
        &["ST1-2 2022-01-01T06:01:01Z 2022-01-01T07:01:01Z 2022-01-01T06:46:01Z 6.5 kWh - driver"],
    );
}

const IRVE: &str = "nom_amenageur,siren_amenageur,contact_amenageur,nom_operateur,contact_operateur,telephone_operateur,nom_enseigne,\
    id_station_itinerance,id_station_local,nom_station,implantation_station,adresse_station,code_insee_commune,coordonneesXY,\
    nbre_pdc,id_pdc_itinerance,id_pdc_local,puissance_nominale,prise_type_ef,prise_type_2,prise_type_combo_ccs,\
    prise_type_chademo,prise_type_autre,date_mise_en_service\n";

#[test]
fn the_french_register_is_read_with_watts_where_kilowatts_belong() {
    let row = |id: &str, local: &str, power: &str, place: &str| {
        format!(
            "A,130025265,a@b.c,O,o@b.c,,E,FRABCP1,,Gare,Voirie,1 rue du Lac 75001 Paris,75101,\"{place}\",2,{id},{local},{power},\
             false,True,true,0,false,2021-06-30\n"
        )
    };
    let rows = [
        row("FRABCE1", "L1", "22", "[2.35, 48.85]"),
        row("FRABCE2", "L2", "22000", "[2.35,48.85]"),
        row("Non concerné", "L3", "\"7,4\"", "[2.35,48.85]"),
        row("FRABCE4", "L4", "50", "somewhere"),
    ];
    let read = read_register(format!("{IRVE}{}", rows.concat()).as_bytes(), "irve.csv", None).unwrap();
    assert_eq!(read.profile.name, "irve");
    let entries = &read.entries;
    assert_eq!((entries[0].evse.as_deref(), entries[0].device.as_str()), (Some("FRABCE1"), "L1"));
    assert_eq!((entries[0].latitude, entries[0].longitude), (Some(48.85), Some(2.35)));
    assert_eq!((entries[0].siting, entries[0].location.as_str()), (Siting::OnStreet, "FRABCP1"));
    assert_eq!(entries[0].connectors, ["type_2", "ccs"]);
    assert_eq!(entries[0].commissioned.map(|day| day.to_string()).as_deref(), Some("2021-06-30"));
    assert_eq!((entries[0].rated_kw, entries[1].rated_kw), (Some(22.0), Some(22.0)));
    assert_eq!((read.entries.len(), read.rejected.len()), (2, 2), "a lone comma in a number, and no coordinates");
}

#[test]
fn an_operators_own_layout_is_used_by_its_name_and_by_its_header() {
    let text = "kind='sessions'\nzone='UTC'\ntimes='month_first'\nenergy='wh'\nduration='hours'\n\
        columns={plug_in='When',duration='How long',energy='How much'}\nconstants={device='Depot'}\n";
    let own = [Profile::from_toml("mine", text).unwrap()];
    let operator = OperatorId::parse("gb-tst").unwrap();
    for profile in [None, Some("mine")] {
        let declared = Declared { profile, own: &own, ..declared(&operator) };
        let file = b"WHEN;How_long;how-much;Remark\n3/1/2024 8:15 AM;1,5;7250;x\n";
        let read = read_sessions(file, &declared, &NoRegister).unwrap();
        let session = read.sessions.at(0);
        assert_eq!((read.profile.name.as_str(), session.evse, session.energy_kwh), ("mine", "Depot", 7.25));
        assert_eq!((session.plug_in.to_string().as_str(), session.plugged_s()), ("2024-03-01T08:15:00Z", 5_400));
        assert!((read.profile.confidence - 0.75).abs() < 1e-9, "one of four columns is not known");
    }
}

#[test]
fn a_prefix_that_does_not_belong_to_ids_is_left_out_of_sessions_too() {
    let text = "kind='sessions'\nzone='UTC'\ntimes='rfc3339'\nid_prefix='SCO'\nevse_joined_by='-'\n[columns]\ndevice='cp'\n\
        connector='plug'\nplug_in='from'\nplug_out='to'\nenergy='kwh'\n";
    let row = |id: &str, day: u8| format!("{id},1,2024-03-0{day}T08:00:00Z,2024-03-0{day}T09:00:00Z,7\n");
    let rows = [row("SCO50884", 1), row("50884", 2), row("SCO", 3), row("XSCO1", 4)].concat();
    let operator = OperatorId::parse("gb-tst").unwrap();
    let file = format!("cp,plug,from,to,kwh\n{rows}");
    let read = read_by(file.as_bytes(), Profile::from_toml("prefix", text).unwrap(), &operator);
    let ids: Vec<(&str, &str)> = read.sessions.iter().map(|session| (session.evse, session.device)).collect();
    assert_eq!(ids, [("50884-1", "50884"), ("50884-1", "50884"), ("SCO-1", "SCO"), ("XSCO1-1", "XSCO1")]);
}

#[test]
fn every_profile_has_a_title() {
    assert!(profiles().iter().all(|profile| !profile.title.is_empty()));
    assert!(profiles().iter().any(|profile| profile.kind == Kind::Register));
}
