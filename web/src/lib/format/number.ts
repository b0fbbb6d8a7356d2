/** Figures as an officer reads them: 48,210; 34.2%; 812 MWh; −5.9 pts. */
import type { Cell, Metric, MetricFormat } from '../api/types';

/** A figure apart from its unit, so that the two can be set in different sizes. */
export interface Figure {
  value: string;
  unit: string;
}

export const NO_FIGURE = '–';

/** A number with grouped thousands, a true minus, and a fixed count of decimals. */
export function number(value: number, decimals = 0): string {
  const rounded = Number(value.toFixed(decimals));
  const text = Math.abs(rounded).toLocaleString('en-GB', {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });
  return rounded < 0 ? `−${text}` : text;
}

/** Decimals that leave about three significant figures. */
function decimalsFor(value: number): number {
  const size = Math.abs(value);
  if (size === 0 || size >= 100) return 0;
  return size >= 10 ? 1 : size >= 0.1 ? 2 : 3;
}

function energy(kwh: number): Figure {
  const size = Math.abs(kwh);
  if (size >= 1e6) return { value: number(kwh / 1e6, decimalsFor(kwh / 1e6)), unit: 'GWh' };
  if (size >= 1e4) return { value: number(kwh / 1e3, decimalsFor(kwh / 1e3)), unit: 'MWh' };
  return { value: number(kwh, size < 100 && size > 0 ? 1 : 0), unit: 'kWh' };
}

function minutes(value: number): Figure {
  const whole = Math.round(value);
  if (whole < 60) return { value: number(value, whole < 10 ? 1 : 0), unit: 'min' };
  const rest = whole % 60;
  const hours = number(Math.floor(whole / 60));
  return rest === 0 ? { value: hours, unit: 'h' } : { value: `${hours} h ${rest}`, unit: 'min' };
}

/** A value split into figure and unit by its kind. `unitLabel` serves where the kind has no unit of its own. */
export function figure(value: Cell | undefined, format: MetricFormat, unitLabel = ''): Figure {
  if (typeof value !== 'number') return { value: NO_FIGURE, unit: '' };
  switch (format) {
    case 'integer':
      return { value: number(value), unit: unitLabel };
    case 'percent':
      return { value: number(value * 100, 1), unit: '%' };
    case 'kwh':
      return energy(value);
    case 'hours':
      return { value: number(value, decimalsFor(value)), unit: 'h' };
    case 'minutes':
      return minutes(value);
    case 'pounds':
      return { value: `${value < 0 ? '−' : ''}£${number(Math.abs(value), Math.abs(value) < 1000 ? 2 : 0)}`, unit: '' };
    case 'decimal':
      return { value: number(value, decimalsFor(value)), unit: unitLabel };
  }
}

/** A value as running text: `34.2%`, `812 MWh`, `48,210`. Units of counts are left to the sentence around it. */
export function say(value: Cell | undefined, metric: Pick<Metric, 'format' | 'unit_label'>): string {
  const { value: text, unit } = figure(value, metric.format, metric.unit_label);
  if (metric.format === 'percent' && unit) return `${text}%`;
  return metric.format === 'integer' || !unit ? text : `${text} ${unit}`;
}

/** One unit for all the labels of an axis; the unit itself stands in the subtitle. */
export interface Axis {
  /** Empty where the labels carry it (%) or there is none. */
  unit: string;
  label: (value: number) => string;
}

/** The unit and labels of an axis that reaches up to `highest`. */
export function axis(format: MetricFormat, highest: number): Axis {
  const plain = (value: number): string => Number(value.toFixed(4)).toLocaleString('en-GB');
  const divided = (by: number, unit: string): Axis => ({ unit, label: (value) => plain(value / by) });
  switch (format) {
    case 'percent':
      return { unit: '', label: (value) => `${Number((value * 100).toFixed(2))}%` };
    case 'kwh':
      return highest >= 1e6 ? divided(1e6, 'GWh') : highest >= 2e3 ? divided(1e3, 'MWh') : divided(1, 'kWh');
    case 'minutes':
      return highest >= 240 ? divided(60, 'hours') : divided(1, 'minutes');
    case 'hours':
      return divided(1, 'hours');
    case 'pounds':
      return { unit: '£', label: plain };
    default:
      return divided(1, '');
  }
}

/** A share of 0..1 as a whole per cent; never rounds up to 100 or down to 0. */
export function wholePercent(share: number): string {
  const percent = Math.round(share * 100);
  if (percent === 100 && share < 1) return '99%';
  return percent === 0 && share > 0 ? 'under 1%' : `${percent}%`;
}

/** `1 session`, `2 sessions`: count and noun, grouped. */
export function count(amount: number, singular: string, plural = `${singular}s`): string {
  return `${number(amount)} ${amount === 1 ? singular : plural}`;
}

/** Size of a file: `812 kB`, `1.4 MB`. */
export function bytes(size: number): string {
  if (size < 1000) return count(size, 'byte');
  const [value, unit] = size < 1e6 ? [size / 1e3, 'kB'] : size < 1e9 ? [size / 1e6, 'MB'] : [size / 1e9, 'GB'];
  return `${number(value, value < 10 ? 1 : 0)} ${unit}`;
}
