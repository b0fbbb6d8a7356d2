import { expect, test } from 'vitest';
import { asOfVersion, changesPath, figuresPath, ledgerPath } from './query';
import { changesHref, noFilters, parseView, placeHref, viewHref } from './view';

const round = (href: string): string => {
  const url = new URL(href, 'http://host');
  return viewHref(parseView(url.pathname, url.search));
};

test('every address that the app writes reads back as itself', () => {
  const addresses = [
    '/',
    '/borough/E09000007?from=2024-01&to=2024-12&operator=gb-dcc,gb-xyz&band=fast&metric=sessions',
    '/site/gb-dcc%3AGellatly%20Street%20Car%20Park?from=2018-06-06&to=2018-09-06',
    '/evse/gb-dcc%3A50914-1',
    '/?level=ward&rank=operator', '/?as_of=37', '/ward/E05?band=fast&as_of=2026-10-14T10:12',
    '/changes', '/changes?metric=sessions&as_of=37&since=12&place=site:gb-dcc:Gellatly%20Street',
    '/figures?owner_borough=Camden,Hackney&funding_scheme=ORCS%2C%20first&by=month', '/patterns', '/trends?metric=sessions', '/borough/E09000007/patterns?level=location', '/evse/gb-dcc%3A50914-1/trends',
    '/data', '/data?operator=gb-xyz&state=checked&month=2025-02&page=3', '/data/12', '/data/12?rule=zero_energy&page=2', '/data/12/layout', '/methods', '/about',
  ];
  expect(addresses.map(round)).toEqual([...addresses.slice(0, 1), '/borough/E09000007?from=2024&to=2024&operator=gb-dcc,gb-xyz&band=fast&metric=sessions', ...addresses.slice(2)]);
});

test('defaults are left out, so the address stays short', () => {
  expect(round('/?metric=utilisation_time&from=2025-01-01&to=2025-12-31')).toBe('/?from=2025&to=2025');
});

test('nonsense in the query is left aside', () => {
  expect(round('/data?month=soon&page=-2')).toBe('/data');
  expect(round('/data/12?page=1.5')).toBe('/data/12');
  expect(parseView('/data/12/rows', '').screen.name).toBe('missing');
  expect(parseView('/', '?from=2025-99&to=x').choice.period).toBeNull();
  expect(parseView('/', '?from=2025-02&to=2025-01').choice.period).toBeNull();
  expect(parseView('/borough/%E0%A4%A', '').screen).toMatchObject({ name: 'overview' });
});

test('unknown paths are the missing screen', () => {
  expect(['/x', '/data/x', '/borough/a/b', '/borough/a/overview'].map((path) => parseView(path, '').screen.name)).toEqual(['missing', 'missing', 'missing', 'missing']);
});

test('going to another place keeps the period and filters, not the level of the place left', () => {
  const { choice } = parseView('/', '?from=2025&to=2025&band=fast&level=ward&rank=operator');
  expect(placeHref({ kind: 'ward', code: 'E05' }, choice)).toBe('/ward/E05?from=2025&to=2025&band=fast');
  expect(placeHref({ kind: 'ward', code: 'E05' }, choice, 'trends')).toBe('/ward/E05/trends?from=2025&to=2025&band=fast');
});

test('the API is asked with the place as a filter and ids encoded', () => {
  const period = { from: '2025-01-01', to: '2025-12-31' };
  const scope = { place: { kind: 'site' as const, code: 'gb:A & B' }, period, filters: { ...noFilters(), band: ['fast', 'slow'] } };
  expect(figuresPath('series', scope, { metric: 'sessions', by: 'day' })).toBe(
    '/series?metric=sessions&by=day&from=2025-01-01&to=2025-12-31&location=gb%3AA%20%26%20B&band=fast,slow',
  );
});

test('a ledger is asked for with the place, days and filters of the figure that it explains', () => {
  const path = '/patterns/trend?metric=sessions&limit=5&from=2025-01-01&to=2025-12-31&location=gb%3AA&band=fast,slow&as_of=37';
  expect(ledgerPath(path, { id: 'utilisation_time', within_operator: false })).toBe('/query?metric=utilisation_time&ledger=true&from=2025-01-01&to=2025-12-31&location=gb%3AA&band=fast,slow&as_of=37');
  const split = '/query?metric=top5_share&by=operator,month&from=2025-01-01&to=2025-12-31&borough=E09';
  expect(ledgerPath(split, { id: 'top5_share', within_operator: true }), 'drivers of several operators are told one by one').toBe('/query?metric=top5_share&by=operator&ledger=true&from=2025-01-01&to=2025-12-31&borough=E09');
});

test('a version travels with every figure, and not to the record, which is always that of now', () => {
  const { choice } = parseView('/', '?band=fast&as_of=37');
  expect(placeHref({ kind: 'ward', code: 'E05' }, choice)).toBe('/ward/E05?band=fast&as_of=37');
  expect(viewHref({ screen: { name: 'data', state: null, month: null, page: 1 }, choice })).toBe('/data?band=fast');
  expect(parseView('/data', '?as_of=37').choice.asOf).toBeNull();
  expect(parseView('/', '?as_of=soon').choice.asOf, 'the server says what is wrong with it').toBe('soon');
});

test('what changed is asked for the same place, filters, measure and period', () => {
  const { choice } = parseView('/', '?from=2025&to=2025&band=fast&level=ward&metric=sessions');
  expect(changesHref({ kind: 'borough', code: 'E09' }, choice, 37)).toBe('/changes?from=2025&to=2025&band=fast&metric=sessions&since=37&place=borough:E09');
  const scope = { place: { kind: 'borough' as const, code: 'E09' }, period: { from: '2025-01-01', to: '2025-12-31' }, filters: choice.filters };
  expect(changesPath(scope, 'sessions', 37, 40)).toBe('/changes?from=37&to=40&metric=sessions&period=2025-01-01..2025-12-31&borough=E09&band=fast');
});

test('requests name the version that is asked, and none where the newest is', () => {
  expect(asOfVersion('/search?q=a', 37)).toBe('/search?q=a&as_of=37');
  expect(asOfVersion('/areas/ward', 37)).toBe('/areas/ward?as_of=37');
  expect(asOfVersion('/areas/ward', null)).toBe('/areas/ward');
  const scope = { place: { kind: 'hub' as const }, period: { from: '2025-01-01', to: '2025-12-31' }, filters: noFilters(), asOf: 37 };
  expect(figuresPath('query', scope)).toBe('/query?from=2025-01-01&to=2025-12-31&as_of=37');
});

test('figures keep their splits in the address, in their order, and none as such; other screens do without', () => {
  const [path, search] = ['/borough/E09000007/figures', '?metric=sessions&by=month,operator'];
  const view = parseView(path, search);
  expect([view.screen, view.choice.by]).toEqual([{ name: 'figures', place: { kind: 'borough', code: 'E09000007' } }, ['month', 'operator']]);
  expect(viewHref(view)).toBe(path + search);
  expect(viewHref({ ...view, screen: { name: 'patterns', place: { kind: 'hub' } } })).toBe('/patterns?metric=sessions');
  expect(viewHref(parseView('/figures', '?by=nothing'))).toBe('/figures?by=nothing');
  expect(parseView('/figures', '').choice.by).toBe(null);
});
