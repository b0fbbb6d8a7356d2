import type { Page } from '@playwright/test';
import { expect, screens, test } from '../support/test';

/** Pixels by which the page is wider than its window. */
function overflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

/** Brightness of the page's ground, 0 to 255. */
function brightness(page: Page): Promise<number> {
  return page.evaluate(() => Math.max(...(getComputedStyle(document.body).backgroundColor.match(/\d+/g) ?? []).slice(0, 3).map(Number)));
}

test('nothing scrolls sideways at 320 pixels', async ({ app, page, places }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  for (const [name, path] of screens(places)) {
    await app.open(path);
    expect(await overflow(page), name).toBe(0);
  }
  await app.open('/');
  await app.figures();
  for (const button of [app.filter('Period'), app.filter('Measure'), page.getByRole('button', { name: '+ Filter' })]) {
    await button.click();
    expect(await overflow(page)).toBe(0);
    await page.keyboard.press('Escape');
  }
});

test('the colours follow the system', async ({ app, page }) => {
  await page.emulateMedia({ colorScheme: 'dark' });
  await app.open('/');
  expect(await brightness(page)).toBeLessThan(64);
  await page.emulateMedia({ colorScheme: 'light' });
  expect(await brightness(page)).toBeGreaterThan(192);
});

test('forced colours keep the classes of map and hours apart', async ({ app, page }) => {
  await page.emulateMedia({ forcedColors: 'active' });
  await app.open('/');
  await app.figures();
  const fills = await app.card('Map').locator('svg a[data-code] path').evaluateAll((shapes) => shapes.map((shape) => getComputedStyle(shape).fill));
  expect(new Set(fills).size).toBeGreaterThan(2);
  const cells = await app.card('Hour by weekday').locator('[data-hour]').evaluateAll((all) => all.map((cell) => getComputedStyle(cell).backgroundColor));
  expect(new Set(cells).size).toBeGreaterThan(5);
});

test('nothing moves for those who asked for less motion', async ({ app, page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await app.open('/');
  await app.figures();
  const moving = await page.locator('body *').evaluateAll((all) =>
    all.flatMap((one) => {
      const { transitionDuration, animationName, animationDuration } = getComputedStyle(one);
      const seconds = [...transitionDuration.split(','), ...(animationName === 'none' ? [] : animationDuration.split(','))].map(parseFloat);
      return seconds.some((duration) => duration > 0.01) ? [one.className.toString() || one.tagName] : [];
    }),
  );
  expect(moving).toEqual([]);
});
