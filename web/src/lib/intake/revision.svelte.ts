/** Counts what was decided or sent from this window, so that whatever may have changed by it is asked for anew. */
class Revision {
  #count = $state(0);
  /** The return that somebody else decided about while a decision was made here; `null` where none was, or another was made since. */
  overtaken = $state<number | null>(null);

  /** Part of the key of every request about returns. */
  get now(): number {
    return this.#count;
  }

  /** To be called after each change. */
  bump(): void {
    this.#count += 1;
  }
}

/** Said of a return that was overtaken. */
export const MEANWHILE = 'It was decided meanwhile: this is how it stands now.';

export const revision = new Revision();
