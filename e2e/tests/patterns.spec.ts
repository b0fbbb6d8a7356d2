/** Patterns and Trends, the findings above them, and the way from a figure to how it is calculated. */
import { bodyOf, headOf, PATTERN_CARDS } from '../support/app';
import { records } from '../support/csv';
import { expect, test } from '../support/test';

const percent = (value: number | null): string => (value === null ? '–' : `${(value * 100).toFixed(1)}%`);

test('place, period and filters stay the same between Overview, Patterns and Trends', async ({ app, places, page }) => {
  const query = '?from=2025-10&to=2026-03&band=slow';
  await app.open(`${places.borough}${query}`);
  await app.figures();
  const name = await app.heading.innerText();
  for (const screen of ['Patterns', 'Trends', 'Overview']) {
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: screen }).click();
    await app.figures(new RegExp(`^${name}`));
    const path = screen === 'Overview' ? '' : `/${screen.toLowerCase()}`;
    await expect(page).toHaveURL(`${places.borough}${path}${query}`);
    await expect(app.filter('Period')).toContainText('1 Oct 2025 – 31 Mar 2026');
  }
  await page.goBack();
  await app.figures(`${name} trends`);
  await app.breadcrumb.getByRole('link').first().click();
  await app.figures(/trends$/);
  await expect(page).toHaveURL(`/trends${query}`);
});

test('a deep link to Patterns shows the same when it is loaded again', async ({ app, places, page }) => {
  await app.open(`${places.borough}/patterns?from=2025-10&to=2026-03&metric=energy_kwh&level=location`);
  await app.figures();
  for (const about of [...PATTERN_CARDS, 'Seasons']) await expect(app.card(about), about).toBeVisible();
  await expect(app.card('Kinds of use').getByRole('button', { name: 'Sites', exact: true })).toHaveAttribute('aria-pressed', 'true');
  await app.card('Kinds of use').locator('.kinds button[aria-pressed=false]').first().click();
  await expect(page).toHaveURL(/&rank=/);
  const [titles, url, chosen] = [await app.titles(), page.url(), await app.card('Kinds of use').locator('h3').innerText()];
  await page.reload();
  await app.figures();
  expect(page.url()).toBe(url);
  expect(await app.titles()).toEqual(titles);
  await expect(app.card('Kinds of use').locator('h3')).toHaveText(chosen);
});

test('the sentences are those of the API, on all three screens', async ({ app, api, page }) => {
  const { from, to } = (await api.catalogue()).default_period;
  const { sentences } = await api.get<{ sentences: { text: string }[] }>(`/findings?from=${from}&to=${to}`);
  expect(sentences.length).toBeGreaterThan(1);
  for (const path of ['/', '/patterns', '/trends']) {
    await app.open(path);
    await app.figures();
    for (const { text } of sentences) await expect(page.locator('p.findings'), path).toContainText(text);
  }
});

test('every chart of Patterns has its table, and its CSV as many rows', async ({ app, api }) => {
  const { from, to } = (await api.catalogue()).default_period;
  const kinds = await api.get<{ members: unknown[]; total_members: number }>(`/patterns/archetypes?from=${from}&to=${to}`);
  expect(kinds.members.length, 'the screen lists the first thousand').toBeLessThan(kinds.total_members);
  await app.open('/patterns');
  await app.figures();
  for (const about of PATTERN_CARDS) {
    const csv = records(await app.csv(about));
    await app.page.keyboard.press('Escape');
    const rows = await bodyOf(await app.table(about));
    expect(rows.length, about).toBeGreaterThan(10);
    // A file is not cut where the screen is.
    expect(csv.length, about).toBe(about === 'Kinds of use' ? kinds.total_members : rows.length);
  }
});

test('of an answer with several tables, the CSV of a card is the one that it shows', async ({ app, page, request }) => {
  // Of this operator no return is missing, so that two whole years tell its seasons.
  await app.open('/patterns?operator=gb-brc');
  await app.figures();
  const hours = records(await app.csv('Hour by weekday'));
  await page.keyboard.press('Escape');
  const week = await bodyOf(await app.table('Hour by weekday'));
  expect(week.map((row) => row[1])).toEqual(hours.map(({ value }) => percent(value ? Number(value) : null)));
  expect(hours.map(({ weekday, hour }) => Number(weekday) * 24 + Number(hour))).toEqual(hours.map((_, at) => at));

  const months = records(await app.csv('Seasons'));
  await page.keyboard.press('Escape');
  const seasons = await bodyOf(await app.table('Seasons'));
  expect(months).toHaveLength(12);
  const against = (index: string | undefined): number => Math.round((Number(index) - 1) * 100);
  expect(seasons.map((row) => Number(row[1]?.replace('−', '-').replace('%', '')))).toEqual(months.map(({ index }) => against(index) + 0));

  await app.open('/trends?metric=sessions');
  await app.figures();
  const growth = records(await app.csv('Growth'));
  await page.keyboard.press('Escape');
  const shown = await bodyOf(await app.table('Growth'));
  const grouped = (value: string | undefined): string => Number(value).toLocaleString('en-GB');
  expect(growth.length).toBeGreaterThan(0);
  expect(shown.map((row) => [row[1], row[2], row[5]])).toEqual(growth.map(({ before, now, evses }) => [before, now, evses].map(grouped)));

  const link = app.card('Day by day').getByRole('link', { name: 'Steps as CSV' });
  const steps = records(await (await request.get((await link.getAttribute('href'))!)).text());
  await expect(app.card('Day by day').locator('ol li')).toHaveCount(steps.length);
});

test('the tables hold the figures of the API', async ({ app, api, places }) => {
  const code = decodeURIComponent(places.borough.split('/').at(-1)!);
  const scope = `from=2025-10-01&to=2025-12-31&borough=${code}`;
  await app.open(`${places.borough}/patterns?from=2025-10&to=2025-12`);
  await app.figures();
  const calendar = await api.get<{ days: { value: number | null }[] }>(`/patterns/calendar?metric=utilisation_time&${scope}`);
  const days = await bodyOf(await app.table('Calendar'));
  expect(days.map((row) => row[1])).toEqual(calendar.days.map(({ value }) => percent(value)));

  const typical = await api.get<{ profiles: { hours: { p25: number; median: number; p75: number }[] }[]; week: { value: number }[] }>(`/patterns/typical-day?metric=utilisation_time&${scope}`);
  const hours = await bodyOf(await app.table('A typical day'));
  expect(hours.map((row) => row.slice(2, 5))).toEqual(typical.profiles.flatMap((profile) => profile.hours.map((hour) => [hour.p25, hour.median, hour.p75].map(percent))));
  const week = await bodyOf(await app.table('Hour by weekday'));
  expect(week.map((row) => row[1])).toEqual(typical.week.map(({ value }) => percent(value)));
});

test('kinds of use and unused charge points lead down to one charge point', async ({ app, page }) => {
  await app.open('/patterns?from=2026-01&to=2026-09');
  await app.figures();
  const unused = app.card('Unused charge points').locator('tbody tr').first();
  await expect(unused).toContainText(/Expected \d+ sessions in that time; chance of none (1 in|less than 1 in a million)/);
  const href = (await unused.getByRole('link').getAttribute('href'))!;
  expect(href).toMatch(/^\/evse\/.*\/patterns\?from=2026-01&to=2026-09$/);
  await unused.getByRole('link').click();
  await expect(page).toHaveURL(href);
  await app.figures(/patterns$/);
  await expect(app.card('Unused charge points').getByRole('heading', { level: 2 })).toContainText('1 of 1 charge point stands unused');
  await page.goBack();
  await app.figures(/patterns$/);
  await app.card('Kinds of use').locator('tbody a').first().click();
  await expect(page).toHaveURL(/\/evse\/.*\/patterns/);
  await app.figures(/^Charge point .* patterns$/);
});

test('a change of level that is not told stands there with its reason, and growth that is not with its own', async ({ app, page }) => {
  const reason = 'the returns of an operator begin or end around 1 Apr 2026';
  await page.route('**/api/v1/patterns/trend?**', async (route) => {
    const answer = await (await route.fetch()).json();
    await route.fulfill({ json: { ...answer, steps: [], steps_left_out: [{ day: '2026-04-01', reason }], growth: null, no_growth: 'The data does not hold all of the year before.' } });
  });
  await app.open('/trends?metric=sessions');
  await app.figures();
  await expect(app.card('Day by day')).toContainText(`1 change near 1 Apr 2026 is not told: ${reason}.`);
  await expect(app.card('Day by day').getByRole('heading', { level: 2 })).not.toContainText(/clear step|a year before/);
  await expect(app.card('Growth')).toContainText('The data does not hold all of the year before.');
  await expect(app.card('Growth')).not.toContainText('A mean has no total');
});

test('Trends tells steps and growth as the API does', async ({ app, api, page }) => {
  type Trend = { days: unknown[]; steps: { change: number }[]; growth: { change: number; like_for_like: { evses: number; change: number } } };
  const { from, to } = (await api.catalogue()).default_period;
  const { days, steps, growth } = await api.get<Trend>(`/patterns/trend?metric=sessions&from=${from}&to=${to}`);
  expect(steps.length).toBeGreaterThan(0);
  await app.open('/trends?metric=sessions');
  await app.figures();
  const series = app.card('Day by day');
  await expect(series.locator('ol li')).toHaveCount(steps.length);
  await expect(series.locator('ol li').first()).toContainText(steps[0]!.change > 0 ? 'up from' : 'down from');
  await expect(series.locator('ol li').first()).toContainText('95% interval');
  await page.getByRole('button', { name: /^Take it apart/ }).click();
  await expect(series.getByRole('heading', { name: /^The week/ })).toBeVisible();
  await expect(app.card('Growth')).toContainText(`+${Math.round(growth.change * 100)}%`);
  await expect(app.card('Growth')).toContainText(`the same ${growth.like_for_like.evses.toLocaleString('en-GB')} charge points`);
  const table = await app.table('Day by day');
  expect((await bodyOf(table)).length).toBe(days.length);
  expect(await headOf(table)).toEqual(['Day', 'Sessions', 'Sessions per charge point a day', 'A year before', 'Trend', 'Week', 'Remainder', 'Coverage']);
});

test('a figure says what it is divided by, from live hours to the denominator', async ({ app, api, page }) => {
  type Ledger = { ledger: { rates: { lines: { role: string; unit: string; amount: number }[] }[] } };
  const { from, to } = (await api.catalogue()).default_period;
  const { ledger } = await api.get<Ledger>(`/query?metric=utilisation_time&ledger=true&from=${from}&to=${to}`);
  const lines = ledger.rates[0]!.lines;
  await app.open('/patterns');
  await app.figures();
  const opener = app.card('Calendar').getByRole('button', { name: 'How is this calculated?' });
  await opener.focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'How is this calculated?' });
  await expect(dialog.locator('tbody tr')).toHaveCount(lines.length);
  const hours = Math.round(lines[0]!.amount / 60).toLocaleString('en-GB');
  await expect(dialog.locator('tbody tr').first()).toContainText(`${hours} charge-point hours`);
  await expect(dialog).toContainText('version 1');
  await expect(dialog).toContainText('of registered charge-point days covered');
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await expect(opener).toBeFocused();

  await app.open('/?metric=sessions');
  await app.figures();
  await page.getByRole('button', { name: 'How is “Sessions” calculated?' }).click();
  await expect(dialog).toContainText('nothing is divided');
  await expect(dialog).toContainText('Rows set aside by a check');
});

test('Patterns and Trends are read with the arrow keys', async ({ app, page }) => {
  await app.open('/patterns?from=2026-01&to=2026-03');
  await app.figures();
  const calendar = app.card('Calendar').getByRole('slider');
  await calendar.focus();
  await page.keyboard.press('Home');
  await expect(calendar).toHaveAttribute('aria-valuetext', /^Thursday 1 Jan 2026: /);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowRight');
  await expect(calendar).toHaveAttribute('aria-valuetext', /^Friday 9 Jan 2026: /);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/from=2026-01&to=2026-01(?![-\d])/);
  await page.goBack();
  await app.figures();
  const curve = app.card('Concentration').getByRole('slider');
  await curve.focus();
  await page.keyboard.press('End');
  await expect(curve).toHaveAttribute('aria-valuetext', 'The least used 100% of charge points deliver 100% of the energy');
  const kind = app.card('Kinds of use').locator('.kinds button').nth(1);
  await kind.focus();
  await page.keyboard.press('Enter');
  await expect(kind).toHaveAttribute('aria-pressed', 'true');

  await app.open('/trends');
  await app.figures();
  const series = app.card('Day by day').getByRole('slider');
  await series.focus();
  await page.keyboard.press('Home');
  await expect(series).toHaveAttribute('aria-valuetext', /\d%; a year before \d/);
});

test('what cannot be told says why', async ({ app, page }) => {
  for (const screen of ['patterns', 'trends']) {
    await app.open(`/${screen}?from=2001&to=2001`);
    await app.figures();
    await expect(page.getByText('No sessions reported here in this period'), screen).toBeVisible();
    await expect(page.getByRole('main').getByText('that is not the same as no use'), screen).toBeVisible();
  }
  await expect(app.card('Growth')).toContainText('No growth can be told');
  await app.open('/patterns?metric=evses');
  await app.figures();
  await expect(app.card('Calendar')).toContainText('there are no patterns of “Charge points”');
  await app.open('/trends?metric=energy_per_session');
  await app.figures();
  await expect(app.card('Growth')).toContainText('A mean has no total that could grow');
  await app.filter('Measure').click();
  await expect(page.getByRole('button', { name: /^Charge points/ })).toHaveCount(0);
});

test('the few drivers that take much of the energy are told within each operator', async ({ app, request }) => {
  const card = app.card('Drivers');
  const asked = '/api/v1/query?metric=unique_drivers,top5_share&by=operator&operator=gb-brc&from=2026-01-01&to=2026-03-31';
  await app.open('/patterns?operator=gb-brc&from=2026-01&to=2026-03');
  await app.figures();
  const [row] = (await (await request.get(asked)).json()).rows;
  await expect(card.getByRole('heading')).toContainText(`The five heaviest drivers take ${(row.top5_share * 100).toFixed(1)}% of the energy`);
  await expect(card).toContainText(`${row.unique_drivers.toLocaleString('en-GB')} drivers`);
  await expect(card).toContainText(/The driver is known for (\d+|under 1)% of the energy/);
});

test('how shares of drivers come about is told operator by operator', async ({ app, page, request }) => {
  const { rows } = await (await request.get('/api/v1/query?metric=top5_share&by=operator&from=2026-01-01&to=2026-03-31')).json();
  expect(rows.length).toBeGreaterThan(1);
  for (const [path, about] of [['/patterns?from=2026-01&to=2026-03', 'Drivers'], ['/figures?metric=top5_share&by=operator&from=2026-01&to=2026-03', 'Figures']] as const) {
    await app.open(path);
    await app.figures();
    const dialog = await app.how(about);
    await expect(dialog.getByRole('table').getByRole('row'), about).toHaveCount(rows.length + 1);
    await expect(dialog.getByRole('table'), about).toContainText('Of sessions without a driver');
    await expect(app.problem, about).toHaveCount(0);
    await page.keyboard.press('Escape');
  }
});

test('a pattern that fails is told in its own card, and trying again helps', async ({ app, page }) => {
  await page.route('**/api/v1/patterns/calendar?**', (route) => route.abort());
  await app.open('/patterns');
  await app.figures();
  await expect(app.problem).toHaveCount(1);
  await expect(app.problem).toContainText('The server does not answer.');
  await expect(app.card('Concentration').getByRole('slider')).toBeVisible();
  await page.unroute('**/api/v1/patterns/calendar?**');
  await app.problem.getByRole('button', { name: 'Try again' }).click();
  await expect(app.card('Calendar').getByRole('slider')).toBeVisible();
});
