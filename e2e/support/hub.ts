/** A hub of a test file's own, so that what is decided in it changes nothing that other tests look at. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run, start, type Server } from './server';
import { test } from './test';

/** Serves a data folder while the tests of a file run, `fill`ed before them and gone after them. */
export function ownHub(name: string, fill: (data: string, file: (name: string, text: string) => string) => void): { readonly url: string } {
  let folder: string;
  let server: Server;
  test.beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), `kerbwatt-${name}-`));
    const data = join(folder, 'data');
    fill(data, (file, text) => {
      const path = join(folder, file);
      writeFileSync(path, text);
      return path;
    });
    server = await start(60_000, 'serve', '--data', data);
  });
  test.afterAll(async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    get url() {
      return server.url;
    },
  };
}

/** Depot Charging, with one session of February. */
export function firstOfDepot(data: string, file: (name: string, text: string) => string): void {
  const first = file('first.csv', 'evse,plug_in,plug_out,energy_kwh\nA1,2024-02-02T08:00:00Z,2024-02-02T09:00:00Z,7\n');
  run('submit', first, '--data', data, '--operator', 'gb-dep', '--operator-name', 'Depot Charging', '--accept');
}
