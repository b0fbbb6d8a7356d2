import { expect, test } from '../support/test';

test('a period is chosen, stands in the address, and back takes it away', async ({ app, page }) => {
  await app.open('/');
  await app.figures();
  const before = await app.values();
  await app.filter('Period').click();
  await page.getByRole('button', { name: /^Last whole quarter/ }).click();
  await expect(page).toHaveURL(/\?from=\d{4}-\d{2}&to=\d{4}-\d{2}$/);
  await app.figures();
  expect(await app.values()).not.toEqual(before);
  await page.goBack();
  await expect(page).toHaveURL(/\/$/);
  await app.figures();
  expect(await app.values()).toEqual(before);
});

test('days of one’s own are chosen', async ({ app, api, page }) => {
  const { last_day } = (await api.catalogue()).data;
  const first = `${last_day.slice(0, 7)}-05`;
  const last = `${last_day.slice(0, 7)}-11`;
  await app.open('/');
  await app.filter('Period').click();
  await page.getByLabel('From', { exact: true }).fill(last);
  await page.getByLabel('To', { exact: true }).fill(first);
  await expect(app.problem).toHaveText('The last day lies before the first.');
  await page.getByLabel('From', { exact: true }).fill(first);
  await page.getByLabel('To', { exact: true }).fill(last);
  await page.getByRole('button', { name: 'Show these days' }).click();
  await expect(page).toHaveURL(`/?from=${first}&to=${last}`);
  await app.figures();
  await expect(app.filter('Period')).toContainText('5 – 11');
});

test('another measure is shown on map, ranking and trend', async ({ app, api, page }) => {
  const name = (await api.catalogue()).metrics.find(({ id }) => id === 'energy_kwh')!.name;
  await app.open('/');
  await app.filter('Measure').click();
  await page.getByRole('button', { name: new RegExp(`^${name}`) }).click();
  await expect(page).toHaveURL('/?metric=energy_kwh');
  await app.figures();
  await expect(app.filter('Measure')).toHaveText(new RegExp(name));
  for (const about of ['Map', 'Ranking', 'Over time']) await expect(app.card(about)).toContainText(name);
});

test('operator and power narrow the figures, and each goes again', async ({ app, api, page }) => {
  const { bands } = await api.catalogue();
  const operator = (await api.catalogue()).operators.find(({ name }) => name)!;
  await app.open('/');
  await app.figures();
  const all = await app.values();
  await app.moreFilters();
  await page.getByRole('checkbox', { name: operator.name, exact: true }).check();
  await expect(app.removal(`Operator: ${operator.name}`)).toBeVisible();
  await app.figures();
  const some = await app.values();
  expect(some).not.toEqual(all);
  await page.getByRole('checkbox', { name: bands[0]!.name, exact: true }).check();
  await expect(app.removal(`Power: ${bands[0]!.name}`)).toBeVisible();
  await expect(page).toHaveURL(`/?operator=${operator.id}&band=${encodeURIComponent(bands[0]!.id)}`);
  await page.keyboard.press('Escape');
  await app.removal(`Power: ${bands[0]!.name}`).click();
  await expect(page).toHaveURL(`/?operator=${operator.id}`);
  await app.figures();
  expect(await app.values()).toEqual(some);
  await app.removal('Operator').click();
  await expect(page).toHaveURL('/');
  await app.figures();
  expect(await app.values()).toEqual(all);
});

test('a row of the ranking by operator becomes a filter', async ({ app, page }) => {
  await app.open('/');
  await app.figures();
  await app.card('Ranking').getByRole('button', { name: 'Operators' }).click();
  await expect(page).toHaveURL('/?rank=operator');
  await app.figures();
  const first = app.card('Ranking').locator('tbody a').first();
  const name = await first.innerText();
  await first.click();
  await expect(app.removal(`Operator: ${name}`)).toBeVisible();
});

test('a stretch of the trend is chosen by drawing across it', async ({ app, page }) => {
  await app.open('/');
  await app.figures();
  const chart = app.card('Over time').getByRole('slider');
  await chart.scrollIntoViewIfNeeded();
  const box = (await chart.boundingBox())!;
  await page.mouse.move(box.x + box.width * 0.4, box.y + 80);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.6, box.y + 80, { steps: 5 });
  await page.mouse.up();
  await expect(page).toHaveURL(/\?from=.+&to=.+/);
  await app.figures();
  await expect(app.keyFigures).toContainText(/\d/);
});

test('what the register knows narrows the figures too, and rows of Figures become filters', async ({ app, page, request }) => {
  await app.open('/figures?metric=sessions&by=funding_scheme&from=2026-01&to=2026-03');
  await app.figures();
  await app.moreFilters();
  await page.getByRole('group', { name: 'Owner' }).getByRole('checkbox', { name: 'Camden', exact: true }).check();
  await page.getByRole('group', { name: 'Current' }).getByRole('checkbox', { name: 'AC, one phase' }).check();
  await page.keyboard.press('Escape');
  await expect(app.removal('Owner: Camden')).toBeVisible();
  await expect(page).toHaveURL(/current=ac1&owner_borough=Camden/);
  await app.figures();
  await app.card('Figures').getByRole('link', { name: 'ORCS', exact: true }).click();
  await expect(app.removal('Funding: ORCS')).toBeVisible();
  await expect(app.card('Figures').getByRole('heading')).toHaveText('Sessions in all');
  const asked = await request.get('/api/v1/query?metric=sessions&from=2026-01-01&to=2026-03-31&owner_borough=Camden&current=ac1&funding_scheme=ORCS');
  const { rows } = await asked.json();
  await expect(app.card('Figures').getByRole('table')).toContainText(rows[0].sessions.toLocaleString('en-GB'));
  await page.getByRole('link', { name: 'Overview' }).click();
  await app.figures();
  await expect(app.removal('Owner: Camden')).toBeVisible();
});
