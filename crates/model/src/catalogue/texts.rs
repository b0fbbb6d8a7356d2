//! What several metrics say of themselves.

pub(super) const REPORTED: &str =
    "Counts only charge-point days that an accepted return covers; days without a return are missing, not zero.";
pub(super) const WITHIN: &str = "A session that lasts into days without a return, or beyond the service of its charge point, counts here only as far as there is available time to divide by.";
pub(super) const STARTED: &str =
    "Sessions are counted by their start, also those that start on days outside the available time.";
pub(super) const LIVE: &str = "A charge point is live from its commissioning to its decommissioning day; without these dates, for the whole time reported. One that is not in the register is live from its first session to the end of the last return that mentions it.";
pub(super) const OPEN: &str = "Opening hours are not in version 1: a live charge point counts as open round the clock.";
pub(super) const RATED: &str = "Charge points of unknown rated power are left out, with their energy.";
pub(super) const SPREAD: &str = "Energy is spread evenly over the charging time, or over the plugged time where the end of charging is not reported.";
pub(super) const OVERLAPS: &str = "Sessions that overlap at the same charge point count each in full, as reported, and are flagged: time can then exceed the clock, and a share of it 100 %.";
pub(super) const BY_START: &str = "A session belongs to the local hour and day in which it starts.";
pub(super) const WITH_FAILED: &str = "Failed starts are included.";
pub(super) const ENDS: &str = "Only sessions whose end of charging is reported count; how much is left out stands in the ledger of the figure. Where there are sessions and none of them says, there is no figure.";
pub(super) const POWER_TIME: &str = "The power of a session is its energy over its charging time, or over its plugged time where the end of charging is not reported, which makes it lower. Sessions without length are left out.";
pub(super) const FEES: &str = "Only sessions whose fee is reported count, VAT included: to a fee reported without VAT it is added at the rate that the layout of the return says, 20 % unless it says another. Where there are sessions and none has a fee, there is no figure.";
pub(super) const DRIVERS: &str = "A driver is a pseudonym that one operator reports: card, account or contract. A person with two cards counts twice, and sessions without one are left out.";
pub(super) const ONE_OPERATOR: &str = "Within one operator only: the same driver has another pseudonym with another operator, so nothing is counted over several. Split by operator, or choose one.";
pub(super) const ESTIMATE: &str = "An estimate, not a measurement: it stands and falls with the factors, which are the same for every place and season.";
pub(super) const UNREPORTED_UNUSED: &str = "Days without a return do not count as unused.";
pub(super) const ATLAS: &str = "Atlas charging-use specification; DfT electric vehicle charging device statistics";
pub(super) const OWN: &str = "Kerbwatt’s own definition";
pub(super) const FACTORS: &str = "Kerbwatt factor table, version 1: UK Government greenhouse gas conversion factors 2024 (DESNZ), and 3.5 miles per kWh as a planning assumption";
pub(super) const REGULATIONS: &str = "Public Charge Point Regulations 2023";
