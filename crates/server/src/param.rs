//! Every parameter that some endpoint takes, described once.

/// What values a parameter takes.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Takes {
    /// Text, or a comma list of texts.
    Text,
    /// A whole number from 0.
    Number,
    /// One of these.
    OneOf(&'static [&'static str]),
}

/// A parameter.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Param {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    pub(crate) takes: Takes,
    pub(crate) required: bool,
    /// Whether it is a comma list, which may also be given part by part.
    pub(crate) is_list: bool,
}

const fn text(name: &'static str, about: &'static str) -> Param {
    Param { name, about, takes: Takes::Text, required: false, is_list: false }
}

pub(crate) const METRIC: Param = Param {
    required: true,
    is_list: true,
    ..text("metric", "Ids of metrics of the catalogue, separated by commas, such as sessions,energy_kwh")
};
pub(crate) const BY: Param = Param {
    is_list: true,
    ..text("by", "Dimensions to split by, separated by commas, such as borough or operator,month")
};
pub(crate) const BY_REQUIRED: Param = Param { required: true, ..BY };
pub(crate) const FROM: Param = text("from", "First day, month or year; without it, from the first day with data");
pub(crate) const TO: Param = text("to", "Last day, month or year, included; without it, to the last day with data");
pub(crate) const AS_OF: Param = text(
    "as_of",
    "As of a data version (37), the end of a day (2026-10-14) or a time (2026-10-14T10:12, in the zone of the hub); without it, \
     as of the newest",
);
pub(crate) const FROM_VERSION: Param = Param {
    required: true,
    ..text("from", "The older data version: its number, or a day or time as of which it was the newest")
};
pub(crate) const TO_VERSION: Param = text("to", "The newer data version, likewise; without it, the newest");
pub(crate) const DAYS: Param = text(
    "period",
    "Days, months or years of the figures, both ends included, such as 2024-01..2024-12; without it, all days that either \
     version has",
);
pub(crate) const LIMIT: Param = Param { takes: Takes::Number, ..text("limit", "How many rows at most") };
pub(crate) const OFFSET: Param = Param { takes: Takes::Number, ..text("offset", "How many rows to pass over") };
pub(crate) const HEADER_ROWS: Param = Param {
    takes: Takes::OneOf(&["0", "1", "2", "3", "4", "5"]),
    ..text("header_rows", "Rows that make up the header, 0 where there is none; without it, as many as is evident")
};
pub(crate) const ORDER: Param = Param {
    takes: Takes::OneOf(&["desc", "asc"]),
    ..text("order", "Order by the first metric: desc puts the largest first, asc the smallest")
};
pub(crate) const COMPARE: Param =
    Param { takes: Takes::OneOf(&["1", "0"]), ..text("compare", "1 adds the period before and the year before") };
pub(crate) const COMPARE_LAST_YEAR: Param = Param {
    takes: Takes::OneOf(&["last_year"]),
    ..text("compare", "last_year adds a column METRIC_before for each metric: the same days a year before")
};
pub(crate) const FORMAT: Param = Param {
    takes: Takes::OneOf(&["json", "csv"]),
    ..text("format", "Form of the answer; without it, what the Accept header asks for, else JSON")
};
/// For tables of figures alone.
pub(crate) const ANY_FORMAT: Param = Param {
    takes: Takes::OneOf(&["json", "csv", "xlsx", "parquet"]),
    ..text("format", "Form of the answer; without it, what the Accept header asks for, else JSON")
};
pub(crate) const LEDGER: Param = Param {
    takes: Takes::OneOf(&["true", "false"]),
    ..text(
        "ledger",
        "true adds how the denominator of each rate came about, for the whole and for each row, and what was left out",
    )
};
pub(crate) const WITHIN: Param = text("within", "Code of a borough: only what lies in it");
pub(crate) const SEARCH: Param =
    Param { required: true, ..text("q", "Name, address, postcode, code or id, or the beginning of it") };
pub(crate) const RULE: Param = text("rule", "Id of a check: only rows that it set aside");
pub(crate) const KIND: Param =
    Param { takes: Takes::OneOf(&["sessions", "register"]), ..text("kind", "What a file holds; without it, sessions") };
pub(crate) const OPERATOR: Param = Param {
    required: true,
    ..text("operator", "Whose return it is: country code, hyphen and party id, such as gb-dcc")
};
pub(crate) const LIMITS_OF: Param =
    text("operator", "Operator whose limits are in force; without it, those of the hub");
pub(crate) const FILE: Param = Param { required: true, ..text("file", "Name of the file") };
pub(crate) const PERIOD: Param = text(
    "period",
    "Period that the return covers, such as 2018-06..2018-09; without it, the days that are found in the file",
);
pub(crate) const PROFILE: Param = text("profile", "Name of the layout; without it, the one that the header fits");
pub(crate) const OPERATOR_NAME: Param = text("operator_name", "Name of the operator, for people");
pub(crate) const ACCEPT: Param = Param {
    takes: Takes::OneOf(&["true", "false"]),
    ..text("accept", "true takes the rows into the figures at once, with the repairs that the file proves")
};
pub(crate) const MEASURE: Param = text(
    "metric",
    "Id of one metric of which there are patterns, such as sessions, energy_kwh or utilisation_time; without it, utilisation_time",
);
pub(crate) const MEMBERS: Param = Param {
    takes: Takes::OneOf(&["evse", "location"]),
    ..text("by", "Charge points (evse) or sites (location); without it, charge points")
};
pub(crate) const MIN_DAYS: Param = Param {
    takes: Takes::Number,
    ..text("days", "From how many reported days without use a charge point is listed; without it, 28")
};
pub(crate) const TABLE: Param = text(
    "table",
    "Which of its tables, for CSV: of a trend days, seasons, growth or steps; of a typical day profiles or hours; of kinds of \
     use members or shapes; without it, the first of these",
);
