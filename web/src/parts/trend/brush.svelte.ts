/** Reading and choosing along a row of positions, by pointer or keyboard. */

/** Pixels that a pointer must travel before it draws a range. */
const START = 6;

function nearest(xs: readonly number[], px: number): number {
  let best = 0;
  xs.forEach((x, at) => {
    if (Math.abs(x - px) < Math.abs((xs[best] ?? 0) - px)) best = at;
  });
  return best;
}

/** Position of the pointer within the chart. */
function within(event: PointerEvent): number {
  return event.clientX - (event.currentTarget as Element).getBoundingClientRect().left;
}

export class Brush {
  /** Index being read, or `null`. */
  at = $state<number | null>(null);
  #from = $state<number | null>(null);
  #drawn = $state(false);
  #startPx = 0;

  /** The range being chosen, in order, or `null`. */
  range: [number, number] | null = $derived.by(() => {
    if (this.#from === null || !this.#drawn || this.at === null) return null;
    const last = this.list().length - 1;
    const [a, b] = [Math.min(this.#from, last), Math.min(this.at, last)];
    return [Math.min(a, b), Math.max(a, b)];
  });

  constructor(
    private readonly list: () => readonly unknown[],
    private readonly xs: () => readonly number[],
    private readonly choose: (from: number, to: number) => void,
  ) {}

  move = (event: PointerEvent): void => {
    const px = within(event);
    this.at = nearest(this.xs(), px);
    if (this.#from !== null && Math.abs(px - this.#startPx) > START) this.#drawn = true;
  };

  down = (event: PointerEvent): void => {
    if (event.button !== 0 || event.pointerType === 'touch') return void this.move(event);
    (event.currentTarget as Element).setPointerCapture(event.pointerId);
    this.#startPx = within(event);
    this.#from = nearest(this.xs(), this.#startPx);
    this.#drawn = false;
  };

  up = (): void => this.#finish();

  cancel = (): void => {
    this.#from = null;
    this.#drawn = false;
  };

  leave = (): void => {
    if (this.#from !== null && this.#drawn) return;
    this.cancel();
    this.at = null;
  };

  key = (event: KeyboardEvent): void => {
    const last = this.list().length - 1;
    const here = this.at ?? last;
    const to = { ArrowLeft: here - 1, ArrowRight: here + 1, ArrowDown: here - 1, ArrowUp: here + 1, PageDown: here - 12, PageUp: here + 12, Home: 0, End: last }[event.key];
    if (to !== undefined) this.#step(Math.min(last, Math.max(0, to)), here, event.shiftKey);
    else if (event.key === 'Enter') this.#finish();
    else if (event.key === 'Escape') this.cancel();
    else return;
    event.preventDefault();
  };

  #step(to: number, here: number, choosing: boolean): void {
    if (!choosing) this.cancel();
    else if (this.#from === null) [this.#from, this.#drawn] = [here, true];
    this.at = to;
  }

  #finish(): void {
    const range = this.range;
    this.cancel();
    if (range) this.choose(...range);
  }
}
