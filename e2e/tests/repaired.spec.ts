/** A repair of a return is told at the figures that it touches, with the way to the return; against a hub of its own. */
import AxeBuilder from '@axe-core/playwright';
import { ownHub } from '../support/hub';
import { run } from '../support/server';
import { expect, test } from '../support/test';

const two = (number: number): string => String(number).padStart(2, '0');

/** 25 sessions of a month of 2024, of so much in the column of kilowatt-hours. */
function month(of: number, energy: number): string {
  const rows = Array.from({ length: 25 }, (_, at) => `${of}-${at},A${at % 3},2024-${two(of)}-${two(at + 1)}T12:00:00Z,2024-${two(of)}-${two(at + 1)}T14:00:00Z,${energy + at}`);
  return ['session_id,evse,plug_in,plug_out,energy_kwh', ...rows, ''].join('\n');
}

const server = ownHub('repaired', (data, file) => {
  // The second one is in watt-hours, which the file proves.
  for (const [of, energy] of [[5, 6], [6, 7000]] as const) {
    run('submit', file(`${of}.csv`, month(of, energy)), '--data', data, '--operator', 'gb-abc', '--operator-name', 'Abc Charging', '--period', `2024-${two(of)}`, '--accept');
  }
});

test('figures say how many of the returns behind them were repaired, and lead to them', async ({ app, page }) => {
  await page.goto(`${server.url}/?from=2024-05&to=2024-06`);
  await app.figures();
  await expect(app.keyFigures).toContainText('1 of 2 returns behind it was repaired');
  await expect(app.card('Map')).toContainText('1 of 2 returns behind it was repaired');
  const dialog = await app.how('Over time');
  await expect(dialog.getByRole('heading', { name: 'Returns that were repaired' })).toBeVisible();
  await expect(dialog.getByRole('listitem').filter({ hasText: 'Return 2 of Abc Charging' })).toContainText('Watt-hours in a column of kilowatt-hours (25 rows)');
  expect((await new AxeBuilder({ page }).analyze()).violations.map(({ id }) => id)).toEqual([]);
  await page.screenshot({ path: 'results/screens/repaired-how.png' });
  await dialog.getByRole('link', { name: 'Return 2' }).click();
  await expect(page).toHaveURL(/\/data\/2$/);
  await expect(page.getByText('Applied repair')).toBeVisible();

  // A month that the repair does not touch says nothing of it.
  await page.goto(`${server.url}/?from=2024-05&to=2024-05`);
  await app.figures();
  await expect(app.keyFigures).not.toContainText('repaired');
});
