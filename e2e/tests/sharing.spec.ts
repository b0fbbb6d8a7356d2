/** Who reports, how complete and how late; and repairs of registers as decisions; against a hub of its own. */
import type { Page } from '@playwright/test';
import { clean } from '../support/axe';
import { ownHub } from '../support/hub';
import { run } from '../support/server';
import { expect, test } from '../support/test';

const two = (number: number): string => String(number).padStart(2, '0');
const NAMES = 'evse,device,location,location_name,postcode,latitude,longitude,rated_kw';

/** A register of some charge points; of those from `right` on latitude and longitude are exchanged. */
function register(count: number, right: number): string {
  const rows = Array.from({ length: count }, (_, at) => {
    const [north, east] = [(51.5 + at * 0.001).toFixed(4), (-0.12 - at * 0.001).toFixed(4)];
    return `P${at},P${at},L${at},Site ${at},E1 1AA,${at < right ? `${north},${east}` : `${east},${north}`},7.4`;
  });
  return [NAMES, ...rows, ''].join('\n');
}

/** 24 sessions of a month over some charge points, and as many rows without a start. */
function month(number: number, points: number, wrong: number): string {
  const rows = Array.from({ length: 24 }, (_, at) => `P${at % points},2024-${two(number)}-${two(1 + at)}T08:00:00Z,2024-${two(number)}-${two(1 + at)}T09:30:00Z,7`);
  const bad = Array.from({ length: wrong }, (_, at) => `P0,soon,2024-${two(number)}-${two(9 + at)}T09:30:00Z,7`);
  return ['evse,plug_in,plug_out,energy_kwh', ...rows, ...bad, ''].join('\n');
}

const server = ownHub('sharing', (data, file) => {
  for (const [number, points, wrong] of [[1, 12, 0], [2, 6, 6], [3, 3, 0]] as const) run('submit', file(`m${number}.csv`, month(number, points, wrong)), '--data', data, '--operator', 'gb-dep', '--operator-name', 'Depot Charging', '--period', `2024-0${number}`, '--accept');
  run('register', 'import', file('depot.csv', register(60, 50)), '--data', data, '--operator', 'gb-dep');
  run('register', 'import', file('quiet.csv', register(4, 4)), '--data', data, '--operator', 'gb-qui', '--operator-name', 'Quiet Charging');
  run('register', 'import', file('depot-2.csv', register(60, 50)), '--data', data, '--operator', 'gb-dep', '--apply', 'coordinates');
});

async function narrow(page: Page, name: string): Promise<void> {
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.setViewportSize({ width: 320, height: 900 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 'nothing scrolls sideways').toBe(0);
  await clean(page, `${name}, narrow and dark`);
  await page.screenshot({ path: `results/screens/${name}-dark-narrow.png`, fullPage: true });
}

test('completeness falls month by month, and rates stand by their return', async ({ app, page }) => {
  await page.goto(`${server.url}/data?operator=gb-dep`);
  await app.settled();
  const months = page.getByRole('region', { name: 'Months of Depot Charging' });
  for (const [name, reporting] of [['Jan 2024', '12'], ['Feb 2024', '6'], ['Mar 2024', '3'], ['Apr 2024', '–']]) {
    const row = months.getByRole('row').filter({ has: page.getByRole('rowheader', { name }) });
    await expect(row.getByRole('cell').nth(2), name).toHaveText(reporting!);
    await expect(row.getByRole('cell').nth(3), name).toHaveText('60');
  }
  const april = months.getByRole('row').filter({ has: page.getByRole('rowheader', { name: 'Apr 2024' }) });
  await expect(april).toContainText(/Missing, [\d,]+ days late so far/);
  const returns = page.getByRole('region', { name: 'Returns of Depot Charging' });
  await expect(returns.getByRole('row').filter({ hasText: 'm2.csv' })).toContainText('20%');
  await expect(returns.getByRole('row').filter({ hasText: 'm3.csv' })).toContainText('0%');
  await clean(page, 'data sharing of one operator');
  await page.screenshot({ path: 'results/screens/sharing-light.png', fullPage: true });
  await narrow(page, 'sharing');
});

test('an operator of the register that never reported is missing', async ({ app, page }) => {
  await page.goto(`${server.url}/data`);
  await app.settled();
  const row = page.getByRole('grid').getByRole('row').filter({ has: page.getByRole('rowheader', { name: 'Quiet Charging' }) });
  await expect(row.getByRole('button', { name: /Quiet Charging, Jan 2024: missing/ })).toHaveCount(1);
  await expect(page.getByRole('region', { name: 'Table of data sharing' })).toContainText('Quiet Charging');
});

test('a repair of a register is told among the changes, and taken back there', async ({ app, page }) => {
  const versions = (await (await page.request.get(`${server.url}/api/v1/versions`)).json()) as { versions: { number: number }[] };
  await page.goto(`${server.url}/changes?since=${versions.versions[0]!.number - 1}`);
  await app.settled();
  const step = page.getByRole('region', { name: 'Table of changes' });
  await expect(step).toContainText('Repaired: Latitude and longitude exchanged, or a sign lost, 10 rows');
  await clean(page, 'the repair of a register');
  await page.screenshot({ path: 'results/screens/register-undo-light.png', fullPage: true });
  await step.getByRole('button', { name: /^Undo/ }).click();
  await step.getByRole('button', { name: 'Undo it' }).click();
  await expect.poll(async () => JSON.stringify(((await (await page.request.get(`${server.url}/api/v1/versions`)).json()) as { versions: { imports: { says: string; undone: boolean }[] }[] }).versions.flatMap(({ imports }) => imports).map(({ says, undone }) => [says.slice(0, 9), undone]))).toContain('["Repaired:",true]');
  await expect(step.getByRole('button', { name: /^Undo/ })).toHaveCount(0);
  await narrow(page, 'register-undo');
});
