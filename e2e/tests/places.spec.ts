import { expect, test } from '../support/test';

test('the way down leads from London to a charge point, and back up', async ({ app, api, page }) => {
  const { hub_name } = (await api.catalogue()).data;
  await app.open('/?metric=sessions');
  await app.figures(hub_name);

  // Croydon is a compact shape: its middle lies within it.
  await app.card('Map').locator('svg a[data-code="E09000008"]').click();
  await app.figures('Croydon');
  expect(page.url()).toContain('/borough/E09000008?metric=sessions');

  const names = [hub_name, 'Croydon'];
  for (const kind of ['cell', 'site', 'evse']) {
    const next = app.card('Ranking').locator('tbody a').first();
    const href = (await next.getAttribute('href'))!;
    expect(href).toContain(`/${kind}/`);
    await next.click();
    await expect(page).toHaveURL(href);
    await app.settled();
    await app.figures();
    names.push(await app.heading.innerText());
  }
  await expect(app.breadcrumb.getByRole('listitem')).toHaveCount(names.length - (await skipped(app.breadcrumb.innerText(), names)));
  await expect(page.getByRole('heading', { name: 'About this charge point' })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Returns it appears in' })).toBeVisible();

  await page.goBack();
  await app.figures(names[3]!);
  await page.goBack();
  await app.figures(names[2]!);
  await app.breadcrumb.getByRole('link', { name: 'Croydon' }).click();
  await app.figures('Croydon');
  await app.breadcrumb.getByRole('link', { name: hub_name }).click();
  await app.figures(hub_name);
  expect(page.url()).toContain('metric=sessions');
});

/** A neighbourhood is no step of the breadcrumb of what lies in it. */
async function skipped(trail: Promise<string>, names: string[]): Promise<number> {
  return (await trail).includes(names[2]!) ? 0 : 1;
}

test('a dot on the map opens its site', async ({ app, places, page }) => {
  await app.open(`${places.borough}?level=location`);
  await app.figures();
  const site = app.card('Map').locator('svg a[data-code]').first();
  const href = (await site.getAttribute('href'))!;
  await site.focus();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(href);
  await app.figures();
});

test('a deep link shows the same figures when it is loaded again', async ({ app, api, places, page }) => {
  const { operators } = await api.catalogue();
  await app.open(`${places.borough}?from=2025-10&to=2026-03&operator=${operators.map(({ id }) => id).slice(0, 4).join(',')}&metric=energy_kwh&rank=operator`);
  await app.figures();
  const [values, titles, url] = [await app.values(), await app.titles(), page.url()];
  await page.reload();
  await app.figures();
  expect(page.url()).toBe(url);
  expect(await app.values()).toEqual(values);
  expect(await app.titles()).toEqual(titles);
});

test('a borough and a site are found with the keyboard alone', async ({ app, api, places, page }) => {
  await app.open('/');
  await page.keyboard.press('/');
  await expect(app.search).toBeFocused();
  await page.keyboard.type('hackn');
  await expect(page.getByRole('option').first()).toContainText('Hackney');
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('option', { selected: true })).toContainText('Hackney');
  await page.keyboard.press('Enter');
  await app.figures('Hackney');
  await expect(app.heading).toBeFocused();

  const code = decodeURIComponent(places.site.split('/').at(-1)!);
  const { name } = await api.get<{ name: string }>(`/sites/${encodeURIComponent(code)}`);
  await page.keyboard.press('/');
  await page.keyboard.type(name);
  await expect(page.getByRole('option').first()).toContainText(name);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await app.figures(name);
});

test('a search in vain says so', async ({ app, page }) => {
  await app.open('/');
  await app.search.fill('no such place anywhere');
  await expect(page.getByText('Nothing found.')).toBeVisible();
});
