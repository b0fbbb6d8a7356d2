import { readFileSync } from 'node:fs';
import openapiTS, { astToString } from 'openapi-typescript';
import { expect, test } from 'vitest';

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');

test('the types are those of the server’s description; if not, run `npm run types`', async () => {
  const document: unknown = JSON.parse(read('../../../openapi.json'));
  const made = astToString(await openapiTS(document as Parameters<typeof openapiTS>[0]));
  expect(withoutHead(read('./schema.ts'))).toBe(withoutHead(made));
});

/** The command line adds a comment that says not to edit the file. */
function withoutHead(text: string): string {
  return text.slice(text.indexOf('export interface paths')).trim();
}
