/** Whether a page can be used by everybody, as far as a program can tell. */
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

/** No rule is off, and none is broken; `what` says of what state of the page. */
export async function clean(page: Page, what: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`), what).toEqual([]);
}
