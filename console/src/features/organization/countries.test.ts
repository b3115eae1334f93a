import { describe, expect, it } from 'vitest';
import { countriesIn } from './countries';

describe('the countries', () => {
  it('are those of ISO 3166-1, each once and by name', () => {
    const all = countriesIn('en');
    expect(all).toHaveLength(249);
    expect(new Set(all.map(({ code }) => code)).size).toBe(249);
    expect(all.filter(({ code, name }) => !/^[A-Z]{2}$/.test(code) || name === code)).toEqual([]);
    expect(all.some(({ code }) => code === 'ZZ')).toBe(false);
  });

  it('are named and ordered in the reader’s language', () => {
    const all = countriesIn('pt-BR');
    expect(all.find(({ code }) => code === 'DE')?.name).toBe('Alemanha');
    expect(all.findIndex(({ code }) => code === 'DE')).toBeLessThan(all.findIndex(({ code }) => code === 'BR'));
  });
});
