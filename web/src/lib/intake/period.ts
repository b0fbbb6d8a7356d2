/** Months as a person picks them, and operators as a person names them. */

/** What two month fields say: a period for the API, nothing, or what is wrong. */
export function pickedPeriod(first: string, last: string): { period: string | null; wrong: string | null } {
  if (first === '' && last === '') return { period: null, wrong: null };
  const [from, to] = [first || last, last || first];
  if (![from, to].every((month) => /^\d{4}-(0[1-9]|1[0-2])$/.test(month))) return { period: null, wrong: 'Write months as 2025-10.' };
  if (from > to) return { period: null, wrong: 'The last month lies before the first.' };
  return { period: from === to ? from : `${from}..${to}`, wrong: null };
}

/** What is wrong with an operator's id, or nothing. */
export function wrongOperator(id: string): string | null {
  if (/^[a-z]{2}-[a-z0-9]{2,12}$/i.test(id.trim())) return null;
  return 'Write the id as country and party: gb-xyz.';
}
