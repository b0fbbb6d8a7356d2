/** Files with headers of several rows, without names or without a header at all, from sending to figures; against a hub of its own. */
import type { Page } from '@playwright/test';
import { clean } from '../support/axe';
import { firstOfDepot, ownHub } from '../support/hub';
import { expect, test } from '../support/test';

const two = (number: number): string => String(number).padStart(2, '0');

/** 60 sessions of a month without a header: post, start, end, energy, card. */
function rows(month: number): string {
  const cells = Array.from({ length: 60 }, (_, row) => {
    const [day, hour] = [1 + Math.floor(row / 3), 6 + (row % 3) * 4];
    return `Q${row % 3},${two(day)}/${two(month)}/2024 ${two(hour)}:10,${two(day)}/${two(month)}/2024 ${two(hour + 2)}:40,${(6 + row * 0.07).toFixed(2)},CARDSECRET${row}`;
  });
  return `${cells.join('\n')}\n`;
}

const server = ownHub('headers', firstOfDepot);

interface Sent {
  submission: number;
  state: string;
}

async function send(page: Page, name: string, text: string, more = ''): Promise<Sent> {
  const reply = await page.request.post(`${server.url}/api/v1/submissions?operator=gb-dep&file=${name}${more}`, { data: Buffer.from(text), headers: { 'content-type': 'application/octet-stream', 'kerbwatt-action': '1' } });
  return ((await reply.json()) as { results: Sent[] }).results[0]!;
}

async function look(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: `results/screens/${name}-light.png`, fullPage: true });
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.setViewportSize({ width: 320, height: 900 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 'nothing scrolls sideways').toBe(0);
  await clean(page, `${name}, narrow and dark`);
  await page.screenshot({ path: `results/screens/${name}-dark-narrow.png`, fullPage: true });
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 1280, height: 900 });
}

test('a file without a header is mapped by place, shows no card, and the next one needs no hands', async ({ app, page }) => {
  const { submission } = await send(page, 'may.csv', rows(5));
  await page.goto(`${server.url}/data/${submission}/layout`);
  await app.settled();
  const header = page.getByLabel('Rows of the header');
  await expect(header).toHaveValue('0');
  await expect(page.getByLabel('Column 2', { exact: true })).toHaveValue('plug_in');
  await expect(page.getByText(/columns are known by their place/i).first()).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Read this way, 60 of 60 rows pass the checks' })).toBeVisible();
  await clean(page, 'the mapping by place');
  await page.getByLabel('Column 5', { exact: true }).selectOption('driver');
  await app.settled();
  await expect(page.locator('body')).not.toContainText('CARDSECRET');

  await header.selectOption('1');
  await expect(page.getByText('what would be is data, not names')).toBeVisible();
  await expect(header, 'the columns stay as they were').toHaveValue('0');
  await expect(page.locator('body')).not.toContainText('CARDSECRET');
  await look(page, 'headers-none');

  await page.getByLabel('Name of the layout').fill('Depot by place');
  await page.getByRole('button', { name: 'Save as this operator’s layout' }).click();
  await expect(page).toHaveURL(/\/data\/\d+$/);
  const detail = await (await page.request.get(`${server.url}/api/v1/submissions/${submission}`)).text();
  expect(detail).not.toContain('CARDSECRET');
  const next = await send(page, 'june.csv', rows(6), '&accept=true');
  expect(next.state, 'the next file is recognised').toBe('accepted');
});

test('the header has as many rows as the analyst says, with the preview following', async ({ app, page }) => {
  const { submission } = await send(page, 'three.csv', `Post,Session,,Energy,Card\nNumber,Debut,Fin,Total,Owner\n,,,kWh,\n${rows(7)}`);
  await page.goto(`${server.url}/data/${submission}/layout`);
  await app.settled();
  const header = page.getByLabel('Rows of the header');
  await header.selectOption('3');
  await expect(page.getByLabel('Energy Total kWh', { exact: true })).toHaveValue('energy');
  await expect(header).toHaveValue('3');
  for (const [column, field] of [['Post Number', 'device'], ['Session Debut', 'plug_in'], ['Session Fin', 'plug_out']] as const) await page.getByLabel(column, { exact: true }).selectOption(field);
  await expect(page.getByRole('heading', { name: 'Read this way, 60 of 60 rows pass the checks' })).toBeVisible();
  await clean(page, 'a header of three rows');
  await look(page, 'headers-three');
  await page.getByRole('button', { name: 'Back to the proposal' }).click();
  await expect(header).not.toHaveValue('3');
});

test('a column without a name can be chosen by its place', async ({ app, page }) => {
  const { submission } = await send(page, 'nameless.csv', `Device,Start,,Energy kWh,Driver card\n${rows(8)}`);
  await page.goto(`${server.url}/data/${submission}/layout`);
  await app.settled();
  const column = page.getByLabel('Column 3', { exact: true });
  await expect(column).toHaveValue('plug_out');
  await expect(page.getByText('without a name in the file')).toBeVisible();
  await column.selectOption('');
  await expect(page.getByText(/^Still missing/)).toBeVisible();
  await column.selectOption('plug_out');
  await expect(page.getByRole('heading', { name: 'Read this way, 60 of 60 rows pass the checks' })).toBeVisible();
  await clean(page, 'a column without a name');
  await look(page, 'headers-nameless');
});
