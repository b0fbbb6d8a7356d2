import { defineConfig } from '@playwright/test';

/** Debian's Chromium: no browser is downloaded. Chromium's sandbox refuses to run as root. */
const root = process.getuid?.() === 0;

export default defineConfig({
  testDir: 'tests',
  outputDir: 'results/traces',
  globalSetup: './support/setup.ts',
  fullyParallel: true,
  workers: 2,
  retries: 0,
  forbidOnly: Boolean(process.env['CI']),
  timeout: 60_000,
  expect: { timeout: 15_000 },
  // The list ends with the counts that .ci/total.awk adds up.
  reporter: 'list',
  use: {
    browserName: 'chromium',
    viewport: { width: 1280, height: 900 },
    locale: 'en-GB',
    timezoneId: 'Europe/London',
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: process.env['KERBWATT_CHROMIUM'] || undefined,
      args: root ? ['--no-sandbox'] : [],
    },
  },
});
