/** Facts of a charge point in an officer's words. */
import type { Catalogue, Connector, Evse } from '../api/types';
import { formatDay } from '../format/period';
import { valueName } from './names';

/** By the ids of OCPI, and by those of Kerbwatt's own register layout. */
const STANDARDS: Record<string, string> = {
  type2: 'Type 2 socket',
  ccs: 'CCS',
  chademo: 'CHAdeMO',
  IEC_62196_T2: 'Type 2 socket',
  IEC_62196_T2_COMBO: 'CCS',
  IEC_62196_T1: 'Type 1',
  CHADEMO: 'CHAdeMO',
  DOMESTIC_G: 'Three-pin socket',
};

/** `22 kW` */
export function power(kw: number | null | undefined): string {
  return typeof kw === 'number' ? `${Number(kw.toFixed(1))} kW` : 'power unknown';
}

const CURRENTS: Record<string, string> = { ac1: 'AC', ac3: 'AC, three-phase', dc: 'DC' };

/** `CCS, DC, 50 kW`; of several connectors only the standards are known, `CCS`. */
export function connectorText({ standard, current, rated_kw }: Connector): string {
  const name = standard ? (STANDARDS[standard] ?? standard.replaceAll('_', ' ')) : 'Connector';
  return [name, current ? (CURRENTS[current.toLowerCase()] ?? current.toUpperCase()) : '', rated_kw === null ? '' : power(rated_kw)].filter(Boolean).join(', ');
}

export function connectorsText(evse: Evse): string {
  return evse.connectors.length === 0 ? 'Not in the register' : evse.connectors.map(connectorText).join(' · ');
}

/** `50 kW (50 to 149 kW)` */
export function powerText(evse: Evse, catalogue: Catalogue): string {
  const band = valueName(catalogue, 'band', evse.band);
  return evse.rated_kw === null ? band : `${power(evse.rated_kw)} (${band})`;
}

/** `since 1 Jun 2023`, `1 Jun 2023 to 4 Feb 2025` */
export function lifeText({ commissioned, decommissioned }: Evse): string {
  const from = commissioned ? formatDay(commissioned.slice(0, 10)) : null;
  const to = decommissioned ? formatDay(decommissioned.slice(0, 10)) : null;
  if (to) return `${from ?? 'Not known'} to ${to}`;
  return from ? `since ${from}` : 'Not known';
}
