/** The returns of the sample that wait for a decision: what a newcomer to the demo meets under Data. */
import { cpSync } from 'node:fs';
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { bodyOf } from '../support/app';
import { ownHub } from '../support/hub';
import { expect, test } from '../support/test';

const OPERATOR = 'Lanternside Boroughwide';

/** A copy of the sample: what is decided here must not change the figures that other tests look at. */
const server = ownHub('waiting', (data) => cpSync(process.env['KERBWATT_SAMPLE']!, data, { recursive: true }));

const tracker = (page: Page) => page.getByRole('region', { name: 'Tracker of returns' });

/** Sessions of the operator in the figures, by month; null where there is no return. */
async function months(page: Page): Promise<(number | null)[]> {
  const reply = await page.request.get(`${server.url}/api/v1/query?metric=sessions&by=month&operator=gb-lnt`);
  return ((await reply.json()) as { rows: { sessions: number | null }[] }).rows.map(({ sessions }) => sessions);
}

test('the exchanged dates of the newest quarter are judged by their evidence, repaired, accepted, and seen in the tracker', async ({ app, page }) => {
  const before = await months(page);
  await page.goto(`${server.url}/data`);
  await app.settled();
  await expect(page.getByText(/returns need a decision/)).toBeVisible();
  const open = tracker(page).getByRole('link', { name: new RegExp(`^${OPERATOR}, .*: needs a decision`) });
  await expect(open, 'its months of the newest quarter').toHaveCount(3);
  await open.last().click();

  const card = page.getByRole('region', { name: 'Day and month exchanged where the day is 12 or less', exact: true });
  await expect(card).toContainText('proved by the file itself');
  const [outside] = (await bodyOf(card.getByRole('table', { name: 'What contradicts itself' }))).filter(([what]) => what === 'Rows outside the period');
  expect(Number(outside![1]!.replaceAll(',', ''))).toBeGreaterThan(300);
  expect(outside![2]).toBe('0');
  const chart = card.getByRole('slider');
  await chart.focus();
  await page.keyboard.press('Home');
  await expect(chart).toHaveAttribute('aria-valuetext', /\d sessions? as sent, 0 repaired$/);
  expect((await new AxeBuilder({ page }).analyze()).violations.map(({ id }) => id)).toEqual([]);
  await page.screenshot({ path: 'results/screens/waiting-repair.png', fullPage: true });

  await card.getByRole('button', { name: 'Apply the repair' }).click();
  await card.getByLabel('Note').fill('Asked the operator: their tool exports American dates.');
  await page.screenshot({ path: 'results/screens/waiting-note.png' });
  await card.getByRole('button', { name: 'Apply', exact: true }).click();
  await expect(card).toContainText('Applied repair');
  await expect(page.getByRole('region', { name: 'History' })).toContainText('Asked the operator: their tool exports American dates.');
  await page.getByRole('button', { name: 'Accept', exact: true }).click();
  await page.getByRole('group').getByRole('button', { name: 'Accept' }).click();
  await expect(page.getByText('its rows that passed the checks are in the figures')).toBeVisible();

  await page.getByRole('navigation', { name: 'Breadcrumb' }).getByRole('link', { name: 'Data' }).click();
  await expect(tracker(page).getByRole('link', { name: new RegExp(`^${OPERATOR}, .*: needs a decision`) })).toHaveCount(0);
  const now = await months(page);
  expect(before.slice(-3), 'the newest quarter was missing').toEqual([null, null, null]);
  expect(now.slice(0, -3), 'no other month changes').toEqual(before.slice(0, -3));
  for (const sessions of now.slice(-3)) expect(sessions).toBeGreaterThan(200);
});

test('a return of an unknown layout waits for its mapping, with what its columns seem to hold', async ({ app, page }) => {
  await page.goto(`${server.url}/data`);
  await app.settled();
  await tracker(page).getByRole('link', { name: /^Cabstand Electric, .*: received/ }).last().click();
  await page.getByRole('link', { name: 'Look at the layout' }).click();
  await app.settled();
  await expect(page.getByLabel('Arrived')).toHaveValue('plug_in');
  await page.screenshot({ path: 'results/screens/waiting-layout.png', fullPage: true });
  await expect(page.getByLabel('Bay')).toHaveValue('device');
  await expect(page.getByText(/not sure that “Bay”/), 'it is proposed, and asked').toBeVisible();
  await page.getByLabel('Lead').selectOption('connector');
  await expect(page.getByRole('heading', { name: /^Read this way, [\d,]+ of [\d,]+ rows pass the checks$/ })).toBeVisible();
});

test('a checked return shows which of its rows are rejected, and why', async ({ app, page }) => {
  await page.goto(`${server.url}/data`);
  await app.settled();
  await tracker(page).getByRole('link', { name: /^Tamarind Lane Power, .*: checked/ }).click();
  await expect(page.getByRole('button', { name: 'Accept', exact: true })).toBeVisible();
  const found = page.getByRole('region', { name: 'What the checks found' }).getByRole('listitem');
  await expect(found.filter({ hasText: /energy/i }).first()).toBeVisible();
  await expect(page.getByRole('region', { name: 'Quarantined rows', exact: true }).locator('tbody tr')).toHaveCount(25);
  await page.screenshot({ path: 'results/screens/waiting-rejected.png', fullPage: true });
});

test('a file can be tried beside the sample, and leaves nothing there', async ({ app, page }) => {
  const returns = async (): Promise<number> => ((await (await page.request.get(`${server.url}/api/v1/submissions`)).json()) as { submissions: unknown[] }).submissions.length;
  const before = await returns();
  await page.goto(`${server.url}/data`);
  await app.settled();
  const section = page.getByRole('region', { name: 'Try a file' });
  await expect(section.getByRole('button', { name: 'Nothing to report' })).toHaveCount(0);
  const rows = Array.from({ length: 30 }, (_, at) => `A${at},P1,2026-05-${String(at + 1).padStart(2, '0')} 14:00,2026-05-${String(at + 1).padStart(2, '0')} 15:30,${at === 7 ? -4 : 5 + at / 4}`);
  await section.locator('input[type=file]').setInputFiles({ name: 'try.csv', mimeType: 'text/csv', buffer: Buffer.from(['Session ID,Charge Point ID,Start,End,Energy kWh', ...rows].join('\n')) });
  await section.getByLabel('Operator').selectOption({ label: OPERATOR });
  await section.getByRole('button', { name: 'Check the file' }).click();
  await expect(section.getByText('Checked only; nothing was kept')).toBeVisible();
  await expect(section.getByText('29 passed the checks, 1 set aside, 0 seen before')).toBeVisible();
  expect((await new AxeBuilder({ page }).analyze()).violations.map(({ id }) => id)).toEqual([]);
  await section.screenshot({ path: 'results/screens/waiting-try.png' });
  // A layout that nobody knows is told as it seems to be.
  await section.locator('input[type=file]').setInputFiles({ name: 'odd.csv', mimeType: 'text/csv', buffer: Buffer.from(['Session ID,Charge Point ID,Start,End,Energy kWh', ...rows.map((row) => row.replace(/[^,]*$/, '7.5'))].join('\n')) });
  await section.getByRole('button', { name: 'Check the file' }).click();
  await expect(section.getByText(/^A layout is proposed .*5 of 5 columns read$/)).toBeVisible();
  await expect(section.getByText('Start as plug in, End as plug out')).toBeVisible();
  await expect(section.getByText('Hand it in all the same')).toBeVisible();
  expect(await returns()).toBe(before);
  await section.getByRole('link', { name: 'Use your own data' }).click();
  await expect(page.getByText('Invented figures are never mixed with real ones')).toBeVisible();
});
