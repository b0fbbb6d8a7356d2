/** Answers for intake from the mock hub of `web/dev`, so that states that are rare in a real hub can be looked at. All other addresses go to the
 * binary. It serves the sample, which takes no returns, and is said to be none. */
import type { Page, Route } from '@playwright/test';
import { MockHub } from '../../web/dev/hub';

function bodyOf(route: Route): unknown {
  try {
    return route.request().postDataJSON();
  } catch {
    return null; // The bytes of a file.
  }
}

export async function mockIntake(page: Page, empty = false): Promise<MockHub> {
  const hub = new MockHub(empty);
  await page.route('**/api/v1/**', async (route) => {
    const request = route.request();
    const reply = hub.answer(request.method(), request.url(), bodyOf(route));
    if (reply) await route.fulfill({ status: reply.status, json: reply.body });
    else await route.fallback();
  });
  const reply = await page.request.get(`${process.env['KERBWATT_URL']}/api/v1/catalogue`);
  const catalogue = (await reply.json()) as { data: object };
  const json = { ...catalogue, data: { ...catalogue.data, sample: false } };
  await page.route('**/api/v1/catalogue*', (route) => route.fulfill({ json }));
  return hub;
}
