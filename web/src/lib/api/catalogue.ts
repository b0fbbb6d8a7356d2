import { createContext } from 'svelte';
import type { Catalogue } from './types';

const [read, provide] = createContext<() => Catalogue>();

/** Hands the catalogue to every component below. */
export const provideCatalogue = provide;

/** The catalogue of metrics, operators, levels and the state of the data. */
export function useCatalogue(): Catalogue {
  return read()();
}
