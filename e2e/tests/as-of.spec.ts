/** Figures as of past data versions: a link that keeps what it showed, and what changed since. Against a hub of its own, whose figures change. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { bodyOf } from '../support/app';
import { run, start, type Server } from '../support/server';
import { expect, test } from '../support/test';

let folder: string;
let server: Server;

/** Sessions of an hour and 7 kWh, one a day at two points from the first of a month on. */
function sessions(month: string, days: number): string {
  const rows = Array.from({ length: days }, (_, day) => {
    const date = `${month}-${String(day + 1).padStart(2, '0')}`;
    return `P${day % 2},${date}T08:00:00Z,${date}T09:00:00Z,7`;
  });
  return ['evse,plug_in,plug_out,energy_kwh', ...rows, ''].join('\n');
}

function submit(name: string, month: string, days: number): void {
  const file = join(folder, name);
  writeFileSync(file, sessions(month, days));
  run('submit', file, '--data', join(folder, 'data'), '--operator', 'gb-abc', '--operator-name', 'Abc Charging', '--period', month, '--accept');
}

/** Version 1: 20 sessions in January. 2: 10 more in February. 3: January is withdrawn. 4: and taken back. */
test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kerbwatt-as-of-'));
  submit('january.csv', '2024-01', 20);
  submit('february.csv', '2024-02', 10);
  run('decide', '1', '--data', join(folder, 'data'), '--withdraw', '--note', 'wrong meter');
  run('undo', '1', '--data', join(folder, 'data'));
  server = await start(60_000, 'serve', '--data', join(folder, 'data'));
});

test.afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

const strip = (page: Page): ReturnType<Page['getByRole']> => page.getByRole('complementary', { name: 'Version of the figures' });
const ALL = 'from=2024-01&to=2024-02&metric=sessions';

test('a version in the address shows its figures, says that they are not the newest, and leads there', async ({ app, page }) => {
  await app.open(`${server.url}/?${ALL}&as_of=1`);
  await app.figures();
  await expect(strip(page)).toContainText(/You see the figures as of \d+ \w+ \d{4}, \d\d:\d\d \(version 1\)\. \d+ changes since\./);
  expect((await app.values())[0]).toBe('Sessions 20');
  await strip(page).getByRole('link', { name: 'Show the newest' }).click();
  await app.figures();
  await expect(strip(page)).toHaveCount(0);
  await expect(page).toHaveURL(`${server.url}/?from=2024-01&to=2024-02&metric=sessions`);
  await expect.poll(async () => (await app.values())[0]).toBe('Sessions 30');
});

test('every request of a view names the version, and so do the links into it', async ({ app, page }) => {
  const without: string[] = [];
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.pathname.startsWith('/api/') && !url.searchParams.has('as_of')) without.push(url.pathname + url.search);
  });
  await app.open(`${server.url}/?${ALL}&as_of=2`);
  await app.figures();
  await app.search.fill('P1');
  await page.getByRole('option').first().click();
  await app.figures();
  await expect(page).toHaveURL(/\/(site|evse)\/.*as_of=2/);
  await expect(strip(page)).toContainText('version 2');
  expect(without).toEqual([]);
});

test('a copied link shows the same figures after more has come in', async ({ app, page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: server.url });
  await app.open(`${server.url}/?${ALL}`);
  await app.figures();
  await (await app.menu('Over time')).getByRole('button', { name: 'Copy link to this view' }).click();
  await expect(page.getByRole('status').first()).toHaveText(/Link copied. It shows these figures as of data version \d+\./);
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(link).toMatch(/as_of=\d+$/);
  const shown = await app.values();
  submit('march.csv', '2024-03', 5);
  run('decide', '2', '--data', join(folder, 'data'), '--withdraw');
  await app.open(link);
  await app.figures();
  expect(await app.values()).toEqual(shown);
  await expect(strip(page)).toContainText('2 changes since');
  run('undo', '2', '--data', join(folder, 'data'));
});

test('what changed lists returns and decisions with their effect, which add up', async ({ app, page }) => {
  await app.open(`${server.url}/?${ALL}&as_of=1`);
  await app.figures();
  await strip(page).getByRole('link', { name: 'What changed' }).click();
  await expect(app.heading).toHaveText('What changed');
  await app.settled();
  await page.getByLabel('To', { exact: true }).selectOption({ value: '4' });
  await expect(page.getByRole('heading', { level: 2 }).first()).toHaveText('Sessions rose from 20 to 30 (+10).');
  const table = page.getByRole('region', { name: 'Table of changes' }).getByRole('table');
  await expect
    .poll(async () => (await bodyOf(table)).map(([version, effect, figure]) => [version?.slice(0, 9), effect, figure]))
    .toEqual([
      ['Version 4', '+20', '30'],
      ['Version 3', '−20', '10'],
      ['Version 2', '+10', '30'],
    ]);
  const rows = await bodyOf(table);
  expect(rows[1]?.[3]).toContain('Left the figures: january.csv, Abc Charging');
  expect(rows[1]?.[3]).toContain('wrong meter');
  expect(rows[2]?.[3]).toMatch(/Came into the figures: february.csv.*10 sessions, 70(\.0)? kWh/s);
  await page.getByLabel('From', { exact: true }).selectOption({ value: '4' });
  await expect(page.getByText('Nothing changed between these versions')).toBeVisible();
  await page.goBack();
  await expect(page.getByRole('heading', { level: 2 }).first()).toHaveText('Sessions rose from 20 to 30 (+10).');
  await page.getByRole('link', { name: /^Version 3/ }).click();
  await app.figures();
  expect((await app.values())[0]).toBe('Sessions 10');
});

test('the way from an old view to what changed and back goes by keyboard alone', async ({ app, page }) => {
  await app.open(`${server.url}/?${ALL}&as_of=2`);
  await app.figures();
  await strip(page).getByRole('link', { name: 'What changed' }).focus();
  await page.keyboard.press('Enter');
  await expect(app.heading).toHaveText('What changed');
  await expect(app.heading).toBeFocused();
  const from = page.getByLabel('From', { exact: true });
  await expect(from).toBeEnabled();
  await from.focus();
  await page.keyboard.press('End');
  await expect(page).toHaveURL(/since=1/);
  await page.getByRole('region', { name: 'Table of changes' }).focus();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: /^Version \d+/ }).first()).toBeFocused();
});

test('a version that is not there is told, with the way to the newest', async ({ app, page }) => {
  for (const [asked, says] of [['99', 'there is no data version 99'], ['2001-01-01', 'there was no data yet'], ['soon', 'neither a data version nor a day nor a time']] as const) {
    await page.goto(`${server.url}/?as_of=${asked}`);
    await expect(app.heading).toHaveText('These figures cannot be shown');
    await expect(app.problem).toContainText(says);
  }
  await page.getByRole('link', { name: 'Show the newest figures' }).click();
  await app.figures();
  await page.goto(`${server.url}/changes?since=99`);
  await expect(app.problem).toContainText('there is no data version 99');
});

for (const [way, { colorScheme, width }] of Object.entries({
  light: { colorScheme: 'light', width: 1280 },
  dark: { colorScheme: 'dark', width: 1280 },
  narrow: { colorScheme: 'light', width: 320 },
} as const)) {
  test(`axe finds nothing on an old view and on what changed, and nothing scrolls sideways, ${way}`, async ({ app, page }) => {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 900 });
    for (const [name, path] of [['as-of', `/?${ALL}&as_of=1`], ['changes', `/changes?${ALL}&since=1`], ['changes-none', `/changes?${ALL}&as_of=2&since=2`], ['refused', '/?as_of=99']] as const) {
      await app.open(server.url + path);
      await page.screenshot({ path: `results/screens/${name}-${way}.png`, fullPage: true });
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`), name).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), name).toBe(0);
    }
  });
}
