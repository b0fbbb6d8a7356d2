import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

// `npm run dev` shows the app with a running `kerbwatt serve` behind it.
const api = process.env['KERBWATT_API'] ?? 'http://127.0.0.1:8060';

export default defineConfig({
  plugins: [svelte()],
  build: {
    target: 'es2022',
    // The binary embeds this folder whole, so it holds nothing that is not served.
    assetsInlineLimit: 0,
    sourcemap: false,
  },
  server: { proxy: { '/api': api, '/health': api } },
  test: { include: ['src/**/*.test.ts'] },
});
