import type { Catalogue, Named, Submission } from '../api/types';

/** Operators with figures and operators whose returns wait, by name. */
export function operatorsOf({ operators }: Pick<Catalogue, 'operators'>, returns: readonly Pick<Submission, 'operator' | 'operator_name'>[]): Named[] {
  const by = new Map(operators.map((one) => [one.id, one]));
  for (const { operator, operator_name } of returns) if (!by.has(operator)) by.set(operator, { id: operator, name: operator_name });
  return [...by.values()].sort((a, b) => a.name.localeCompare(b.name, 'en-GB'));
}
