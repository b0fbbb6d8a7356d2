/** The two or three sentences under the heading, made from the figures alone. */
import type { Answer, Cell, Coverage, Metric, Period, Summary } from '../api/types';
import { change } from '../format/change';
import { count, number, say, wholePercent } from '../format/number';
import { lengthInDays } from '../format/period';
import { isThin } from './coverage';
import { clock, peak, WEEKDAYS, type Week } from './hours';

/** A run of text; strong where it carries the finding. */
export interface Run {
  text: string;
  strong?: boolean;
}

export type Sentence = Run[];

/** The period that changes are measured against. */
export interface Before {
  answer: Answer;
  /** `on last year`, `on the period before` */
  label: string;
  /** `on the same days a year before` */
  long: string;
}

function figureIn(answer: Answer | null, metric: string): Cell {
  return answer?.rows[0]?.[metric] ?? null;
}

/** Below this part of today's coverage, a period says more of who reported than of how much was charged. */
const COMPARABLE = 0.5;

function isUsable(answer: Answer | null, now: Answer): answer is Answer {
  if (answer === null || typeof figureIn(answer, 'sessions') !== 'number') return false;
  const share = answer.coverage.share ?? 0;
  return share > 0 && share >= COMPARABLE * (now.coverage.share ?? 0);
}

/** Last year where it was reported on well enough, else the period before, else nothing. */
export function before(summary: Summary): Before | null {
  if (isUsable(summary.last_year, summary.answer)) {
    return { answer: summary.last_year, label: 'on last year', long: 'on the same days a year before' };
  }
  if (isUsable(summary.previous, summary.answer)) {
    return { answer: summary.previous, label: 'on the period before', long: 'on the period of the same length before' };
  }
  return null;
}

function grown(summary: Summary, metrics: Map<string, Metric>): Sentence {
  const metric = metrics.get('sessions');
  const base = before(summary);
  const now = figureIn(summary.answer, 'sessions');
  if (!metric || typeof now !== 'number') return [];
  const sessions = count(now, 'charging session');
  const step = base ? change(now, figureIn(base.answer, 'sessions'), metric) : null;
  if (!base || !step) return [{ text: sessions, strong: true }, { text: ' reported.' }];
  if (step.direction === 'same') return [{ text: sessions, strong: true }, { text: `, about as many as ${base.long.replace(/^on /, 'in ')}.` }];
  const verb = step.direction === 'up' ? 'grew' : 'fell';
  return [{ text: 'Charging ' }, { text: `${verb} ${step.text.slice(2)}`, strong: true }, { text: ` ${base.long}, to ${count(now, 'session')}${points(summary, base)}.` }];
}

/** `, with 62 more charge points`: growth is never told without the new points behind it. */
function points(summary: Summary, base: Before): string {
  const [now, then] = [figureIn(summary.answer, 'evses'), figureIn(base.answer, 'evses')];
  if (typeof now !== 'number' || typeof then !== 'number' || now === then) return '';
  return `, with ${number(Math.abs(now - then))} ${now > then ? 'more' : 'fewer'} charge points`;
}

function used(summary: Summary, metrics: Map<string, Metric>, week: Week | null): Sentence {
  const metric = metrics.get('utilisation_time');
  const share = figureIn(summary.answer, 'utilisation_time');
  if (!metric || typeof share !== 'number') return [];
  const single = figureIn(summary.answer, 'evses') === 1;
  const start: Sentence = [
    { text: single ? 'It was plugged in ' : 'Charge points were plugged in ' },
    { text: `${say(share, metric)} of the time`, strong: true },
  ];
  const top = week ? peak(week) : null;
  if (top === null || !(week![top]! > 0)) return [...start, { text: '.' }];
  return [...start, { text: `, most on ${WEEKDAYS[Math.floor(top / 24)]}s around ` }, { text: clock(top % 24), strong: true }, { text: '.' }];
}

function unused(summary: Summary, period: Period): Sentence {
  const amount = figureIn(summary.answer, 'evses_unused');
  const all = figureIn(summary.answer, 'evses');
  if (typeof amount !== 'number' || amount === 0 || typeof all !== 'number') return [];
  if (all === 1) return [{ text: 'It had no session', strong: true }, { text: ` in these ${count(lengthInDays(period), 'day')}.` }];
  return [{ text: count(amount, 'charge point'), strong: true }, { text: ` had no session in these ${count(lengthInDays(period), 'day')}.` }];
}

function thin(coverage: Coverage): Sentence {
  if (!isThin(coverage) || coverage.share === null) return [];
  return [{ text: `Only ${wholePercent(coverage.share)} of charge-point days are covered by returns`, strong: true }, { text: ': read these figures as incomplete.' }];
}

/** A change against a thinly covered period may be one of reporting alone. */
function thinBefore(summary: Summary): Sentence {
  const base = before(summary);
  if (!base || !isThin(base.answer.coverage) || base.answer.coverage.share === null) return [];
  const then = base.label === 'on last year' ? 'A year before' : 'In the period before';
  return [{ text: `${then}, only ${wholePercent(base.answer.coverage.share)} of charge-point days were covered, so part of the change may be one of reporting.` }];
}

/** The findings of a view; an empty list where nothing was reported. */
export function findings(summary: Summary, metrics: readonly Metric[], week: Week | null): Sentence[] {
  const byId = new Map(metrics.map((metric) => [metric.id, metric]));
  const period = summary.answer.provenance;
  return [grown(summary, byId), used(summary, byId, week), unused(summary, period), thin(summary.answer.coverage), thinBefore(summary)].filter(
    (sentence) => sentence.length > 0,
  );
}

/** The same as plain text. */
export function plain(sentences: readonly Sentence[]): string {
  return sentences.map((sentence) => sentence.map((run) => run.text).join('')).join(' ');
}
