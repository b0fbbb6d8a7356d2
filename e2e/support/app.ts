/** The app as its users name its parts. */
import { expect, type Download, type Locator, type Page } from '@playwright/test';

export const CARDS = ['Map', 'Ranking', 'Over time', 'Hour by weekday', 'A typical day'] as const;

export const PATTERN_CARDS = ['A typical day', 'Hour by weekday', 'Calendar', 'Concentration', 'Kinds of use', 'Unused charge points'] as const;

export class App {
  readonly heading: Locator;
  readonly keyFigures: Locator;
  readonly breadcrumb: Locator;
  readonly search: Locator;
  readonly strip: Locator;
  readonly problem: Locator;

  constructor(readonly page: Page) {
    this.heading = page.getByRole('heading', { level: 1 });
    this.keyFigures = page.getByRole('region', { name: 'Key figures' });
    this.breadcrumb = page.getByRole('navigation', { name: 'Breadcrumb' });
    this.search = page.getByRole('combobox', { name: 'Find a place or charge point' });
    this.strip = page.getByRole('complementary', { name: 'Sample data' });
    this.problem = page.getByRole('alert');
  }

  /** Opens an address and waits until it shows what it is about. */
  async open(path: string): Promise<void> {
    await this.page.goto(path);
    await this.settled();
  }

  /** Until nothing on the screen is still on its way. */
  async settled(): Promise<void> {
    await expect(this.heading).not.toHaveText(/^(|Loading\s*|Kerbwatt is loading)$/);
    await expect(this.page.locator('[aria-busy="true"], .skeleton, .loading')).toHaveCount(0);
  }

  /** The same for a page with figures, which begins with none of them. */
  async figures(name?: string | RegExp): Promise<void> {
    if (name) await expect(this.heading).toHaveText(name);
    await expect(this.page.locator('.cards section').first()).toBeVisible();
    await this.settled();
  }

  /** The card of a chart, found by its own menu. */
  card(about: string): Locator {
    return this.page.locator('section').filter({ has: this.page.getByRole('button', { name: `More for: ${about}` }) });
  }

  async menu(about: string): Promise<Locator> {
    await this.card(about).getByRole('button', { name: `More for: ${about}` }).click();
    return this.card(about).locator('.menu');
  }

  /** Turns a chart into its table. */
  async table(about: string): Promise<Locator> {
    await (await this.menu(about)).getByRole('button', { name: 'See the table' }).click();
    return this.card(about).getByRole('region').getByRole('table');
  }

  /** Opens the explanation of a card's figures, and waits for its ledger. */
  async how(about: string): Promise<Locator> {
    await this.card(about).getByRole('button', { name: 'How is this calculated?' }).first().click();
    const dialog = this.page.getByRole('dialog', { name: 'How is this calculated?' });
    await expect(dialog.getByText(/^\s*Data version|\. Data version/)).toBeVisible();
    return dialog;
  }

  async csv(about: string): Promise<string> {
    const link = (await this.menu(about)).getByRole('link', { name: 'Download CSV' });
    const [download] = await Promise.all([this.page.waitForEvent('download'), link.click()]);
    return content(download);
  }

  /** Every key figure as its name and value: `Sessions 312,004`. */
  async values(): Promise<string[]> {
    const items = await this.keyFigures.getByRole('listitem').all();
    return Promise.all(
      items.map((item) =>
        item.evaluate((one) => `${one.querySelector('.label')?.firstChild?.textContent} ${one.querySelector('.value')?.textContent}`.replace(/\s+/g, ' ').trim()),
      ),
    );
  }

  /** The finding above each chart. */
  async titles(): Promise<string[]> {
    return this.page.getByRole('heading', { level: 2 }).allInnerTexts();
  }

  filter(purpose: 'Period' | 'Measure'): Locator {
    return this.page.getByRole('button', { name: new RegExp(`^${purpose}: `) });
  }

  removal(text: string): Locator {
    return this.page.getByRole('button', { name: `Remove filter ${text}` });
  }

  /** Opens the panel of further filters. */
  async moreFilters(): Promise<void> {
    await this.page.getByRole('button', { name: '+ Filter' }).click();
  }
}

export async function content(download: Download): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/** Texts of a table's body, row by row. */
export async function bodyOf(table: Locator): Promise<string[][]> {
  return table.locator('tbody tr').evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => (cell.textContent ?? '').trim())));
}

export async function headOf(table: Locator): Promise<string[]> {
  return table.locator('thead th').allInnerTexts();
}
