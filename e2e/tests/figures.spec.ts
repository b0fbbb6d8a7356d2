import { expect, test } from '../support/test';

const PERIOD = 'from=2026-01-01&to=2026-03-31';

test('any measure is split by what is chosen, as the API says it, and the address holds the choice', async ({ app, page, request }) => {
  await app.open('/');
  await app.figures();
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Figures' }).click();
  await app.figures();
  const card = app.card('Figures');
  await app.open('/figures?metric=sessions&from=2026-01&to=2026-03');
  await app.figures();
  await expect(card.getByRole('heading')).toHaveText('Sessions by operator');
  await card.getByLabel('then by').selectOption({ label: 'Month' });
  await expect(card.getByRole('heading')).toHaveText('Sessions by operator and month');
  await expect(page).toHaveURL(/by=operator,month/);
  const asked = await request.get(`/api/v1/query?metric=sessions&by=operator,month&${PERIOD}`);
  const { rows } = await asked.json();
  const table = card.getByRole('table');
  await expect(table.getByRole('row')).toHaveCount(rows.length + 1);
  await expect(table.getByRole('row').nth(1)).toContainText(rows[0].sessions.toLocaleString('en-GB'));
  await page.reload();
  await app.figures();
  await expect(card.getByRole('heading')).toHaveText('Sessions by operator and month');
  const excel = await card.getByRole('link', { name: 'Excel' }).getAttribute('href');
  const file = await request.get(excel!);
  expect(file.headers()['content-type']).toContain('spreadsheetml');
  await card.getByLabel('Split by').selectOption({ label: 'Nothing' });
  await expect(card.getByRole('heading')).toHaveText('Sessions by month');
});

test('a split that would add up what cannot be added says why', async ({ app }) => {
  await app.open('/figures?metric=unique_drivers&by=borough&from=2026-01&to=2026-03');
  await expect(app.problem).toContainText(/operator/);
});

test('of very many rows the first are shown, and files hold all', async ({ app }) => {
  await app.open('/figures?metric=sessions&by=evse&from=2026-01&to=2026-03');
  await app.figures();
  await expect(app.card('Figures')).toContainText('The first 500 rows; files hold all.');
  await expect(app.card('Figures').getByRole('table').getByRole('row')).toHaveCount(501);
});
