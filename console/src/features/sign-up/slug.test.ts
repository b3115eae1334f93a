import { expect, test } from 'vitest';
import { slugOf } from './slug';

test('a short name has letters, digits and single hyphens', () => {
  expect(slugOf('Ação & Filhos Ltda.')).toBe('acao-filhos-ltda');
  expect(slugOf('  --Initech 2000-- ')).toBe('initech-2000');
  expect(slugOf('日本')).toBe('');
  expect(slugOf(`${'a'.repeat(62)} b`)).toBe('a'.repeat(62));
});
