/** Titles and sentences of the Patterns screen, made from the figures alone. */
import type { Archetypes, Concentration, Period, Unused, UnusedMember } from '../api/types';
import { count, number, wholePercent } from '../format/number';
import { firstOfMonth, formatDay, lengthInDays } from '../format/period';
import { noun } from '../place/levels';

const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'] as const;

/** `January` for 1. */
export function monthWord(month: number): string {
  return MONTHS[month - 1] ?? String(month);
}

/** `+17%`, `−22%`: an index against the year around it. */
export function indexText(index: number): string {
  const percent = Math.round((index - 1) * 100);
  return `${percent > 0 ? '+' : ''}${number(percent)}%`;
}

/** `Highest in January, 17% above the year around it; lowest in June, 22% below` */
export function seasonsTitle(seasons: readonly { month: number; index: number }[]): string {
  const ranked = [...seasons].sort((a, b) => b.index - a.index);
  const [top, low] = [ranked[0], ranked.at(-1)];
  if (!top || !low) return 'No seasons can be told yet';
  const [up, down] = [Math.round((top.index - 1) * 100), Math.round((1 - low.index) * 100)];
  if (up === 0 && down === 0) return 'Every month is about as busy as the year around it';
  return `Highest in ${monthWord(top.month)}, ${up}% above the year around it; lowest in ${monthWord(low.month)}, ${down}% below`;
}

/** `Half of the energy comes from 365 of 3,470 charge points` */
export function concentrationTitle({ half, members, by }: Concentration): string {
  if (!half) return 'No energy was delivered in this period';
  return members === 1 ? `All of the energy comes from one ${noun(by, 1)}` : `Half of the energy comes from ${number(half.members)} of ${count(members, noun(by, 1), noun(by))}`;
}

/** `Overnight residential is the commonest kind: 1,580 of 3,470 charge points` */
export function archetypesTitle({ kinds, total_members, by, from, to }: Pick<Archetypes, 'kinds' | 'total_members' | 'by' | 'from' | 'to'>): string {
  const most = kinds.filter(({ week }) => week.length > 0).sort((a, b) => b.members - a.members)[0];
  if (total_members === 0) return `No ${noun(by, 1)} was reported on for a whole month`;
  const told = kinds.filter(({ id, members }) => id !== 'too_little_use' && members > 0);
  const longer = (Number(to?.slice(0, 4)) - Number(from?.slice(0, 4))) * 12 + Number(to?.slice(5, 7)) - Number(from?.slice(5, 7)) < 2 ? '; choose a longer period' : '';
  if (!most || most.members === 0 || told.length === 0) return `Too little use to tell a kind for any ${noun(by, 1)}${longer}`;
  if (most.id === 'too_little_use') return `Too little use to tell a kind for ${number(most.members)} of ${count(total_members, noun(by, 1), noun(by))}${longer}`;
  return total_members === 1 ? most.name : `${most.name} is the commonest kind: ${number(most.members)} of ${count(total_members, noun(by, 1), noun(by))}`;
}

/** Days in which a silence is looked for: the past is read from the beginning of the period's first month. */
export function daysOfSilence({ from, to }: Period): number {
  return lengthInDays({ from: firstOfMonth(from), to });
}

/** `157 of 3,406 charge points stand unused, 103 of them not once in this period`. Where none is listed, no more is known than that none was silent for so long. */
export function unusedTitle({ evses, evses_unused, evses_never_used, min_days }: Unused, period: Period): string {
  if (evses === 0) return 'No charge point in service at the end of this period was reported on';
  if (daysOfSilence(period) < min_days) return 'This period is too short to tell which charge points stand unused';
  const silence = `unused for ${count(min_days, 'reported day')}`;
  if (evses_unused === 0) return evses === 1 ? `It has not been ${silence}` : `None of ${count(evses, 'charge point')} has been ${silence}`;
  const never = evses_never_used > 0 ? `, ${number(evses_never_used)} of them not once in this period` : '';
  return `${number(evses_unused)} of ${count(evses, 'charge point')} stand${evses_unused === 1 ? 's' : ''} unused${never}`;
}

/** Chances beyond this are told as such: the model of drivers is not better than that. */
const MOST = 1_000_000;

/** `1 in 2,300` */
function oneIn(amount: number): string {
  return amount >= MOST ? 'less than 1 in a million' : `1 in ${number(amount, amount < 10 ? 1 : 0).replace(/\.0$/, '')}`;
}

/** `Since 28 Mar 2026, 186 reported days`, or since when it is in service without any use. */
export function sinceText(member: UnusedMember): string {
  if (member.state === 'never_used' || member.last_used === null) return `Not used in this period; reported since ${formatDay(member.first_reported)}`;
  return `Since ${formatDay(member.last_used)}${member.days_since_use === null ? '' : `, ${count(member.days_since_use, 'reported day')}`}`;
}

/** `expected 9 sessions in that time; chance of none 1 in 2,300` */
export function surpriseText({ expected_sessions: expected, one_in: odds }: UnusedMember): string {
  if (expected === null || odds === null) return 'No past to tell from';
  const sessions = expected < 9.5 ? number(expected, 1).replace(/\.0$/, '') : number(expected);
  return `Expected ${sessions} ${sessions === '1' ? 'session' : 'sessions'} in that time; chance of none ${oneIn(odds)}`;
}

/** `busiest 5% of charge points`; `busiest 1 of 7 charge points` where whole ones are no such share. */
export function topText(share: number, members: number, by: string): string {
  const top = Math.max(1, Math.round(share * members));
  return wholePercent(top / members) === wholePercent(share) ? `busiest ${wholePercent(share)} of ${noun(by)}` : `busiest ${number(top)} of ${count(members, noun(by, 1), noun(by))}`;
}
