/** Counts what was decided or sent from this window, so that whatever may have changed by it is asked for anew. */
class Revision {
  #count = $state(0);

  /** Part of the key of every request about returns. */
  get now(): number {
    return this.#count;
  }

  /** To be called after each change. */
  bump(): void {
    this.#count += 1;
  }
}

export const revision = new Revision();
