/** Intake against the real hub: a return is sent, repaired, accepted and taken back, and figures follow. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Page } from '@playwright/test';
import { clean } from '../support/axe';
import { run, start, type Server } from '../support/server';
import { expect, test } from '../support/test';

const HEADER = 'Charging event,User ID,CP ID,Connector,Start Date,Start Time,End Date,End Time,Total kWh,Cost,Site,Group,Model';
const two = (number: number): string => String(number).padStart(2, '0');

/** 900 sessions from 1 June 2024 on, two and a half hours apart at three points; days up to 12 exchanged with the month, as an export tool did. */
function exchanged(): string {
  const date = (at: Date): string => {
    const [day, month] = [at.getUTCDate(), at.getUTCMonth() + 1];
    return day <= 12 ? `${two(month)}/${two(day)}/2024` : `${two(day)}/${two(month)}/2024`;
  };
  const clock = (at: Date): string => `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`;
  const rows = Array.from({ length: 900 }, (_, row) => {
    const from = new Date(Date.UTC(2024, 5, 1, 0, 10 + row * 150));
    const to = new Date(from.getTime() + (40 + (row % 4) * 25) * 60_000);
    return `${7000 + row},CARD-${row % 37},P${row % 3},1,${date(from)},${clock(from)},${date(to)},${clock(to)},${4 + (row % 9)}.5,1.20,Site,Group,Model`;
  });
  return [HEADER, ...rows, ''].join('\n');
}

/** A zip whose files are stored as they are; where `damaged`, one byte of the first file differs from what its check sum was made of. */
function zip(files: Record<string, string>, damaged: boolean): Buffer {
  const number = (value: number, bytes: number): Buffer => Buffer.from(Array.from({ length: bytes }, (_, at) => Math.floor(value / 256 ** at) % 256));
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  /** A gzip file ends with the check sum of its content, and its length. */
  const crc32 = (content: Buffer): Buffer => gzipSync(content).subarray(-8, -4);
  let begins = 0;
  for (const [name, text] of Object.entries(files)) {
    const content = Buffer.from(text);
    const about = Buffer.concat([number(20, 2), number(0, 8), crc32(content), number(content.length, 4), number(content.length, 4), number(name.length, 2), number(0, 2)]);
    if (damaged && begins === 0) content[content.length - 2]! ^= 1;
    const part = Buffer.concat([Buffer.from('PK\x03\x04'), about, Buffer.from(name), content]);
    parts.push(part);
    directory.push(Buffer.from('PK\x01\x02'), number(20, 2), about, number(0, 10), number(begins, 4), Buffer.from(name));
    begins += part.length;
  }
  const [count, size] = [number(Object.keys(files).length, 2), number(Buffer.concat(directory).length, 4)];
  return Buffer.concat([...parts, ...directory, Buffer.from('PK\x05\x06'), number(0, 4), count, count, size, number(begins, 4), number(0, 2)]);
}

let folder: string;
let server: Server;

test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kerbwatt-hub-'));
  const first = join(folder, 'first.csv');
  writeFileSync(first, 'evse,plug_in,plug_out,energy_kwh\nA1,2024-05-02T08:00:00Z,2024-05-02T09:00:00Z,7\n');
  run('submit', first, '--data', join(folder, 'data'), '--operator', 'gb-abc', '--operator-name', 'Abc Charging', '--accept');
  server = await start(60_000, 'serve', '--data', join(folder, 'data'));
});

test.afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function months(page: Page): Promise<string[]> {
  const reply = await page.request.get(`${server.url}/api/v1/query?metric=sessions&by=month`);
  const { rows } = (await reply.json()) as { rows: { month: string; sessions: number }[] };
  return rows.map(({ month, sessions }) => `${month} ${sessions}`);
}

const AS_MEANT = ['2024-05 1', '2024-06 288', '2024-07 298', '2024-08 298', '2024-09 16'];

test('a return with exchanged dates is sent, repaired with proof, accepted, and every step can be taken back', async ({ page }) => {
  await page.goto(`${server.url}/data`);
  const send = page.getByRole('region', { name: 'Send returns' });
  const file = { name: 'summer.csv', mimeType: 'text/csv', buffer: Buffer.from(exchanged()) };
  await send.locator('input[type=file]').setInputFiles([file]);
  await send.getByLabel('Operator').selectOption({ label: 'Abc Charging' });
  await send.getByRole('button', { name: /^Send the file/ }).click();
  const sent = send.getByRole('list', { name: 'Files sent' }).locator('> li');
  await expect(sent).toContainText('900 rows');
  expect(await months(page), 'nothing counts before it is accepted').toEqual(['2024-05 1']);
  await sent.getByRole('link', { name: /^Decide the repair/ }).click();

  await expect(page.getByText('proved by the file itself')).toBeVisible();
  await page.getByRole('button', { name: /^Apply the repair/ }).click();
  await page.getByRole('button', { name: 'Apply', exact: true }).click();
  await page.getByRole('button', { name: /^Accept/ }).first().click();
  await page.getByRole('button', { name: 'Accept', exact: true }).last().click();
  await expect(page.getByText('its rows that passed the checks are in the figures')).toBeVisible();
  await expect.poll(() => months(page)).toEqual(AS_MEANT);

  await page.getByRole('button', { name: /^Undo.*Repair applied/ }).click();
  await page.getByRole('button', { name: /^Undo/ }).last().click();
  await expect.poll(() => months(page).then((rows) => rows.length)).toBeGreaterThan(8);
});

test('the same file sent again is there once, and nothing to report is data', async ({ page }) => {
  const post = (path: string, data: string | object): Promise<{ status: () => number; json: () => Promise<unknown> }> =>
    page.request.post(`${server.url}/api/v1${path}`, { headers: { 'Kerbwatt-Action': '1' }, data });
  const bytes = 'evse,plug_in,plug_out,energy_kwh\nA1,2024-04-02T08:00:00Z,2024-04-02T09:00:00Z,7\n';
  const first = (await (await post('/submissions?operator=gb-abc&file=april.csv', bytes)).json()) as { results: { submission: number; repeated: boolean }[] };
  const again = (await (await post('/submissions?operator=gb-abc&file=april.csv', bytes)).json()) as typeof first;
  expect(again.results[0]).toMatchObject({ submission: first.results[0]?.submission, repeated: true });
  const refused = await page.request.post(`${server.url}/api/v1/submissions?operator=gb-abc&file=x.csv`, { data: bytes });
  expect(refused.status(), 'a page of another site cannot send').toBe(403);
  expect((await post('/nothing-to-report', { operator: 'gb-abc', period: '2023-11' })).status()).toBe(200);
  await page.goto(`${server.url}/data`);
  await expect(page.getByRole('link', { name: /Nov.*2023.*nothing to report/i }).or(page.getByRole('gridcell', { name: /nothing to report/i })).first()).toBeVisible();
});

test('nothing to report over sessions in the figures is refused until somebody says that it is meant', async ({ page }) => {
  const declare = (more: object = {}) => page.request.post(`${server.url}/api/v1/nothing-to-report`, { headers: { 'Kerbwatt-Action': '1' }, data: { operator: 'gb-abc', period: '2024-05', ...more } });
  const refused = await declare();
  expect(refused.status()).toBe(409);
  expect(((await refused.json()) as { error: { code: string } }).error.code).toBe('has_sessions');

  await page.goto(`${server.url}/data`);
  const send = page.getByRole('region', { name: 'Send returns' });
  await send.getByRole('button', { name: 'Nothing to report' }).click();
  await send.getByLabel('Operator').selectOption({ label: 'Abc Charging' });
  await send.getByLabel('First').fill('2024-05');
  await expect(send.getByRole('status')).toContainText('first.csv');
  const asked = page.waitForRequest('**/api/v1/nothing-to-report');
  await send.getByRole('button', { name: 'Record it all the same' }).click();
  expect((await asked).postDataJSON()).toEqual({ operator: 'gb-abc', period: '2024-05', over_sessions: true });
  await expect(send.getByText('had nothing to report for 2024-05')).toBeVisible();
  expect((await months(page)).some((month) => month.startsWith('2024-05')), 'its sessions stay in the figures').toBe(true);
  expect((await declare()).status(), 'what is recorded is only repeated').toBe(200);
});

test('of a zip with one damaged file the other is taken in, and it is said which one is not and what to do', async ({ page }) => {
  const row = (id: string, day: string): string => `session_id,evse,plug_in,plug_out,energy_kwh\n${id},A1,${day}T08:00:00Z,${day}T09:00:00Z,7\n`;
  const buffer = zip({ 'january.csv': row('j', '2023-01-02'), 'february.csv': row('f', '2023-02-02') }, true);
  await page.goto(`${server.url}/data`);
  const send = page.getByRole('region', { name: 'Send returns' });
  await send.locator('input[type=file]').setInputFiles([{ name: 'winter.zip', mimeType: 'application/zip', buffer }]);
  await send.getByLabel('Operator').selectOption({ label: 'Abc Charging' });
  await send.getByRole('button', { name: /^Send the file/ }).click();
  const sent = send.getByRole('list', { name: 'Files sent' }).locator('> li');
  await expect(sent).toContainText('Sent and checked, but for 1 of 2 tables that could not be read');
  await expect(sent.getByRole('alert')).toContainText('winter.zip › january.csv: the file is packed in a zip archive, but damaged');
  await expect(sent).toContainText('send it, alone or in the archive');
  await expect(sent.getByRole('button', { name: 'Accept (winter.zip › february.csv)' })).toBeVisible();
  await page.screenshot({ path: 'results/screens/hub-damaged-member.png', fullPage: true });
});

test('the months of a return are changed on its page, told in its history, and changed back', async ({ page }) => {
  const rows = ['30T08', '31T08'].map((at) => `A1,2024-03-${at}:00:00Z,2024-03-${at}:40:00Z,7`);
  const sent = await page.request.post(`${server.url}/api/v1/submissions?operator=gb-abc&file=march.csv&period=2024-03-31..2024-04`, {
    headers: { 'Kerbwatt-Action': '1' },
    data: ['evse,plug_in,plug_out,energy_kwh', ...rows, ''].join('\n'),
  });
  const id = ((await sent.json()) as { results: { submission: number }[] }).results[0]!.submission;
  await page.goto(`${server.url}/data/${id}`);
  const outside = page.getByRole('region', { name: /Checks|found/ }).getByText(/outside/i).first();
  await expect(outside).toBeVisible();
  await page.getByRole('button', { name: 'Change its months' }).click();
  const form = page.getByRole('group', { name: /For which months/ });
  await expect(form.getByLabel('First')).toBeFocused();
  await form.getByLabel('Last').fill('2024-02');
  await form.getByRole('button', { name: 'Change them' }).click();
  await expect(form.getByRole('alert')).toHaveText('The last month lies before the first.');
  await clean(page, 'changing months');
  await page.setViewportSize({ width: 320, height: 900 });
  await page.emulateMedia({ colorScheme: 'dark' });
  await clean(page, 'changing months, narrow and dark');
  await page.getByRole('button', { name: 'Withdraw', exact: true }).click();
  expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
  await page.screenshot({ path: 'results/screens/hub-months-narrow-dark.png' });
  await page.getByRole('button', { name: 'Leave as it is' }).last().click();
  await form.getByLabel('Last').fill('2024-03');
  await form.getByRole('button', { name: 'Change them' }).click();
  await expect(page.getByText('Abc Charging · 1 – 31 Mar 2024 · received')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Change its months' })).toBeFocused();
  await expect(outside).toBeHidden();
  const history = page.getByRole('region', { name: 'History' });
  await expect(history).toContainText('Months changed – 1 – 31 Mar 2024');
  await history.getByRole('button', { name: /^Undo.*Months changed/ }).click();
  await history.getByRole('button', { name: 'Undo it' }).click();
  await expect(page.getByText('Abc Charging · 31 Mar – 30 Apr 2024 (its rows are of 30 – 31 Mar 2024)')).toBeVisible();
});
