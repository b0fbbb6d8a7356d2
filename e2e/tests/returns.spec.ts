import { bodyOf, content } from '../support/app';
import { records } from '../support/csv';
import { expect, test } from '../support/test';

const number = (text: string | undefined): number => Number((text ?? '').replaceAll(',', ''));

test('every row of every return is accounted for', async ({ app, page }) => {
  await app.open('/data');
  const table = page.getByRole('region', { name: 'Table of returns' }).getByRole('table');
  const rows = await bodyOf(table);
  expect(rows.length).toBeGreaterThan(10);
  for (const [file, , , , read, accepted, , quarantined, duplicates] of rows) {
    expect(number(read), file).toBe(number(accepted) + number(quarantined) + number(duplicates));
  }
});

test('a return shows its checks and the rows that were set aside', async ({ app, page }) => {
  await app.open('/data');
  const list = page.getByRole('region', { name: 'Table of returns' }).getByRole('table');
  const rows = list.locator('tbody tr');
  const at = (await bodyOf(list)).findIndex((row) => number(row[7]) > 0);
  expect(at, 'the sample has rows in quarantine').toBeGreaterThanOrEqual(0);
  const link = rows.nth(at).getByRole('link');
  const [file, quarantined] = [await link.innerText(), number(await rows.nth(at).locator('td').nth(6).innerText())];
  await link.click();
  await expect(app.heading).toHaveText(file);
  await app.settled();
  await expect(page.getByRole('heading', { name: 'Every row is accounted for' })).toBeVisible();
  const found = page.getByRole('region', { name: 'What the checks found' }).getByRole('listitem');
  expect(await found.count()).toBeGreaterThan(0);
  await expect(found.first()).toContainText('For example row');

  const section = page.getByRole('region', { name: 'Quarantined rows', exact: true });
  const shown = await bodyOf(section.getByRole('table'));
  expect(shown.length).toBe(Math.min(25, quarantined));
  const [download] = await Promise.all([page.waitForEvent('download'), section.getByRole('link', { name: 'Download CSV' }).click()]);
  const rules = await section.locator('[data-rule]').evaluateAll((cells) => cells.map((cell) => cell.getAttribute('data-rule')));
  const csv = records(await content(download));
  expect(csv.length).toBe(quarantined);
  expect(csv.slice(0, shown.length).map(({ row, rule }) => `${row} ${rule}`)).toEqual(shown.map(([row], place) => `${number(row)} ${rules[place]}`));
});
