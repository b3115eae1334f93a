import { describe, expect, it } from 'vitest';
import type { Provider } from '@/api/types';
import { draftOf, modelsOf, newDraft, priceOf, wrongIn } from './draft';

const provider: Provider = {
  id: 'p',
  name: 'mistral',
  kind: 'openai_compatible',
  base_url: 'https://api.example.com/v1',
  key_last_four: 'abcd',
  has_key: true,
  is_active: true,
  version: 3,
  models: [
    { id: 'm1', name: 'mistral/large', display_name: 'Large', provider_name: 'mistral', is_demo: false, input_price: 2_000_000, output_price: 6_500_000 },
    { id: 'm2', name: 'mistral/small', display_name: 'mistral/small', provider_name: 'mistral', is_demo: false, input_price: 0, output_price: 150_000 },
  ],
};

describe('a price', () => {
  it('is read with a point or a comma, and empty is free', () => {
    expect(['2.5', '2,5', '0.15', '', '1000'].map(priceOf)).toEqual([2_500_000, 2_500_000, 150_000, 0, 1_000_000_000]);
  });

  it('is nothing else', () => {
    expect(['-1', '1e3', '1.2.3', 'free', '1000.01'].map(priceOf)).toEqual([null, null, null, null, null]);
  });
});

describe('a provider in the form', () => {
  it('goes to the wire as it came', () => {
    expect(modelsOf(draftOf(provider).models)).toEqual([
      { name: 'large', display_name: 'Large', input_price: 2_000_000, output_price: 6_500_000 },
      { name: 'small', input_price: 0, output_price: 150_000 },
    ]);
  });

  it('never holds the key there is', () => expect(draftOf(provider).api_key).toBe(''));

  it('asks for the key again when the address is another', () => {
    const draft = draftOf(provider);
    expect([...wrongIn(draft, provider).fields]).toEqual([]);
    const moved = { ...draft, base_url: 'https://elsewhere.example.com/v1' };
    expect([...wrongIn(moved, provider).fields]).toEqual(['api_key']);
    expect([...wrongIn({ ...moved, api_key: 'sk-new' }, provider).fields]).toEqual([]);
  });

  it('says what is missing before anything is sent', () => {
    const { fields, lines } = wrongIn(newDraft(), null);
    expect([...fields].sort()).toEqual(['api_key', 'base_url', 'name']);
    expect([...lines.values()]).toEqual(['name']);
  });

  it('finds a model that is there twice and a price that is none', () => {
    const draft = draftOf(provider);
    const [first, second] = draft.models;
    if (!first || !second) throw new Error('the provider has two models');
    expect([...wrongIn({ ...draft, models: [first, { ...second, name: 'large' }] }, provider).lines]).toEqual([['m2', 'twice']]);
    expect([...wrongIn({ ...draft, models: [{ ...first, input_price: 'x' }, second] }, provider).lines]).toEqual([['m1', 'price']]);
  });
});
