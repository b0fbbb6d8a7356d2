/** What the tests ask the API themselves, to compare the screen with it and to find places. */
import { expect, type APIRequestContext } from '@playwright/test';

export type Row = Record<string, string | number | null>;

export interface Catalogue {
  metrics: { id: string; name: string; short_name: string; format: string }[];
  bands: { id: string; name: string }[];
  operators: { id: string; name: string }[];
  levels: { id: string; count: number }[];
  data: { hub_name: string; first_day: string; last_day: string; sample: boolean };
  default_period: { from: string; to: string };
}

export class Api {
  constructor(
    private readonly request: APIRequestContext,
    private readonly url: string,
  ) {}

  async get<T>(path: string): Promise<T> {
    const response = await this.request.get(`${this.url}/api/v1${path}`);
    expect(response.status(), `${path}: ${await response.text()}`).toBe(200);
    return (await response.json()) as T;
  }

  async catalogue(): Promise<Catalogue> {
    return this.get<Catalogue>('/catalogue');
  }

  /** Rows of an answer over the period that the screens begin with. */
  async rows(endpoint: string, parameters: Record<string, string>): Promise<Row[]> {
    const { from, to } = (await this.catalogue()).default_period;
    const query = new URLSearchParams({ from, to, ...parameters });
    return (await this.get<{ rows: Row[] }>(`/${endpoint}?${query}`)).rows;
  }

  /** Code of the row with most sessions within a filter. */
  async busiest(by: string, within: Record<string, string> = {}): Promise<string> {
    const rows = await this.rows('ranking', { metric: 'sessions', by, limit: '5', ...within });
    const code = rows.map((row) => row[by]).find((one) => typeof one === 'string' && one !== '');
    if (typeof code !== 'string') throw new Error(`no ${by} with sessions within ${JSON.stringify(within)}`);
    return code;
  }
}

/** One place of each kind, each within the one before, and the address of its page. */
export interface Places {
  borough: string;
  cell: string;
  site: string;
  evse: string;
}

export async function findPlaces(api: Api): Promise<Places> {
  const borough = await api.busiest('borough');
  const cell = await api.busiest('cell', { borough });
  const site = await api.busiest('location', { cell });
  const evse = await api.busiest('evse', { location: site });
  const path = (kind: string, code: string): string => `/${kind}/${encodeURIComponent(code)}`;
  return { borough: path('borough', borough), cell: path('cell', cell), site: path('site', site), evse: path('evse', evse) };
}
