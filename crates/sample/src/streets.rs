//! Names of streets and sites, and postcodes. All invented.

use kerbwatt_model::Siting;
use rand::Rng;

use crate::seeded::pick;

const STEMS: [&str; 56] = [
    "Tallowmere",
    "Pipkin",
    "Wherrygate",
    "Larkfold",
    "Osierbank",
    "Candlewright",
    "Thimblerow",
    "Quernstone",
    "Hollowell",
    "Fennelcross",
    "Marrowby",
    "Tansyfield",
    "Bellfounder",
    "Cooperage",
    "Dovecote",
    "Saffronhythe",
    "Gloverhythe",
    "Plumstone",
    "Ravensmead",
    "Withybed",
    "Spindlewood",
    "Copperkettle",
    "Lanternhythe",
    "Mallowgate",
    "Nettlecombe",
    "Oatmarket",
    "Pargeter",
    "Ropemaker",
    "Sedgeley",
    "Teazel",
    "Underhithe",
    "Vinnicombe",
    "Wainscot",
    "Yarrowfield",
    "Ashmallow",
    "Birdlime",
    "Chandlery",
    "Droverspound",
    "Elderhythe",
    "Foxearth",
    "Gorsebury",
    "Hopkiln",
    "Inkhorn",
    "Jessamy",
    "Kittiwell",
    "Loomgate",
    "Millrace",
    "Nightjar",
    "Orchardleigh",
    "Pewterers",
    "Quillhurst",
    "Rushlight",
    "Shearwater",
    "Tollbar",
    "Umberslade",
    "Weirmarsh",
];

const KINDS: [&str; 12] =
    ["Road", "Road", "Road", "Street", "Street", "Avenue", "Lane", "Gardens", "Terrace", "Crescent", "Grove", "Way"];

const VENUES: [&str; 10] = [
    "Leisure Centre",
    "Library",
    "Retail Park",
    "Community Centre",
    "Swimming Baths",
    "Superstore",
    "Cinema",
    "Sports Ground",
    "Garden Centre",
    "Market",
];

/// Outward codes, one for each borough in the order of the ONS codes.
const DISTRICTS: [&str; 33] = [
    "EC2", "RM9", "N3", "DA6", "NW9", "BR1", "NW1", "CR0", "W5", "EN1", "SE10", "E8", "W6", "N22", "HA1", "RM1", "UB8",
    "TW3", "N1", "W8", "KT1", "SW2", "SE6", "SW19", "E6", "IG1", "TW9", "SE1", "SM1", "E3", "E17", "SW18", "W1",
];

/// An invented street.
pub(crate) fn street(rng: &mut impl Rng) -> String {
    let stem = pick(rng, &STEMS).unwrap_or(&"Tallowmere");
    let kind = pick(rng, &KINDS).unwrap_or(&"Road");
    format!("{stem} {kind}")
}

/// Name of a site in a street.
pub(crate) fn site_name(rng: &mut impl Rng, street: &str, siting: Siting) -> String {
    match siting {
        Siting::OnStreet | Siting::Unknown => street.to_owned(),
        Siting::CarPark => format!("{street} car park"),
        Siting::Hub => format!("{street} charging hub"),
        Siting::Taxi => format!("{street} taxi rank"),
        Siting::Destination => {
            let stem = street.rsplit_once(' ').map_or(street, |(stem, _)| stem);
            format!("{stem} {}", pick(rng, &VENUES).unwrap_or(&"Library"))
        }
    }
}

/// A postcode in the right district that can be nobody's: real ones never end in these letters.
pub(crate) fn postcode(rng: &mut impl Rng, borough_code: &str) -> String {
    const NEVER_USED: [char; 6] = ['C', 'I', 'K', 'M', 'O', 'V'];
    let number = borough_code.get(6..).and_then(|digits| digits.parse::<usize>().ok()).unwrap_or(28);
    let district = DISTRICTS.get(number.wrapping_sub(1)).unwrap_or(&"SE1");
    let mut letter = || pick(rng, &NEVER_USED).copied().unwrap_or('C');
    let (first, second) = (letter(), letter());
    format!("{district} {}{first}{second}", rng.random_range(1..10))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seeded::{Purpose, stream};

    #[test]
    fn a_postcode_lies_in_the_district_of_its_borough() {
        let mut rng = stream(1, Purpose::Estate, 0, 0);
        assert!(postcode(&mut rng, "E09000007").starts_with("NW1 "));
        assert!(postcode(&mut rng, "elsewhere").starts_with("SE1 "));
    }

    #[test]
    fn a_site_is_named_after_its_street_and_what_it_is() {
        let mut rng = stream(1, Purpose::Estate, 0, 0);
        assert_eq!(site_name(&mut rng, "Pipkin Street", Siting::CarPark), "Pipkin Street car park");
        assert!(site_name(&mut rng, "Pipkin Street", Siting::Destination).starts_with("Pipkin "));
    }
}
