import { expect, test } from '../support/test';
import type { Api } from '../support/api';

interface Ranking {
  rows: { operator: string; operator_name: string; sessions: number | null; not_compared: string | null }[];
}

/** An operator of whose year before less was reported than of its last one, and why it is not compared. */
async function unreported(api: Api): Promise<{ operator: string; name: string; reason: string; address: string }> {
  const { default_period: period } = await api.catalogue();
  const asked = `from=${period.from}&to=${period.to}`;
  const { rows } = await api.get<Ranking>(`/ranking?metric=sessions&by=operator&compare=last_year&${asked}`);
  const row = rows.find(({ sessions, not_compared: reason }) => sessions !== null && reason?.includes('have no return'));
  expect(row, 'the sample has an operator with a missing quarter').toBeDefined();
  return { operator: row!.operator, name: row!.operator_name, reason: row!.not_compared!, address: `?${asked}&operator=${row!.operator}&metric=sessions` };
}

test('what may not be compared is not, in findings, key figures, ranking, chart and trends alike, and each says why', async ({ app, api, page }) => {
  const { name, reason, address } = await unreported(api);
  await app.open(`/${address}&rank=operator`);
  await app.figures();
  await expect(page.locator('.findings .change')).toContainText('not compared with the same days a year before');
  const row = app.card('Ranking').getByRole('row', { name });
  await expect(row.getByRole('button', { name: 'not compared' })).toHaveAttribute('title', reason);
  await expect(app.card('Over time').getByRole('heading')).toContainText('not compared with last year');
  await expect(app.card('Over time')).toContainText(reason.slice(1));
  for (const part of [app.keyFigures, app.card('Ranking'), app.card('Over time')]) await expect(part).not.toContainText(/[▲▼+−]\s?\d+%/);

  const why = app.keyFigures.getByRole('listitem').first().getByRole('button', { name: /^Not compared/ });
  await why.focus();
  await page.keyboard.press('Enter');
  await expect(app.keyFigures.getByRole('status').first()).toHaveText(reason);
  await page.keyboard.press('Escape');
  await expect(why).toBeFocused();
  await expect(app.keyFigures.getByText(reason)).toHaveCount(0);

  await app.open(`/trends${address}`);
  await app.figures();
  await expect(app.card('Growth').getByRole('heading')).toContainText('Not compared in all');
});

test('a step that was reported only in part is no point of the line, and its table says so', async ({ app, api }) => {
  const { address } = await unreported(api);
  await app.open(`/${address}`);
  await app.figures();
  await expect(app.card('Over time').locator('circle.partly').first()).toBeAttached();
  await expect(app.card('Over time')).toContainText('Hollow marks: reported only in part.');
  await expect((await app.table('Over time')).getByText(/^Partly reported: \d+ of \d+ days$/).first()).toBeAttached();
});

test('a measure that needs data which the hub does not have shows no figures, and says so', async ({ app, page }) => {
  await app.open('/?metric=reliability_working');
  await expect(app.problem).toContainText('There are no figures of');
  await expect(page.getByRole('button', { name: /Showing: Reliability/ })).toHaveCount(0);
  await expect(app.keyFigures).toContainText(/\d/);
  await app.problem.getByRole('link').click();
  await app.figures();
});
