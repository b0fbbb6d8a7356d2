/** Months as a person picks them, and operators as a person names them. */

const isMonth = (text: string): boolean => /^\d{4}-(0[1-9]|1[0-2])$/.test(text);

/** Which of two month fields is at fault where something is wrong with them: what cannot be read, else the first where both are empty, else the last. */
export function wrongMonths(first: string, last: string): { first: boolean; last: boolean } {
  const unread = { first: first !== '' && !isMonth(first), last: last !== '' && !isMonth(last) };
  if (unread.first || unread.last) return unread;
  const none = first === '' && last === '';
  return { first: none, last: !none };
}

/** What two month fields say: a period for the API, nothing, or what is wrong. */
export function pickedPeriod(first: string, last: string): { period: string | null; wrong: string | null } {
  if (first === '' && last === '') return { period: null, wrong: null };
  const [from, to] = [first || last, last || first];
  if (![from, to].every(isMonth)) return { period: null, wrong: 'Write months as 2025-10.' };
  if (from > to) return { period: null, wrong: 'The last month lies before the first.' };
  return { period: from === to ? from : `${from}..${to}`, wrong: null };
}

/** What is wrong with an operator's id, or nothing. */
export function wrongOperator(id: string): string | null {
  if (/^[a-z]{2}-[a-z0-9]{2,12}$/i.test(id.trim())) return null;
  return 'Write the id as country and party: gb-xyz.';
}
