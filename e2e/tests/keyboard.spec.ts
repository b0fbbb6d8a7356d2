import { tabTo } from '../support/keyboard';
import { expect, test } from '../support/test';

test('an officer looks at one operator in one borough without a mouse', async ({ app, api, page }) => {
  const { operators } = await api.catalogue();
  await app.open('/');
  await app.figures();

  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to the content' })).toBeFocused();
  await page.keyboard.press('Enter');
  await tabTo(page, app.filter('Period'));
  await page.keyboard.press('Enter');
  await tabTo(page, page.getByRole('button', { name: /^Last whole quarter/ }));
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/from=/);
  await expect(app.filter('Period')).toBeFocused();

  await tabTo(page, page.getByRole('button', { name: '+ Filter' }));
  await page.keyboard.press('Enter');
  await tabTo(page, page.getByRole('checkbox', { name: operators[0]!.name, exact: true }));
  await page.keyboard.press('Space');
  await expect(page).toHaveURL(/operator=/);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: '+ Filter' })).toBeFocused();
  await app.figures();

  await tabTo(page, app.card('Map').locator('svg a[tabindex="0"]'));
  await page.keyboard.press('ArrowRight');
  const borough = await page.evaluate(() => document.activeElement?.getAttribute('aria-label')?.split(',')[0] ?? '');
  await page.keyboard.press('Enter');
  await app.figures(borough);
  await expect(app.heading).toBeFocused();
  expect(page.url()).toMatch(/\/borough\/E\d+\?from=.*&operator=/);
});

test('the charts are read and a period is chosen with the arrow keys', async ({ app, page }) => {
  await app.open('/');
  await app.figures();
  const chart = app.card('Over time').getByRole('slider');
  await chart.focus();
  await page.keyboard.press('ArrowLeft');
  await expect(chart).toHaveAttribute('aria-valuetext', /\d/);
  for (let step = 0; step < 4; step += 1) await page.keyboard.press('Shift+ArrowLeft');
  await expect(chart).toHaveAttribute('aria-valuetext', /^Choosing /);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/from=/);
  await app.figures();

  const cell = app.card('Hour by weekday').locator('[data-hour][tabindex="0"]');
  await cell.focus();
  await page.keyboard.press('Home');
  await expect(page.locator('[data-hour="0"]')).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowRight');
  await expect(page.locator('[data-hour="25"]')).toBeFocused();
  await expect(page.locator('[data-hour="25"]')).toHaveAccessibleName(/^Tuesday 01:00: /);
});

test('a menu closes with Escape and gives the focus back', async ({ app, page }) => {
  await app.open('/');
  await app.figures();
  const button = app.card('Map').getByRole('button', { name: 'More for: Map' });
  await button.focus();
  await page.keyboard.press('Enter');
  await expect(button).toHaveAttribute('aria-expanded', 'true');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Escape');
  await expect(button).toBeFocused();
  await expect(button).toHaveAttribute('aria-expanded', 'false');
});
