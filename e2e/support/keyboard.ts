/** Going through a page as somebody does who has no mouse. */
import { expect, type Locator, type Page } from '@playwright/test';

/** Presses Tab until the focus is on what is wanted. */
export async function tabTo(page: Page, wanted: Locator): Promise<void> {
  for (let pressed = 0; pressed < 60; pressed += 1) {
    await page.keyboard.press('Tab');
    if (await wanted.evaluate((one) => one === document.activeElement)) return;
  }
  await expect(wanted, 'Tab reaches it').toBeFocused();
}
