/** Before all tests: a sample London that is served, and a folder whose only return waits for a decision. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run, start } from './server';

const SAMPLE_WITHIN_MS = 10 * 60_000;
const SERVE_WITHIN_MS = 60_000;

const WAITING = `session_id,evse,device,connector,plug_in,plug_out,charging_end,energy_kwh,fee_pence,driver
a1,bay-1,,1,2026-01-05T08:00:00Z,2026-01-05T10:30:00Z,,14.2,640,
a2,bay-1,,1,2026-01-06T19:00:00Z,2026-01-07T06:10:00Z,,31.75,1400,
`;

/** Returns what ends it all; the tests read the addresses from the environment. */
export default async function setup(): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'kerbwatt-e2e-'));
  // While tests are written, KERBWATT_E2E_DATA keeps the sample from one run to the next.
  const sample = process.env['KERBWATT_E2E_DATA'] || join(folder, 'sample');
  const demo = await start(SAMPLE_WITHIN_MS, 'demo', '--size', 'small', '--data', sample);
  const empty = await start(SERVE_WITHIN_MS, 'serve', '--data', withoutFigures(folder));
  process.env['KERBWATT_URL'] = demo.url;
  process.env['KERBWATT_SAMPLE'] = sample;
  process.env['KERBWATT_EMPTY_URL'] = empty.url;
  return async () => {
    const ends = await Promise.allSettled([demo.stop(), empty.stop()]);
    rmSync(folder, { recursive: true, force: true });
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
  };
}

/** Submits a return without accepting it. */
function withoutFigures(folder: string): string {
  const file = join(folder, 'waiting.csv');
  const data = join(folder, 'empty');
  writeFileSync(file, WAITING);
  run('submit', file, '--data', data, '--operator', 'gb-xyz', '--operator-name', 'Example Charging', '--period', '2026-01');
  return data;
}
