import { bodyOf, CARDS, headOf } from '../support/app';
import { records } from '../support/csv';
import { expect, screens, test } from '../support/test';

test('the Overview opens with key figures, map, ranking, trend and hours', async ({ app, api, page }) => {
  const { data } = await api.catalogue();
  await app.open('/');
  await app.figures(data.hub_name);
  const values = await app.values();
  expect(values.length).toBe(5);
  for (const value of values) expect(value).toMatch(/\d/);
  for (const about of CARDS) await expect(app.card(about)).toBeVisible();
  await expect(app.card('Map').locator('svg a[data-code]')).toHaveCount(33);
  await expect(app.card('Hour by weekday').locator('[role=gridcell][data-hour]')).toHaveCount(168);
  await expect(app.card('Over time').getByRole('slider')).toBeVisible();
  await expect(app.card('Ranking').getByRole('row')).not.toHaveCount(0);
  expect(await page.title()).toContain(data.hub_name);
});

test('the key figures are those of the API', async ({ app, api }) => {
  await app.open('/');
  await app.figures();
  const { answer } = await api.get<{ answer: { rows: { sessions: number }[] } }>(
    `/metrics?metric=sessions&from=${(await api.catalogue()).default_period.from}&to=${(await api.catalogue()).default_period.to}`,
  );
  expect(await app.values()).toContain(`Sessions ${answer.rows[0]!.sessions.toLocaleString('en-GB')}`);
});

test('every screen says that its data is a sample', async ({ app, places }) => {
  for (const [, path] of screens(places)) {
    await app.open(path);
    await expect(app.strip).toContainText('Sample data.');
  }
});

test('every chart has its table', async ({ app }) => {
  await app.open('/');
  await app.figures();
  for (const about of CARDS) {
    const rows = await bodyOf(await app.table(about));
    expect(rows.length, about).toBeGreaterThan(5);
    await (await app.menu(about)).getByRole('button', { name: 'See the chart' }).click();
    await expect(app.card(about).getByRole('region', { name: /^Table: / })).toHaveCount(0);
  }
});

for (const about of ['Map', 'Over time', 'Hour by weekday']) {
  test(`the CSV of “${about}” holds the figures of its table`, async ({ app }) => {
    await app.open('/?metric=utilisation_time');
    await app.figures();
    const csv = records(await app.csv(about));
    await app.page.keyboard.press('Escape');
    const table = await app.table(about);
    const shown = await bodyOf(table);
    const at = (await headOf(table)).findIndex((name) => name === 'Plugged in' || /plugged/i.test(name));
    expect(csv.length).toBe(shown.length);
    const percent = (value: string | undefined): string => (value ? `${Number((Number(value) * 100).toFixed(1)).toFixed(1)}%` : '–');
    expect(shown.map((row) => row[at])).toEqual(csv.map((row) => percent(row['utilisation_time'])));
    if (about === 'Map') expect(shown.map((row) => row[0])).toEqual(csv.map((row) => row['borough_name'] || 'Not known'));
  });
}

test('by the hour an amount is told as what one charge point does, in its CSV too', async ({ app }) => {
  await app.open('/?metric=sessions');
  await app.figures();
  const card = app.card('Hour by weekday');
  await expect(card).toContainText('Sessions per charge point an hour, by local hour and weekday');
  await expect(app.card('A typical day').getByRole('heading')).toContainText(/peak at \d\d:00/);
  const csv = records(await app.csv('Hour by weekday'));
  await app.page.keyboard.press('Escape');
  const shown = await bodyOf(await app.table('Hour by weekday'));
  expect(csv).toHaveLength(shown.length);
  shown.forEach((row, at) => expect(Number.parseFloat(row[1]!), row[0]).toBeCloseTo(Number(csv[at]!['value']), 2));
});

test('the link that is copied is the address of the view, as of the data version that it shows', async ({ app, context, page }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await app.open('/?metric=sessions&rank=operator');
  await app.figures();
  await (await app.menu('Ranking')).getByRole('button', { name: 'Copy link to this view' }).click();
  await expect(app.card('Ranking').getByRole('button', { name: 'Copied' })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(new RegExp(`^${page.url().replaceAll('?', '\\?')}&as_of=\\d+$`));
});

test('a measure leads to the method behind it', async ({ app, page }) => {
  await app.open('/?metric=energy_kwh');
  await app.figures();
  await (await app.menu('Map')).getByRole('button', { name: 'How is this calculated?' }).click();
  await page.getByRole('dialog').getByRole('link', { name: 'Full definition on the Methods page' }).click();
  await expect(app.heading).toHaveText('Methods');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  expect(page.url()).toContain('/methods#energy_kwh');
  await expect(page.locator('section#energy_kwh')).toBeInViewport();
});
