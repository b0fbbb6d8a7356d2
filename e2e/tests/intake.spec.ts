/** The Data screens with a hub whose every state is known: sending, deciding, undoing, mapping columns. */
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { clean } from '../support/axe';
import { bodyOf } from '../support/app';
import { mockIntake } from '../support/intake';
import { expect, test } from '../support/test';

const REPAIR = '/data/28';
const RECEIVED = '/data/27';
const CSV = { mimeType: 'text/csv', buffer: Buffer.from('Start,End,kWh\n01/10/2025 08:00,01/10/2025 09:00,7.1\n') };

const send = (page: Page) => page.getByRole('region', { name: 'Send returns' });

test('files are sent, understood and accepted on one screen', async ({ app, page }) => {
  await mockIntake(page);
  await app.open('/data');
  const section = send(page);
  await section.locator('input[type=file]').setInputFiles([{ name: 'october.csv', ...CSV }, { name: 'broken.zip', ...CSV }]);
  await section.getByRole('button', { name: 'Send 2 files' }).click();
  await expect(section.getByText('Choose the operator.')).toBeVisible();
  await expect(section.getByLabel('Operator'), 'the first field that is wrong').toBeFocused();
  await section.getByLabel('Operator').selectOption({ label: 'Cobbleway Charging' });
  await section.getByLabel('First').fill('2025-10');
  const asked = page.waitForRequest((request) => request.method() === 'POST' && request.url().includes('october.csv'));
  await section.getByRole('button', { name: 'Send 2 files' }).click();
  const request = await asked;
  expect(request.url()).toContain('operator=gb-cbl&file=october.csv&period=2025-10');
  expect(request.headers()['kerbwatt-action']).toBe('1');

  const sent = section.getByRole('list', { name: 'Files sent' }).locator('> li');
  await expect(sent).toHaveCount(2);
  await expect(sent.nth(0)).toContainText('Sent and checked');
  await expect(sent.nth(0)).toContainText('Understood as “Kerbwatt sessions”');
  await expect(sent.nth(1)).toContainText('broken.zip is not a table');
  await clean(page, 'results');
  await sent.nth(0).getByRole('button', { name: 'Accept (october.csv)' }).click();
  await expect(sent.nth(0).getByRole('button', { name: 'Accept', exact: true })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(sent.nth(0)).toContainText('its rows that passed the checks are in the figures');
  await expect(section.getByRole('heading', { name: 'Send returns' })).toBeFocused();
});

test('several returns that are ready are accepted at once', async ({ app, page }) => {
  const hub = await mockIntake(page);
  await app.open('/data');
  const section = send(page);
  await section.locator('input[type=file]').setInputFiles([{ name: 'a.csv', ...CSV }, { name: 'b.csv', ...CSV }]);
  await section.getByLabel('Operator').selectOption('gb-ald');
  await section.getByRole('button', { name: 'Send 2 files' }).click();
  await section.getByRole('button', { name: 'Accept all 2 that are ready' }).click();
  await section.getByRole('button', { name: 'Accept all', exact: true }).click();
  await expect(section.getByText('its rows that passed the checks are in the figures')).toHaveCount(2);
  expect(hub.list.filter(({ file }) => /^[ab]\.csv$/.test(file)).map(({ state }) => state)).toEqual(['accepted', 'accepted']);
});

test('a return that is held back says why, and is not accepted with those that are ready', async ({ app, page }) => {
  const hub = await mockIntake(page);
  await app.open('/data');
  const section = send(page);
  await section.locator('input[type=file]').setInputFiles([{ name: 'a.csv', ...CSV }, { name: 'b.csv', ...CSV }, { name: 'held.csv', ...CSV }]);
  await section.getByLabel('Operator').selectOption('gb-ald');
  await section.getByRole('button', { name: 'Send 3 files' }).click();
  await section.getByRole('button', { name: 'Accept all 2 that are ready' }).click();
  await section.getByRole('button', { name: 'Accept all', exact: true }).click();
  await expect(section.getByText('its rows that passed the checks are in the figures')).toHaveCount(2);
  expect(hub.list.find(({ file }) => file === 'held.csv')?.state).toBe('checked');
  const held = section.getByRole('list', { name: 'Files sent' }).locator('> li').filter({ hasText: 'held.csv' });
  await expect(held).toContainText('It waits for somebody to look: More than half of the rows are set aside.');
  await clean(page, 'a return that waits in the list of files sent');
  await held.getByRole('link', { name: 'Look at it (held.csv)' }).click();
  await expect(app.heading).toHaveText('held.csv');
  await expect(page.getByText('It waits because:')).toBeVisible();
  await page.getByRole('link', { name: 'More than half of the rows are set aside' }).click();
  await expect(page.getByRole('heading', { name: 'What the checks found' })).toBeFocused();
  await expect(page.getByRole('region', { name: 'What the checks found' }).getByRole('listitem').first()).toContainText('About the whole return. Look before you accept it.');
  await clean(page, 'a return that waits');
  await page.getByRole('button', { name: 'Accept', exact: true }).click();
  await expect(page.getByRole('group')).toContainText('all the same (More than half of the rows are set aside)?');
  await page.getByRole('group').getByRole('button', { name: 'Accept' }).click();
  await expect(page.getByText('It waits because:')).toBeHidden();
});

test('a return that somebody else has accepted meanwhile is shown as it stands', async ({ app, page }) => {
  const hub = await mockIntake(page);
  await app.open('/data/29');
  const accept = page.getByRole('button', { name: 'Accept', exact: true });
  await accept.click();
  hub.list.find(({ id }) => id === 29)!.state = 'accepted';
  await page.getByRole('group').getByRole('button', { name: 'Accept' }).click();
  await expect(page.getByRole('main').getByText('It was decided meanwhile: this is how it stands now.')).toBeVisible();
  await expect(page.getByText('its rows that passed the checks are in the figures')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Try again' })).toBeHidden();
  await expect(app.heading).toBeFocused();
});

test('a return that does not exist, and an operator that nobody is, are told as such', async ({ app, page }) => {
  await mockIntake(page);
  for (const path of ['/data/999', '/data/999/layout', '/data/99999999999999999999']) {
    await app.open(path);
    await expect(app.heading, path).toHaveText('No such return');
    await expect(page.getByText(`There is no return ${path.split('/')[2]}.`), path).toBeVisible();
    await expect(page.getByRole('button', { name: 'Try again' }), path).toBeHidden();
    await clean(page, path);
  }
  await page.getByRole('link', { name: 'Back to Data' }).click();
  await expect(app.heading).toHaveText('Data');
  await app.open('/data?operator=xx-yyy');
  await expect(page.getByText('No operator has the id xx-yyy.')).toBeVisible();
  await expect(page.getByRole('heading', { level: 2 })).toHaveText(['Send returns']);
  await page.getByRole('link', { name: 'Show all operators' }).click();
  await expect(page.getByRole('region', { name: 'Table of returns' })).toBeVisible();
});

test('files can be dropped, and left out again', async ({ app, page }) => {
  await mockIntake(page);
  await app.open('/data');
  const dataTransfer = await page.evaluateHandle(() => {
    const transfer = new DataTransfer();
    for (const name of ['one.csv', 'two.csv']) transfer.items.add(new File(['a,b'], name));
    return transfer;
  });
  await send(page).getByText('or drop them here, or anywhere on this page').dispatchEvent('drop', { dataTransfer });
  const chosen = send(page).getByRole('list', { name: 'Files to send' }).getByRole('listitem');
  await expect(chosen).toHaveCount(2);
  await page.getByRole('button', { name: 'Leave out one.csv' }).click();
  await expect(chosen).toHaveText([/two\.csv/]);
  await page.getByRole('contentinfo').dispatchEvent('drop', { dataTransfer });
  await expect(chosen, 'a drop beside the zone').toHaveCount(2);
});

test('whoever sends, leaves out or clears with the keyboard is never lost', async ({ app, page }) => {
  await mockIntake(page);
  await app.open('/data');
  const section = send(page);
  const heading = section.getByRole('heading', { name: 'Send returns' });
  await section.locator('input[type=file]').setInputFiles([{ name: 'a.csv', ...CSV }, { name: 'b.csv', ...CSV }]);
  await section.getByRole('button', { name: 'Leave out b.csv' }).press('Enter');
  await expect(heading).toBeFocused();
  await section.getByLabel('Operator').selectOption('gb-ald');
  await section.getByRole('button', { name: 'Send the file' }).press('Enter');
  await expect(heading).toBeFocused();
  await section.getByRole('button', { name: 'Clear this list' }).press('Enter');
  await expect(heading).toBeFocused();
});

test('a file that is only checked tells every finding and every repair', async ({ app, page }) => {
  await mockIntake(page);
  await app.open('/data');
  const section = send(page);
  await section.locator('input[type=file]').setInputFiles({ name: 'swapped.csv', ...CSV });
  await section.getByLabel('Operator').selectOption('gb-ald');
  const answered = page.waitForResponse((response) => response.url().includes('/check?'));
  await section.getByRole('button', { name: 'Only check, keep nothing' }).click();
  const { findings, repairs } = ((await (await answered).json()) as { results: { report: { findings: { title: string }[]; repairs: { title: string }[] } }[] }).results[0]!.report;
  expect([findings.length > 3, repairs.length]).toEqual([true, 1]);
  for (const { title } of [...findings, ...repairs]) await expect(section.getByText(title)).toBeVisible();
});

test('a file sent twice is there once', async ({ app, page }) => {
  const hub = await mockIntake(page);
  await app.open('/data');
  const section = send(page);
  const before = hub.list.length;
  for (let time = 0; time < 2; time += 1) {
    await section.locator('input[type=file]').setInputFiles({ name: 'november.csv', ...CSV });
    await section.getByLabel('Operator').selectOption('gb-ald');
    if (time === 1) await section.getByLabel('First').fill('2025-11');
    await section.getByRole('button', { name: 'Send the file' }).click();
    await expect(section.getByRole('button', { name: 'Clear this list' })).toBeVisible();
  }
  await expect(section.getByText('it is there once. It keeps the months that were given first: none. Those given now, 1 – 30 Nov 2025, are passed over; its page can change them.')).toBeVisible();
  expect(hub.list.length).toBe(before + 1);
});

test('a connection that breaks while sending is told, and sending again helps', async ({ app, page }) => {
  await mockIntake(page);
  let broken = true;
  await page.route('**/api/v1/submissions?**', (route) => (broken ? route.abort() : route.fallback()));
  await app.open('/data');
  const section = send(page);
  await section.locator('input[type=file]').setInputFiles({ name: 'december.csv', ...CSV });
  await section.getByLabel('Operator').selectOption('gb-ald');
  await section.getByRole('button', { name: 'Send the file' }).click();
  await expect(section.getByRole('alert')).toContainText('The server does not answer.');
  await section.locator('input[type=file]').setInputFiles({ name: 'january.csv', ...CSV });
  await section.getByLabel('Operator').selectOption('gb-ald');
  await section.getByRole('button', { name: 'Send the file' }).click();
  await expect(section.getByRole('list', { name: 'Files sent' }).locator('> li'), 'the file that failed stays').toHaveCount(2);
  broken = false;
  await section.getByRole('button', { name: 'Send again' }).first().click();
  await expect(section.getByText('Sent and checked')).toHaveCount(2);
});

test('a screen whose file cannot be fetched says so', async ({ app, page }) => {
  await mockIntake(page);
  await app.open('/about');
  await page.route('**/assets/Data-*.js', (route) => route.abort());
  await page.getByRole('link', { name: 'Data', exact: true }).click();
  await expect(app.heading).toHaveText('This screen could not be loaded');
  await page.unroute('**/assets/Data-*.js');
  await page.getByRole('button', { name: 'Load the page again' }).click();
  await expect(app.heading).toHaveText('Data');
});

test('in a hub without data sending is the page', async ({ app, page }) => {
  await mockIntake(page, true);
  await app.open('/data');
  await expect(page.getByText('No return has been submitted yet')).toBeVisible();
  await expect(page.getByRole('heading', { level: 2 })).toHaveText(['Send returns']);
  await clean(page, 'an empty hub');
});

test('a month without sessions is recorded as such, by an operator that is new', async ({ app, page }) => {
  await mockIntake(page);
  await app.open('/data');
  const section = send(page);
  await section.getByRole('button', { name: 'Nothing to report' }).click();
  await section.getByRole('button', { name: 'Record nothing to report' }).click();
  await expect(section.getByText('Choose the month, or the first and the last.')).toBeVisible();
  await expect(section.getByLabel('Operator'), 'the first field that is wrong').toBeFocused();
  await section.getByLabel('Operator').selectOption('gb-ald');
  await section.getByRole('button', { name: 'Record nothing to report' }).click();
  await expect(section.getByLabel('First')).toBeFocused();
  await expect(section.getByLabel('First')).toHaveAttribute('aria-invalid', 'true');
  await section.getByLabel('Operator').selectOption({ label: 'Another operator…' });
  await section.getByLabel('Its id').fill('GB-New');
  await section.getByLabel('Its name').fill('Newcomer Charging');
  await section.getByLabel('First').fill('2025-11');
  const asked = page.waitForRequest('**/api/v1/nothing-to-report');
  await section.getByRole('button', { name: 'Record nothing to report' }).click();
  expect((await asked).postDataJSON()).toEqual({ operator: 'gb-new', operator_name: 'Newcomer Charging', period: '2025-11' });
  await expect(section.getByText('had nothing to report for 2025-11')).toBeVisible();
});

test('the tracker shows the newest month and leads to returns', async ({ app, page }) => {
  await mockIntake(page);
  await page.setViewportSize({ width: 320, height: 800 });
  await app.open('/data');
  const grid = page.getByRole('region', { name: 'Tracker of returns' });
  const cell = grid.getByRole('link', { name: 'Arrowmere Ultra, Sep 2026: received' });
  await grid.scrollIntoViewIfNeeded();
  await expect(cell).toBeInViewport({ ratio: 1 });
  await expect(grid.getByRole('rowheader', { name: 'Arrowmere Ultra' })).toBeInViewport({ ratio: 0.9 });
  await cell.click();
  await expect(page).toHaveURL(/\/data\/27$/);
  await page.goBack();
  await expect(app.heading).toHaveText('Data');
});

test('a sign of the tracker is part of no other name than its own, and operators’ names keep their room', async ({ app, page }) => {
  const hub = await mockIntake(page);
  Object.assign(hub.list[0]!, { nothing_to_report: true });
  await app.open('/data');
  const grid = page.getByRole('region', { name: 'Tracker of returns' });
  await expect(grid.getByRole('link', { name: 'Alderbrook Street Charging, Dec 2024: nothing to report', exact: false })).toBeAttached();
  expect(await grid.locator('[aria-label]').count(), 'what is seen is what is named').toBe(0);
  const { violations } = await new AxeBuilder({ page }).withRules(['label-content-name-mismatch']).include('#tracker').analyze();
  expect(violations.map(({ nodes }) => nodes[0]?.html)).toEqual([]);
  for (const [width, least] of [[1280, 176], [768, 176], [320, 128]] as const) {
    await page.setViewportSize({ width, height: 900 });
    const name = await grid.getByRole('rowheader').first().boundingBox();
    expect(name?.width, `${width}`).toBeGreaterThanOrEqual(least);
  }
});

test('the tracker is one stop for Tab, and a missing month starts a return for it', async ({ app, page }) => {
  await mockIntake(page);
  await app.open('/data');
  const grid = page.getByRole('region', { name: 'Tracker of returns' });
  await expect(grid.locator('[tabindex="0"]')).toHaveCount(1);
  await grid.locator('[tabindex="0"]').focus();
  await page.keyboard.press('Home');
  await expect(grid.locator('tbody tr').first().locator('a, button').first()).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(grid.locator('tbody tr').nth(1).locator(':focus')).toHaveCount(1);
  const missing = grid.getByRole('button', { name: /: (missing|not due yet)\. Send a return$/ }).first();
  const [operator] = (await missing.locator('.sr').innerText()).split(', ');
  await missing.focus();
  await page.keyboard.press('Enter');
  await expect(send(page).getByRole('heading', { name: 'Send returns' })).toBeFocused();
  await expect(send(page).getByLabel('Operator').locator('option:checked')).toHaveText(operator!);
  await expect(send(page).getByLabel('First')).toHaveValue(/^20\d\d-\d\d$/);
});

test('the list narrows by state and operator, and back widens it', async ({ app, page }) => {
  await mockIntake(page);
  await app.open('/data');
  const rows = page.getByRole('region', { name: 'Table of returns' }).locator('tbody tr');
  await page.getByRole('button', { name: 'Needs a decision 2' }).click();
  await expect(page).toHaveURL(/state=needs_decision/);
  await expect(rows).toHaveCount(2);
  await page.getByRole('main').getByLabel('Operator', { exact: true }).selectOption({ label: 'Cobbleway Charging' });
  await expect(rows).toHaveCount(1);
  await expect(page.getByRole('heading', { name: 'Cobbleway Charging, month by month' })).toBeVisible();
  await page.goBack();
  await page.goBack();
  await expect(page).toHaveURL(/\/data$/);
  await expect(rows).toHaveCount(15);
});

test('a repair is judged by its evidence, applied and undone', async ({ app, page }) => {
  await mockIntake(page);
  await app.open(REPAIR);
  const card = page.getByRole('region', { name: 'Day and month are swapped', exact: true });
  await page.getByRole('link', { name: 'Decide the repair' }).click();
  await expect(card.getByRole('heading', { name: 'Day and month are swapped' })).toBeFocused();
  expect(await bodyOf(card.getByRole('table', { name: 'What contradicts itself' }))).toContainEqual(['Rows outside the period', '1,041', '0']);
  const chart = card.getByRole('slider');
  await chart.focus();
  await page.keyboard.press('End');
  await expect(chart).toHaveAttribute('aria-valuetext', '9 Dec 2026: 37 sessions as sent, 0 repaired');
  await card.getByRole('button', { name: 'Table' }).click();
  expect((await bodyOf(card.getByRole('table', { name: 'Sessions by day' }))).at(-1)).toEqual(['9 Dec 2026', '37', '0']);
  await clean(page, 'the table twin');

  await card.getByRole('button', { name: 'Apply the repair' }).click();
  await clean(page, 'the question');
  await page.keyboard.press('Escape');
  await expect(card.getByRole('button', { name: 'Apply the repair' })).toBeFocused();
  await page.keyboard.press('Enter');
  await card.getByRole('button', { name: 'Apply', exact: true }).click();
  await expect(card).toContainText('Applied repair');
  await expect(page.getByRole('button', { name: 'Accept', exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Undo (Applied the repair)' }).click();
  const scrolled = () => page.evaluate(() => Math.round(scrollY));
  const before = await scrolled();
  await page.getByRole('button', { name: 'Undo it' }).click();
  await expect(card).toContainText('Proposed repair');
  expect(Math.abs((await scrolled()) - before), 'the page does not jump back to the repair').toBeLessThan(200);
});

test('a return is accepted and withdrawn, and every step can be undone', async ({ app, page }) => {
  await mockIntake(page);
  await app.open('/data/29');
  await page.getByRole('button', { name: 'Accept', exact: true }).click();
  await page.getByRole('group').getByRole('button', { name: 'Accept' }).click();
  await expect(page.getByText('its rows that passed the checks are in the figures')).toBeVisible();
  await expect(app.heading).toBeFocused();
  await page.getByRole('button', { name: 'Withdraw', exact: true }).click();
  await page.getByRole('group').getByRole('button', { name: 'Withdraw' }).click();
  await expect(page.getByText('none of its rows is in the figures')).toBeVisible();
  await page.getByRole('button', { name: 'Undo the withdrawal' }).click();
  await page.getByRole('group').getByRole('button', { name: 'Undo the withdrawal' }).click();
  await expect(page.getByText('its rows that passed the checks are in the figures')).toBeVisible();
});

test('quarantined rows narrow to a reason, and the address keeps it', async ({ app, page }) => {
  await mockIntake(page);
  await app.open('/data/5');
  await expect(page.getByText('For example row 112, Until: 2025-10-12 06:20')).toBeVisible();
  await page.getByRole('link', { name: 'See these rows (More energy than a vehicle holds)' }).click();
  await expect(page).toHaveURL(/\/data\/5\?rule=energy_too_high#quarantine$/);
  await expect(page.getByRole('heading', { name: 'Quarantined rows' })).toBeFocused();
  const rows = page.getByRole('region', { name: 'Table of quarantined rows' }).locator('tbody tr');
  await expect(rows).toHaveCount(9);
  await page.reload();
  await expect(rows).toHaveCount(9);
  await page.getByLabel('Reason').selectOption('');
  await expect(rows).toHaveCount(25);
  await page.getByRole('button', { name: 'Next' }).click();
  await expect(page).toHaveURL(/page=2/);
  await expect(rows).toHaveCount(10);
  await expect(page.getByRole('button', { name: 'Previous' }), 'there is no next page').toBeFocused();
  await app.open('/data/5?page=99');
  await expect(page, 'a page that is not there is the last one').toHaveURL(/page=2/);
  await expect(rows).toHaveCount(10);
});

test('columns are mapped with the preview following, and saved as the operator’s layout', async ({ app, page }) => {
  await mockIntake(page);
  await app.open(RECEIVED);
  await page.getByRole('link', { name: 'Look at the layout' }).click();
  await expect(app.heading).toBeFocused();
  await expect(page.getByRole('heading', { name: 'Read this way, 802 of 820 rows pass the checks' })).toBeVisible();
  await page.getByLabel('Dates', { exact: true }).selectOption({ label: 'Month first: 12/31/2025' });
  await expect(page.getByRole('heading', { name: 'Read this way, 307 of 820 rows pass the checks' })).toBeVisible();
  await page.getByRole('button', { name: 'Back to the proposal' }).click();
  await page.getByLabel('Drawn').selectOption('');
  await expect(page.getByText('Still missing: Energy')).toBeVisible();
  await expect(page.getByText('No column says “energy”')).toBeVisible();
  await clean(page, 'something missing');
  await page.getByLabel('Remark').selectOption({ label: 'Plugged in (needed)' });
  await expect(page.getByText('Plugged in is read from 2 columns: From, Remark')).toBeVisible();
  await page.getByLabel('Remark').selectOption('');
  await page.getByLabel('Drawn').selectOption({ label: 'Energy (needed)' });
  await page.getByLabel('Name of the layout').fill('Arrowmere export');
  const asked = page.waitForRequest('**/decide');
  await page.getByRole('button', { name: 'Save as this operator’s layout' }).click();
  const body = (await asked).postDataJSON() as { kind: string; name: string; layout: { columns: Record<string, string[]> } };
  expect([body.kind, body.name, body.layout.columns['energy']]).toEqual(['confirm_layout', 'Arrowmere export', ['Drawn']]);
  await expect(page).toHaveURL(/\/data\/27$/);
  await expect(page.getByText('Saved the layout “Arrowmere export”', { exact: true })).toBeVisible();
});

test('a layout that is not saved is still there after a look at another page, until it is left', async ({ app, page }) => {
  await mockIntake(page);
  await app.open(`${RECEIVED}/layout`);
  await page.getByLabel('Drawn').selectOption('');
  await expect(page.getByText('Still missing: Energy')).toBeVisible();
  await page.getByRole('link', { name: 'Data', exact: true }).first().click();
  await expect(app.heading).toHaveText('Data');
  await page.goBack();
  await expect(page.getByText('What you changed here before is not saved yet.')).toBeVisible();
  await expect(page.getByLabel('Drawn')).toHaveValue('');
  await page.getByRole('link', { name: 'Leave without saving' }).click();
  await page.goBack();
  await expect(page.getByLabel('Drawn')).not.toHaveValue('');
});

for (const [way, media, width] of [
  ['light', { colorScheme: 'light' }, 1280],
  ['dark', { colorScheme: 'dark' }, 1280],
  ['narrow', { colorScheme: 'light' }, 320],
  ['forced colours', { forcedColors: 'active' }, 1280],
] as const) {
  test(`axe finds nothing on the Data screens, ${way}, and nothing scrolls sideways`, async ({ app, page }) => {
    test.slow();
    await mockIntake(page);
    await page.emulateMedia(media);
    await page.setViewportSize({ width, height: 900 });
    for (const path of ['/data', '/data?operator=gb-arw', '/data/9', REPAIR, RECEIVED, `${RECEIVED}/layout`]) {
      await app.open(path);
      await clean(page, path);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), path).toBe(0);
      await page.screenshot({ path: `results/screens/intake-${path.slice(1).replace(/\W+/g, '-')}-${way.replace(' ', '-')}.png`, fullPage: true });
    }
  });
}

test('everything that can be pressed is 24 pixels or more', async ({ app, page }) => {
  await mockIntake(page);
  for (const path of ['/data', REPAIR, `${RECEIVED}/layout`]) {
    await app.open(path);
    const small = await page.locator('main').evaluate((main) =>
      [...main.querySelectorAll('button, select, input:not(.sr), label.button, td a, .alone')]
        .map((one) => ({ box: one.getBoundingClientRect(), text: one.textContent }))
        .filter(({ box }) => box.height > 0 && (box.height < 23.9 || box.width < 23.9))
        .map(({ box, text }) => `${text} ${box.width}×${box.height}`),
    );
    expect(small, path).toEqual([]);
  }
});
