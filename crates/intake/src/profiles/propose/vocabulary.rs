//! The words that headers are made of, without accents and in lower case.

/// What a word of a header can mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Meaning {
    Start,
    Plugged,
    End,
    Day,
    Clock,
    Stamp,
    Length,
    Charging,
    /// What is charged: energy, or money.
    Charge,
    Idle,
    /// In the bay, and so plugged in: what begins with parking is the stay, beside which charging may begin later.
    Parked,
    Energy,
    Kwh,
    Wh,
    OtherEnergyUnit,
    /// Of amounts: perhaps not what a session took, or not yet.
    Unsure,
    Power,
    Money,
    Pence,
    Pounds,
    OtherCurrency,
    Tax,
    /// Of money: without VAT.
    Net,
    /// Of money: with VAT.
    Gross,
    PerUnit,
    Id,
    Evse,
    Point,
    Station,
    Connector,
    Session,
    Person,
    Vehicle,
    Sort,
    Place,
    Postcode,
    Latitude,
    Longitude,
    Name,
    Address,
    Meter,
    Battery,
    Side,
    Total,
    Record,
    Utc,
    /// Another clock than that of Greenwich.
    ClockOf,
    Minutes,
    Seconds,
    Hours,
    Zone,
    WeakPerson,
}

use Meaning as M;

/// Words of a language, divided by blanks, by what they mean.
pub(super) type Words = &'static [(Meaning, &'static str)];

/// English.
pub(super) const ENGLISH: Words = &[
    (
        M::Start,
        "start started starts starting begin began begins beginning plugin pluggedin \
         arrival arrived arrive from commenced initiated checkin",
    ),
    (M::Plugged, "connect connected connection"),
    (
        M::End,
        "end ended ends ending stop stopped stops finish finished plugout pluggedout unplug unplugged \
         disconnect disconnected disconnection departure departed to until till completed done terminated \
         checkout",
    ),
    (M::Day, "date day"),
    (M::Clock, "time clock hour"),
    (M::Stamp, "datetime timestamp stamp instant dt ts"),
    (M::Length, "duration length elapsed dur stay dwell"),
    (M::Charging, "charge charging charged active"),
    (M::Charge, "charge charges value"),
    (M::Idle, "idle overstay grace waiting"),
    (M::Parked, "parking parked"),
    (
        M::Energy,
        "energy consum consumed consumption delivered dispensed supplied electricity usage drawn \
         transferred",
    ),
    (M::Kwh, "kwh kwhs kilowatthours"),
    (M::Wh, "wh watthours"),
    (M::OtherEnergyUnit, "mwh mj kj joules kvarh kvah ah mah"),
    (
        M::Unsure,
        "remaining expected unbilled avoided cumulative export exported lost losses saved estimated forecast target budget",
    ),
    (M::Power, "kw power peak rated rating amps current voltage speed"),
    (
        M::Money,
        "amount amt cost costs fee fees price prices paid revenue charged gross net bill billing spend payment \
         payments sales subtotal exvat incvat",
    ),
    (M::Pence, "pence p"),
    (M::Pounds, "gbp pounds pound sterling"),
    (M::OtherCurrency, "eur euro euros usd dollars dollar chf cents cent"),
    (M::Tax, "vat tax discount refund deposit"),
    (M::Net, "net exvat"),
    (M::Gross, "gross incvat"),
    (M::PerUnit, "per rate tariff unit"),
    (M::Id, "id uid uuid no nr number num ref reference code identifier ident key"),
    (M::Evse, "evse evseid"),
    (M::Point, "cp cpid chargepoint chargepoints charger chargebox device post pole pillar cbid"),
    (M::Station, "station equipment asset"),
    (M::Connector, "connector socket port plug outlet gun bay cable"),
    (M::Session, "session transaction event cdr txn tx trx sdr transactionid sessionid"),
    (
        M::Person,
        "user driver rfid card badge token tag client customer member membership account email mail phone \
         mobile contract emaid idtag authorisation authorization auth fob holder surname forename",
    ),
    (M::Vehicle, "vehicle vin vrm vrn registration numberplate plate car ev mac"),
    (
        M::Sort,
        "type model status state make manufacturer vendor reason method mode category class kind standard \
         currency curr result error comment notes remark remarks description by count version roaming \
         zone scheme programme provider operator network organisation organization org group \
         weekday month year percent flag",
    ),
    (M::Place, "site location place city town county country region area street borough ward parking"),
    (M::Postcode, "postcode postal zip"),
    (M::Latitude, "latitude lat"),
    (M::Longitude, "longitude lon lng long"),
    (M::Name, "name title"),
    (M::Address, "address addr"),
    (M::Meter, "meter metre reading register counter"),
    (M::Battery, "soc battery"),
    (
        M::Side,
        "solar grid returned discharged reactive estimated requested target max maximum min minimum avg \
         average mean co2 ghg gasoline savings saved loss losses renewable carbon budget limit offer \
         planned forecast previous adjusted opening closing",
    ),
    (M::Total, "total sum overall"),
    (
        M::Record,
        "created updated modified exported export reported report invoice invoiced billing billed booked \
         booking reserved reservation last birth received import imported uploaded synced settled \
         published expiry authorised authorized installed commissioned",
    ),
    (M::Utc, "utc gmt zulu"),
    (M::ClockOf, "bst cet cest local"),
    (M::Zone, "timezone tz"),
    (M::WeakPerson, "client customer member membership account contract tag"),
    (M::Minutes, "minutes minute mins min"),
    (M::Seconds, "seconds second secs sec s"),
    (M::Hours, "hours hrs hr h"),
];

/// French.
pub(super) const FRENCH: Words = &[
    (M::Start, "debut demarrage branchement commencement arrivee"),
    (M::End, "fin arret debranchement depart"),
    (M::Day, "jour"),
    (M::Clock, "heure"),
    (M::Stamp, "horodatage"),
    (M::Length, "duree"),
    (M::Idle, "inactivite"),
    (M::Parked, "stationnement"),
    (M::Energy, "energie consommation consomme consommee delivree fournie soutiree quantite"),
    (M::Power, "puissance"),
    (M::Money, "montant prix cout facture"),
    (M::Tax, "tva ht"),
    (M::PerUnit, "tarif par"),
    (M::Id, "identifiant numero no"),
    (M::Evse, "pdc pdl"),
    (M::Point, "borne bornes"),
    (M::Connector, "prise connecteur"),
    (M::Session, "recharge seance"),
    (M::Person, "utilisateur abonne carte adherent titulaire conducteur"),
    (M::Vehicle, "vehicule immatriculation"),
    (M::Sort, "statut fabricant modele devise commentaire annee mois enseigne"),
    (M::Place, "lieu parc commune ville emplacement"),
    (M::Name, "nom"),
    (M::Address, "adresse"),
    (M::Total, "totale"),
    (M::Battery, "batterie"),
];

/// German.
pub(super) const GERMAN: Words = &[
    (M::Start, "beginn anfang von gestartet ansteckzeit eingesteckt startzeitpunkt"),
    (M::End, "ende bis beendet stopp absteckzeit ausgesteckt"),
    (M::Day, "datum tag"),
    (M::Clock, "uhrzeit zeit"),
    (M::Stamp, "zeitpunkt zeitstempel"),
    (M::Length, "dauer standzeit ladezeit ladedauer standdauer"),
    (M::Charging, "lade ladung laden"),
    (M::Energy, "verbrauch strommenge energiemenge geladen abgegeben menge arbeit bezug"),
    (M::Power, "leistung"),
    (M::Money, "betrag preis kosten entgelt brutto netto umsatz"),
    (M::Tax, "mwst ust steuer"),
    (M::Net, "netto"),
    (M::Gross, "brutto"),
    (M::PerUnit, "pro je"),
    (M::Id, "nummer kennung kennnummer kennziffer"),
    (M::Point, "ladepunkt ladesaule saule ladestation wallbox ladegerat ladeeinrichtung"),
    (M::Connector, "stecker anschluss steckdose buchse"),
    (M::Session, "vorgang vorgangs ladevorgang ladevorgangs sitzung transaktion transaktions"),
    (
        M::Person,
        "nutzer benutzer kunde kunden karte karten fahrer konto vertrag vertrags ladekarte ladekarten \
         mitglied",
    ),
    (M::Vehicle, "fahrzeug kennzeichen"),
    (M::Sort, "typ art hersteller wahrung bemerkung betreiber anbieter monat jahr"),
    (M::Place, "standort ort stadt strasse"),
    (M::Postcode, "plz postleitzahl"),
    (M::Address, "anschrift"),
    (M::Total, "gesamt summe"),
    (M::Meter, "zahler zahlerstand stand"),
];
