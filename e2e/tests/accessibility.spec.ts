/** Axe with every rule on, on every screen. What each looked like is kept in results/screens. */
import AxeBuilder from '@axe-core/playwright';
import { expect, screens, test } from '../support/test';

const WAYS = {
  light: { colorScheme: 'light', width: 1280 },
  dark: { colorScheme: 'dark', width: 1280 },
  narrow: { colorScheme: 'light', width: 320 },
  forced: { colorScheme: 'light', width: 1280, forcedColors: 'active' },
} satisfies Record<string, { colorScheme: 'light' | 'dark'; width: number; forcedColors?: 'active' }>;

for (const [way, { width, ...media }] of Object.entries(WAYS)) {
  for (const at of [0, 1, 2]) {
    test(`axe finds nothing on any screen, ${way}, part ${at + 1}`, async ({ app, page, places }) => {
      test.slow();
      await page.emulateMedia(media);
      await page.setViewportSize({ width, height: 900 });
      for (const [name, path] of screens(places).filter((_, place) => place % 3 === at)) {
        await app.open(path);
        await page.screenshot({ path: `results/screens/${name.replaceAll(' ', '-')}-${way}.png`, fullPage: true });
        const { violations } = await new AxeBuilder({ page }).analyze();
        const found = violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html.slice(0, 160)).slice(0, 4).join(' | ')}`);
        expect(found, name).toEqual([]);
      }
    });
  }
}

test('axe finds nothing in open menus, panels and tables', async ({ app, page }) => {
  test.slow();
  await app.open('/');
  await app.figures();
  const clean = async (what: string): Promise<void> => {
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`), what).toEqual([]);
  };
  await app.filter('Period').click();
  await clean('period');
  await page.keyboard.press('Escape');
  await app.moreFilters();
  await clean('filters');
  await page.keyboard.press('Escape');
  await app.table('Map');
  await app.menu('Ranking');
  await app.search.fill('hack');
  await expect(page.getByRole('option').first()).toBeVisible();
  await clean('table, menu and search');
  await page.keyboard.press('Escape');
  await app.how('Over time');
  await clean('how it is calculated');
  await app.open('/trends?metric=sessions');
  await app.figures();
  await page.getByRole('button', { name: /^Take it apart/ }).click();
  await clean('a series taken apart');
});
