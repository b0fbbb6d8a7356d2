import { test as base } from '@playwright/test';
import { Api, findPlaces, type Places } from './api';
import { App } from './app';

interface Tools {
  api: Api;
  app: App;
}

interface Shared {
  places: Places;
}

function served(): string {
  const url = process.env['KERBWATT_URL'];
  if (!url) throw new Error('the setup did not run');
  return url;
}

/** A test that also fails when the page throws, or is refused something by its own security policy. */
export const test = base.extend<Tools, Shared>({
  baseURL: async ({}, use) => use(served()),
  app: async ({ page }, use) => {
    const thrown: string[] = [];
    page.on('pageerror', (error) => thrown.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error' && /Content Security Policy|Uncaught/.test(message.text())) thrown.push(message.text());
    });
    await use(new App(page));
    if (thrown.length > 0) throw new Error(`the page threw: ${thrown.join('; ')}`);
  },
  api: async ({ request }, use) => use(new Api(request, served())),
  places: [
    async ({ playwright }, use) => {
      const request = await playwright.request.newContext();
      await use(await findPlaces(new Api(request, served())));
      await request.dispose();
    },
    { scope: 'worker' },
  ],
});

export { expect } from '@playwright/test';

/** Every screen by name and address. */
export function screens(places: Places): [string, string][] {
  return [
    ['overview', '/'],
    ['borough', places.borough],
    ['neighbourhood', places.cell],
    ['site', places.site],
    ['charge point', places.evse],
    ['patterns', '/patterns'],
    ['figures', '/figures?by=borough,power_band'],
    ['trends', '/trends'],
    ['borough patterns', `${places.borough}/patterns?metric=sessions&level=location`],
    ['charge point trends', `${places.evse}/trends`],
    ['data', '/data'],
    ['return', '/data/1'],
    ['methods', '/methods'],
    ['about', '/about'],
  ];
}
