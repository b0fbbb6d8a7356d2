import { expect, test } from 'vitest';
import { centre, fit, pathData, boxOf, windowOf } from '../map/projection';
import { neighbour } from '../map/neighbour';
import { classes, classOf, linear, rampColour, spread, zeroBased } from './scale';

test('a scale goes there and back', () => {
  const scale = linear([0, 50], [100, 0]);
  expect(scale(25)).toBe(50);
  expect(scale.back(scale(12.5))).toBeCloseTo(12.5, 12);
  expect(linear([3, 3], [0, 10])(3)).toBe(0);
});

test('an axis begins at zero and ends round', () => {
  expect(zeroBased(0.454)).toEqual([0, 0.5]);
  expect(zeroBased(0)).toEqual([0, 1]);
});

test('classes are round, hold every value once and take the ends of the ramp', () => {
  const values = [0.16, 0.2, 0.24, 0.25, 0.454];
  const bars = classes(values);
  expect(bars.reduce((sum, bar) => sum + bar.count, 0)).toBe(values.length);
  expect([bars[0]!.colour, bars.at(-1)!.colour]).toEqual(['var(--ramp-0)', 'var(--ramp-4)']);
  expect(values.every((value) => bars[classOf(bars, value)]!.from <= value && value <= bars[classOf(bars, value)]!.to)).toBe(true);
  expect(classes([5, 5])).toHaveLength(1);
});

test('the ramp blends between stops', () => {
  expect(rampColour(0.25)).toBe('var(--ramp-1)');
  expect(rampColour(0.3)).toContain('color-mix');
});

test('labels are kept apart, in order and above the floor', () => {
  expect(spread([100, 20, 96], 16)).toEqual([100, 20, 84]);
  expect(spread([100, 100], 16, 90)).toEqual([90, 74]);
  expect(spread([], 16)).toEqual([]);
});

const square: GeoJSON.Polygon = { type: 'Polygon', coordinates: [[[0, 51], [0.1, 51], [0.1, 51.1], [0, 51.1], [0, 51]]] };

test('a map keeps its shape and fits its frame, north up', () => {
  const project = fit(boxOf([square])!, 300, 200, 10);
  const [[west, south], [east, north]] = [project([0, 51]), project([0.1, 51.1])];
  expect(south).toBeCloseTo(190, 6);
  expect(north).toBeCloseTo(10, 6);
  expect((east - west) / (south - north)).toBeCloseTo(Math.cos((51.05 * Math.PI) / 180), 6);
  expect(pathData(square, project)).toMatch(/^M[\d.,L]+Z$/);
  expect(centre(square)[0]).toBeCloseTo(0.05, 9);
});

test('a map goes where its points are when most lie outside its areas', () => {
  expect(windowOf([square], [[0.05, 51.05]])).toEqual([0, 51, 0.1, 51.1]);
  const [west, south, east, north] = windowOf([square], [[-3, 56.4], [-2.9, 56.5]]);
  expect(west < -3 && east > -2.9 && south < 56.4 && north > 56.5).toBe(true);
});

test('the arrow keys move to the nearest area that way', () => {
  const spots = [{ code: 'a', x: 0, y: 0 }, { code: 'b', x: 10, y: 1 }, { code: 'c', x: 5, y: 40 }];
  expect(neighbour(spots, 'a', 'right')).toBe('b');
  expect(neighbour(spots, 'a', 'down')).toBe('c');
  expect(neighbour(spots, 'a', 'up')).toBeNull();
});
