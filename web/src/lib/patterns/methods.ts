/** How the charts of Patterns and Trends are made, beyond the definition of their metric. The methods' sources are in the API's own description. */

export const TYPICAL_DAY = [
  'For each hour of the day, the figures of all days are put in order: the line is the middle one (the median), the shaded band holds the middle half (from the lower to the upper quartile).',
  'Amounts, such as sessions or energy, are given for one charge point and hour, so that new charge points do not look like busier hours.',
  'Weekdays are Monday to Friday. Days without a return are left out and never count as no use.',
  'In large areas over long periods the days are taken together by weekday and month first; the subtitle says so.',
];

export const WEEK = ['Each cell is the rate of one hour of the week over the whole period: amounts are summed first and divided once, so days with more charge points count for more.'];

export const HOURS = [
  'Each cell is the rate of one hour of the week over the whole period: amounts are summed first and divided once, so days with more charge points count for more.',
  'Amounts, such as sessions or energy, are given for one charge point and reported hour, so that neither lost returns nor new charge points look like less or more use.',
  'The typical day joins the hours of Monday to Friday, and those of Saturday and Sunday, in the same way; the shaded band reaches from the lowest to the highest of these days.',
];

export const CALENDAR = [
  'One figure for each day. Days on which no operator returned anything are hatched: they are missing, which is not the same as no use.',
  'Days on which no charge point was in service are left blank.',
];

export const SEASONS = [
  'Each month is compared with the twelve months around it (ratio to a centred moving average), so that growth does not look like a season; the ratios of one month of the year are averaged.',
  'It uses all the data, not only the chosen period, and takes two whole years, each month covered about as well as usual.',
];

export const ARCHETYPES = [
  'The week in which a charge point is plugged in is compared with six fixed shapes and gets the name of the nearest: that from which least plugged-in time would have to move to other hours.',
  'The shapes are fixed, so a charge point keeps its name whatever others do. Less than 30 sessions say too little; where less than 70% of the time lies as in the nearest shape, there is no clear pattern.',
  'Whole months are read, the last twelve of the period.',
];

export const CONCENTRATION = [
  'Charge points or sites are put in order from the least to the most used; the curve shows which share of the energy comes from the least used part of them (Lorenz curve).',
  'Were all used alike, the curve would be the straight line. The Gini coefficient is the area between the two, doubled: 0 when all are alike, near 1 when one has everything.',
];

export const DRIVERS = [
  'A driver is a pseudonym that one operator reports: card, account or contract. The same person has another with another operator, so nothing is counted over several operators.',
  'Sessions without one are left out of both parts of the share. A bar is the energy of the operator’s sessions with a known driver, which may be a part of its energy only: the text beside it says how much.',
];

export const UNUSED = [
  'Charge points that are in service on the last day of the period, were reported on at least once in it, and had no session on their last 28 reported days or more. One with fewer reported days since its last session is not listed, as that is too short to tell.',
  'Expected is what the charge point’s own past, by hour of the week, would have brought in the reported days since. The chance of none allows for how short that past is. Drivers have habits and holidays: read it as an order of magnitude. Among thousands of charge points, a few at “1 in 2,000” are to be expected by chance alone.',
];

export const TREND = [
  'By day, the rate by charge point and reported day: neither more charge points nor lost returns look like growth. The dashed line is the same weekday 364 days before; over more than 60 days it is drawn as the median of 7 days, and read out day by day.',
  'The trend and the week are taken apart by STL (seasonal-trend decomposition by loess; robust, unless more than a third of the days are without use): trend, week and remainder add up to the figure. Days that are missing, or covered much worse than usual, take no part and are gaps.',
  'A step is told where a series without one, that wanders as much from day to day, would show as large a step at most once in 100 cases. Day and size are given with their 95% intervals. A change is not told as a step where the returns of an operator begin or end, or many charge points are added, near it: other charge points are no other use.',
];

export const GROWTH = [
  'Total growth compares all that was reported with the same days a year before. Like for like compares only the charge points that were in service and reported on at least 95% of the days of both periods.',
  'Totals are compared only where both periods rest on the same days: at most 10% of the charge-point days of either may lack a return where the other has one, these shares may differ by 5 points at most, and something was in service on the same days of both.',
  'Where the period is longer than a year, its last year is compared.',
];
