//! Whether the layout of an operator's files drifts: by the columns of its returns, as far as these are files of its own making.

use std::collections::HashMap;

use kerbwatt_intake::OUR_OWN;
use kerbwatt_store::Submission;

use crate::reading::NOTHING_TO_REPORT;
use crate::record::Details;
use crate::{Hub, HubError};

impl Hub {
    /// Layout and columns of each submission's file, in one text; none of a statement that there was nothing, which has no columns,
    /// and of a file that nobody knows how to read yet.
    pub(crate) fn columns(&self, submissions: &[Submission]) -> Result<HashMap<i64, String>, HubError> {
        let mut columns = HashMap::new();
        for one in submissions.iter().filter(|one| !one.profile.is_empty() && one.profile != NOTHING_TO_REPORT) {
            let (_, details) = self.ledger.findings_and_details(one.id)?.unwrap_or_default();
            let details: Details = serde_json::from_str(&details).unwrap_or_default();
            columns.insert(one.id, of_columns(&one.profile, &details.header()));
        }
        Ok(columns)
    }
}

/// Mended rows come in the columns of their file, beside those that we gave back with them. Columns without a name are none of a layout,
/// and not every record names them by their place.
fn of_columns(profile: &str, header: &[String]) -> String {
    let is_place =
        |name: &str| name.strip_prefix("column ").is_some_and(|at| at.bytes().all(|byte| byte.is_ascii_digit()));
    let is_own = |name: &&String| !name.is_empty() && !name.starts_with(OUR_OWN) && !is_place(name);
    let names: Vec<&str> = header.iter().filter(is_own).map(String::as_str).collect();
    format!("{profile}|{}", names.join("|"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_of_mended_rows_are_those_of_their_file() {
        let names = |of: &[&str]| of_columns("own", &of.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>());
        assert_eq!(names(&["CP", "kWh"]), names(&["CP", "kWh", "kerbwatt_row", "kerbwatt_rule", "kerbwatt_advice"]));
        assert_eq!(names(&["CP", "", "kWh"]), names(&["CP", "column 2", "kWh"]));
        assert_ne!(names(&["CP", "kWh"]), names(&["CP", "kWh", "Cost"]));
        assert_ne!(names(&["CP", "kWh"]), names(&["kWh", "CP"]));
    }
}
