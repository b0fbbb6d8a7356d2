import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';
import { mockIntake } from './dev/plugin';

// `npm run dev` shows the app with a running `kerbwatt serve` behind it.
const api = process.env['KERBWATT_API'] ?? 'http://127.0.0.1:8060';
// KERBWATT_MOCK=1 answers for intake itself, so that its screens can be worked on with any server.
const mock = process.env['KERBWATT_MOCK'] === '1';

export default defineConfig({
  plugins: [svelte(), ...(mock ? [mockIntake()] : [])],
  build: {
    target: 'es2022',
    // The binary embeds this folder whole, so it holds nothing that is not served.
    assetsInlineLimit: 0,
    sourcemap: false,
  },
  server: { proxy: { '/api': api, '/health': api } },
  test: { include: ['src/**/*.test.ts'] },
});
