/** A file of a layout that nobody knows, from sending it to figures, without a mouse; against a hub of its own. */
import type { Locator, Page } from '@playwright/test';
import { clean } from '../support/axe';
import type { App } from '../support/app';
import { firstOfDepot, ownHub } from '../support/hub';
import { tabTo } from '../support/keyboard';
import { expect, test } from '../support/test';

const two = (number: number): string => String(number).padStart(2, '0');

/** 40 sessions of a month under headers that say little: the bays have numbers of charge points, and the leads those of connectors. */
function depot(month: number): string {
  const rows = Array.from({ length: 40 }, (_, row) => {
    const [day, hour] = [1 + (row % 28), 6 + (row % 9)];
    return `Q${row % 4};${1 + (row % 2)};2024-${two(month)}-${two(day)} ${two(hour)}:10;2024-${two(month)}-${two(day)} ${two(hour + 2)}:40;${6 + (row % 7)}.5;early`;
  });
  return ['Bay;Lead;Arrived;Departed;Drawn;Shift', ...rows, ''].join('\n');
}

const server = ownHub('mapping', firstOfDepot);

/** Sessions by month, from the API. */
async function months(page: Page): Promise<string[]> {
  const reply = await page.request.get(`${server.url}/api/v1/query?metric=sessions&by=month`);
  const { rows } = (await reply.json()) as { rows: { month: string; sessions: number }[] };
  return rows.map(({ month, sessions }) => `${month} ${sessions}`);
}

const sending = (page: Page): Locator => page.getByRole('region', { name: 'Send returns' });

/** Chooses a file and sends it for the only operator there is, by keys alone. */
async function send(app: App, page: Page, name: string, month: number): Promise<Locator> {
  // Asked for before the page is opened: a key is pressed faster than the browser learns that its own dialog is not wanted.
  const opened = page.waitForEvent('filechooser');
  await app.open(`${server.url}/data`);
  const section = sending(page);
  await tabTo(page, section.locator('input[type=file]'));
  await page.keyboard.press('Space');
  const chooser = await opened;
  await chooser.setFiles([{ name, mimeType: 'text/csv', buffer: Buffer.from(depot(month)) }]);
  await expect(section.getByLabel('Operator')).toHaveValue('gb-dep');
  await tabTo(page, section.getByRole('button', { name: 'Send the file' }));
  await page.keyboard.press('Enter');
  return section.getByRole('list', { name: 'Files sent' }).locator('> li');
}

/** Says what a column holds: the box is reached by Tab, and an entry of it by its first letters. */
async function choose(page: Page, column: string, entry: string, field: string): Promise<void> {
  const box = page.getByLabel(column, { exact: true });
  await tabTo(page, box);
  await page.keyboard.type(entry);
  await expect(box).toHaveValue(field);
}

test('a file of an unknown layout is sent, its mapping corrected and saved, and its rows accepted, without a mouse', async ({ app, page }) => {
  const sent = await send(app, page, 'march.csv', 3);
  await expect(sent).toContainText('A layout is proposed');
  await clean(page, 'an unknown layout was sent');
  await tabTo(page, sent.getByRole('link', { name: /^Look at the layout/ }));
  await page.keyboard.press('Enter');

  await expect(page.getByRole('heading', { level: 1 })).toHaveText('How this file is read');
  await app.settled();
  // Which of the two is the charge point, was guessed wrong.
  await expect(page.getByLabel('Bay', { exact: true })).toHaveValue('connector');
  await choose(page, 'Bay', 'Charge point', 'device');
  await choose(page, 'Lead', 'Connector', 'connector');
  await expect(page.getByText(/^Still missing/)).toHaveCount(0);
  await expect(page.getByRole('heading', { name: 'Read this way, 40 of 40 rows pass the checks' })).toBeVisible();
  await app.settled();
  await clean(page, 'the mapping as corrected');
  await page.screenshot({ path: 'results/screens/mapping-keyboard.png', fullPage: true });
  const name = page.getByLabel('Name of the layout');
  await tabTo(page, name);
  await page.keyboard.press('Control+A');
  await page.keyboard.type('Depot sheet');
  await tabTo(page, page.getByRole('button', { name: 'Save as this operator’s layout' }));
  await page.keyboard.press('Enter');

  await expect(page).toHaveURL(/\/data\/\d+$/);
  await app.settled();
  expect(await months(page), 'nothing counts before it is accepted').toEqual(['2024-02 1']);
  await tabTo(page, page.getByRole('button', { name: 'Accept', exact: true }));
  await page.keyboard.press('Enter');
  // The focus is on the answer; a note comes before it.
  await expect(page.getByRole('group').getByRole('button', { name: 'Accept' })).toBeFocused();
  await clean(page, 'the question before accepting');
  await page.keyboard.press('Enter');
  await expect(page.getByText('its rows that passed the checks are in the figures')).toBeVisible();
  await expect.poll(() => months(page)).toEqual(['2024-02 1', '2024-03 40']);
  expect(await page.evaluate(() => document.activeElement !== document.body), 'the focus is somewhere').toBe(true);

  const next = await send(app, page, 'april.csv', 4);
  await expect(next, 'the next file needs no hands').toContainText('Understood as “Depot sheet”');
  await tabTo(page, next.getByRole('button', { name: /^Accept/ }));
  await page.keyboard.press('Enter');
  await expect(next.getByRole('button', { name: 'Accept', exact: true })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect.poll(() => months(page)).toEqual(['2024-02 1', '2024-03 40', '2024-04 40']);
});
