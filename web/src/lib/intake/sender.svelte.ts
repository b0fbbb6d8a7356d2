import { pickedPeriod, wrongOperator } from './period';
import type { Sender } from './upload';

/** The choice in the list of operators that opens the fields for another. */
export const NEW = '+';

/** Who sends, and for when, while it is being filled in. */
export class SenderDraft {
  operator = $state('');
  newId = $state('');
  newName = $state('');
  first = $state('');
  last = $state('');
  /** Whether to say what is wrong: not before the first attempt. */
  tried = $state(false);

  get isNew(): boolean {
    return this.operator === NEW;
  }

  get wrongOperator(): string | null {
    if (this.operator === '') return 'Choose the operator.';
    return this.isNew ? wrongOperator(this.newId) : null;
  }

  get wrongName(): string | null {
    return this.isNew && this.newName.trim() === '' ? 'Write the operator’s name.' : null;
  }

  get period(): { period: string | null; wrong: string | null } {
    return pickedPeriod(this.first, this.last);
  }

  /** Begins with what is known: who is to send, and for which month. */
  begin(operator: string, month: string): void {
    this.operator = operator;
    this.first = month;
    this.last = '';
    this.tried = false;
  }

  /** Makes ready for the next files: the same operator, but most likely another period. */
  next(): void {
    this.first = '';
    this.last = '';
    this.tried = false;
  }

  /** The sender, or `null` where something is wrong or missing. */
  take(needsPeriod = false): Sender | null {
    this.tried = true;
    const { period, wrong } = this.period;
    if (this.wrongOperator || this.wrongName || wrong || (needsPeriod && period === null)) return null;
    return this.isNew ? { operator: this.newId.trim().toLowerCase(), operatorName: this.newName.trim(), period } : { operator: this.operator, operatorName: null, period };
  }
}
