/** The one dialog that says how a figure is calculated. It is fetched when first asked for. */
import type { Component } from 'svelte';
import { router } from './url/router.svelte';

export interface Question {
  /** The figure or chart, as its heading has it. */
  about: string;
  metric: string;
  /** Address of the answer below the API: its place, days and filters are those of the denominator. */
  path: string;
  /** How a chart is made beyond its metric, sentence by sentence. */
  method: readonly string[];
}

interface DialogProps extends Record<string, unknown> {
  question: Question;
  onclose: () => void;
}

class How {
  question = $state.raw<Question | null>(null);
  dialog = $state.raw<Component<DialogProps> | null>(null);

  ask = (question: Question): void => void this.#open(question);

  close = (): void => void (this.question = null);

  async #open(question: Question): Promise<void> {
    try {
      this.dialog ??= (await import('../parts/how/HowDialog.svelte')).default;
      this.question = question;
    } catch {
      // The server was updated or is gone; the definition may still be in the page that is loaded.
      router.go(`/methods#${question.metric}`);
    }
  }
}

export const how = new How();
