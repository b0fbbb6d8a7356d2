import { asApiError, type ApiError } from '../api/client';
import type { SubmitResult } from '../api/intake-types';
import { count, number } from '../format/number';
import { live } from '../live.svelte';
import { revision } from './revision.svelte';
import { upload, uploadPath, type Sender } from './upload';

export type Stage = 'waiting' | 'sending' | 'checking' | 'done' | 'failed';

/** One file on its way. */
export class Sending {
  stage = $state<Stage>('waiting');
  /** Share sent, 0..1. */
  share = $state(0);
  results = $state.raw<SubmitResult[]>([]);
  error = $state.raw<ApiError | null>(null);

  constructor(
    readonly file: File,
    readonly sender: Sender,
    readonly checkOnly: boolean,
  ) {}

  /** Sends it; again after a failure, which is safe: the same bytes are the same return. */
  async run(signal: AbortSignal): Promise<void> {
    this.stage = 'sending';
    this.error = null;
    try {
      this.results = await upload(uploadPath(this.file.name, this.sender, this.checkOnly), this.file, (share) => this.#moved(share), signal);
      this.stage = 'done';
    } catch (cause) {
      this.error = signal.aborted ? null : asApiError(cause);
      this.stage = signal.aborted ? 'waiting' : 'failed';
    }
  }

  #moved(share: number): void {
    this.share = share;
    if (share === 1) this.stage = 'checking';
  }
}

/** What became of files, in a sentence: one that was refused is not called checked. */
export function became(files: readonly Pick<Sending, 'stage' | 'results'>[]): string {
  const failed = files.filter(({ stage }) => stage === 'failed').length;
  if (failed > 0) return `${number(failed)} of ${count(files.length, 'file')} could not be sent`;
  const unread = files.filter(({ results }) => results.some(({ error, report }) => error && !report)).length;
  const all = files.length === 1 ? 'The file' : files.length === 2 ? 'Both files' : `All ${number(files.length)} files`;
  if (unread === 0) return `${all} ${files.length === 1 ? 'is' : 'are'} checked`;
  return unread === files.length ? `${all} could not be read whole` : `${number(unread)} of ${count(files.length, 'file')} could not be read whole, the others are checked`;
}

/** Files sent from this window, one after the other. They stay listed until they are cleared, also while other screens are open. */
export class Queue {
  list = $state<Sending[]>([]);
  /** Files chosen and not sent yet. */
  chosen = $state.raw<File[]>([]);
  #abort: AbortController | null = $state.raw(null);
  #stopping = $state(false);

  get busy(): boolean {
    return this.#abort !== null;
  }

  /** Whether there is anything to stop: bytes under way, or files that are to follow. What has arrived whole is kept. */
  get stoppable(): boolean {
    return this.busy && !this.#stopping && this.list.some(({ stage }) => stage === 'sending' || stage === 'waiting');
  }

  /** Whoever closes the window while files are on their way, wait or failed is asked first: they would be lost with it. */
  #ask = (event: Event): void => event.preventDefault();

  #guard(): void {
    if (this.busy || this.list.some(({ stage }) => stage !== 'done')) globalThis.addEventListener?.('beforeunload', this.#ask);
    else globalThis.removeEventListener?.('beforeunload', this.#ask);
  }

  /** Puts files on top of the list and sends whatever waits. What was sent, failed or waits stays listed. */
  add(files: readonly File[], sender: Sender, checkOnly: boolean): Promise<void> {
    this.list = [...files.map((file) => new Sending(file, sender, checkOnly)), ...this.list];
    return this.#send('waiting');
  }

  /** Sends whatever waits or failed. */
  run(): Promise<void> {
    return this.#send('waiting', 'failed');
  }

  async #send(...stages: Stage[]): Promise<void> {
    if (this.#abort) return;
    const abort = (this.#abort = new AbortController());
    this.#stopping = false;
    this.#guard();
    const todo = this.list.filter(({ stage }) => stages.includes(stage));
    for (const one of todo) {
      if (this.#stopping) break;
      live.say(`Sending ${one.file.name}`);
      await one.run(abort.signal);
      if (one.error?.code === 'offline') break;
    }
    this.#abort = null;
    this.#guard();
    live.say(this.#stopping ? 'Stopped' : became(todo));
    // Also of a file whose sending broke the hub may have all.
    if (todo.some(({ checkOnly }) => !checkOnly)) revision.bump();
  }

  /** Sends no more. A file that has arrived whole is kept whatever is done here, so its answer is waited for. */
  stop(): void {
    this.#stopping = true;
    if (!this.list.some(({ stage }) => stage === 'checking')) this.#abort?.abort();
  }

  /** Takes files that were sent off the list. One that was not stays until it is left out by name. */
  clear(): void {
    this.list = this.list.filter(({ stage }) => stage !== 'done');
  }

  /** Leaves out one file that waits or failed. */
  leave(one: Sending): void {
    this.list = this.list.filter((other) => other !== one);
    this.#guard();
  }
}

/** Files not chosen yet. The same file chosen again is one, another of the same name and size is not. */
export function newAmong(kept: readonly File[], chosen: Iterable<File>): File[] {
  return [...chosen].filter((one) => !kept.some(({ name, size, lastModified }) => name === one.name && size === one.size && lastModified === one.lastModified));
}

export const queue = new Queue();
