import { expect, test } from '../support/test';

test('an unknown borough says so and shows the way home', async ({ app, api, page }) => {
  const { hub_name } = (await api.catalogue()).data;
  await app.open('/borough/E09999999');
  await expect(app.problem.first()).toContainText('E09999999');
  await page.getByRole('link', { name: `Go to ${hub_name}` }).click();
  await app.figures(hub_name);
});

test('an unknown charge point, site and return say so', async ({ app }) => {
  for (const path of ['/evse/gb-xyz%3Anone', '/site/gb-xyz%3Anone']) {
    await app.open(path);
    await expect(app.problem.first(), path).toBeVisible();
  }
  await app.open('/data/999999');
  await expect(app.heading).toHaveText('No such return');
});

test('an address without a page says so', async ({ app, page }) => {
  for (const path of ['/nonsense', '/data/first', '/a/b/c']) {
    await app.open(path);
    await expect(app.heading, path).toHaveText('There is no page at this address');
  }
  await page.getByRole('link', { name: 'go to the Overview' }).click();
  await app.figures();
});

test('an unknown measure in the address is refused by page and API alike', async ({ app, page, request }) => {
  await app.open('/?metric=nonsense');
  await expect(app.problem).toContainText('There is no measure “nonsense”');
  const response = await request.get('/api/v1/series?metric=nonsense&by=month');
  expect(response.status()).toBe(400);
  const { error } = (await response.json()) as { error: Record<string, string> };
  expect(error['message']).toContain('nonsense');
  expect(error['advice']).toContain('energy_kwh');
  expect(error['code']).toBeTruthy();
  await page.getByRole('link', { name: /show how much of the time/ }).click();
  await app.figures();
});

test('the API refuses what it does not know with one kind of answer', async ({ request }) => {
  for (const [path, status] of [
    ['/api/v1/nonsense', 404],
    ['/api/v1/query?metric=sessions&colour=red', 400],
    ['/api/v1/query?metric=sessions&from=yesterday', 400],
    ['/api/v1/submissions/999999', 404],
  ] as const) {
    const response = await request.get(path);
    expect(response.status(), path).toBe(status);
    const { error } = (await response.json()) as { error: Record<string, string> };
    expect(error['code'] && error['message'], path).toBeTruthy();
  }
});

test('a period without returns is missing, not zero', async ({ app, page }) => {
  await app.open('/?from=2001&to=2001');
  await expect(page.getByText('No sessions reported here in this period')).toBeVisible();
  await page.getByRole('link', { name: 'show the latest 12 months without filters' }).click();
  await expect(page).toHaveURL('/');
  await app.figures();
  await expect(app.keyFigures).toContainText(/\d/);
});

test('a server that is gone is told, and trying again helps', async ({ app, page }) => {
  await page.route('**/api/v1/metrics?**', (route) => route.abort());
  await app.open('/');
  await expect(app.problem).toContainText('The server does not answer.');
  await page.unroute('**/api/v1/metrics?**');
  await app.problem.getByRole('button', { name: 'Try again' }).click();
  await app.figures();
  await expect(app.problem).toHaveCount(0);
});

test('one try that succeeds brings back everything that had failed', async ({ app, page }) => {
  const figures = /\/api\/v1\/(metrics|series|query|findings)/;
  await page.route(figures, (route) => route.abort());
  await app.open('/');
  await expect(app.problem.nth(1)).toBeVisible();
  await page.unroute(figures);
  await app.problem.first().getByRole('button', { name: 'Try again' }).click();
  await expect(app.problem).toHaveCount(0);
  await app.figures();
});

test('without an accepted return the Overview says what to do', async ({ app, page }) => {
  const url = process.env['KERBWATT_EMPTY_URL']!;
  await app.open(url);
  await expect(page.getByRole('heading', { name: 'No data yet' })).toBeVisible();
  await expect(page.getByText('kerbwatt submit').first()).toBeVisible();
  await expect(app.strip).toHaveCount(0);
  await app.open(`${url}/data`);
  const table = page.getByRole('region', { name: 'Table of returns' });
  await expect(table).toContainText('Checked');
  await table.getByRole('link', { name: 'waiting.csv' }).click();
  await expect(app.heading).toHaveText('waiting.csv');
  await expect(page.getByText('it waits for a decision and is not in the figures')).toBeVisible();
});
