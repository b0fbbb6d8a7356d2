/** Runs the binary that is tested. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

export interface Server {
  url: string;
  /** Ends it as Ctrl+C would, and throws when it does not end well. */
  stop: () => Promise<void>;
}

const READY = /^Kerbwatt is ready: (http:\/\/\S+)$/m;
const STOP_WITHIN_MS = 15_000;

export function binary(): string {
  const path = process.env['KERBWATT_BIN'];
  if (!path) throw new Error('KERBWATT_BIN is not set: run `make e2e`, or set it to the path of the kerbwatt binary');
  return path;
}

/** Runs a command that ends by itself, and returns what it printed. */
export function run(...args: string[]): string {
  const { status, stdout, stderr, error } = spawnSync(binary(), args, { encoding: 'utf8' });
  if (error) throw error;
  if (status !== 0) throw new Error(`kerbwatt ${args.join(' ')} ended with ${status}: ${stderr}`);
  return stdout;
}

/** Starts `demo` or `serve` on a free port, and waits until it says that it answers. */
export async function start(withinMs: number, ...args: string[]): Promise<Server> {
  const child = spawn(binary(), [...args, '--port', '0'], { stdio: ['ignore', 'pipe', 'pipe'] });
  try {
    return { url: await address(child, withinMs), stop: () => stop(child) };
  } catch (cause) {
    child.kill('SIGKILL');
    throw cause;
  }
}

function address(child: ChildProcess, withinMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    const timer = setTimeout(() => reject(new Error(`not ready within ${withinMs / 1000} s: ${said}`)), withinMs);
    const listen = (chunk: Buffer): void => {
      said += chunk.toString();
      const url = READY.exec(said)?.[1];
      if (!url) return;
      clearTimeout(timer);
      resolve(url);
    };
    child.stdout?.on('data', listen);
    child.stderr?.on('data', listen);
    child.once('error', reject);
    child.once('exit', (code) => {
      clearTimeout(timer);
      reject(new Error(`ended with ${code} before it was ready: ${said}`));
    });
  });
}

async function stop(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
  child.kill('SIGTERM');
  const [code, signal] = (await ended) as [number | null, string | null];
  clearTimeout(timer);
  if (code !== 0) throw new Error(`SIGTERM should end it with 0, but it ended with ${code ?? signal}`);
}
