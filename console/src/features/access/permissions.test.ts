import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { permissionNames } from './permissions';

it('every permission that an operation asks for can be asked about, once', () => {
  const document = JSON.parse(readFileSync(new URL('../../../../docs/openapi.json', import.meta.url), 'utf8')) as { paths: Record<string, Record<string, { 'x-permission'?: string }>> };
  const needed = Object.values(document.paths).flatMap((path) => Object.values(path).flatMap((operation) => operation['x-permission'] ?? []));
  expect(permissionNames).toEqual(expect.arrayContaining([...new Set(needed)]));
  expect(new Set(permissionNames).size).toBe(permissionNames.length);
});
