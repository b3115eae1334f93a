// A provider as the form holds it, with prices in dollars, and as the wire wants it, with prices in microdollars.
import type { Provider, ProviderDraft } from '@/api/types';

export interface ModelLine {
  id: string;
  name: string;
  display_name: string;
  input_price: string;
  output_price: string;
}

export interface Draft {
  name: string;
  base_url: string;
  api_key: string;
  models: ModelLine[];
}

const microdollars = 1_000_000;
const highestPrice = 1000;

export function emptyLine(): ModelLine {
  return { id: crypto.randomUUID(), name: '', display_name: '', input_price: '', output_price: '' };
}

export function newDraft(): Draft {
  return { name: '', base_url: 'https://', api_key: '', models: [emptyLine()] };
}

/** The name that the provider knows the model by: callers put the provider's before it. */
export function upstreamName(provider: Provider, model: string): string {
  return model.startsWith(`${provider.name}/`) ? model.slice(provider.name.length + 1) : model;
}

const inDollars = (price: number): string => (price === 0 ? '' : String(price / microdollars));

export function draftOf(provider: Provider): Draft {
  return {
    name: provider.name,
    base_url: provider.base_url,
    api_key: '',
    models: provider.models.map((model) => ({
      id: model.id,
      name: upstreamName(provider, model.name),
      display_name: model.display_name === model.name ? '' : model.display_name,
      input_price: inDollars(model.input_price),
      output_price: inDollars(model.output_price),
    })),
  };
}

/** Dollars as typed, with a point or a comma, as microdollars; null for anything else. Empty is free. */
export function priceOf(typed: string): number | null {
  const text = typed.trim().replace(',', '.');
  if (text === '') return 0;
  if (!/^\d+(\.\d*)?$/.test(text)) return null;
  const dollars = Number(text);
  return dollars <= highestPrice ? Math.round(dollars * microdollars) : null;
}

export function modelsOf(lines: readonly ModelLine[]): ProviderDraft['models'] {
  return lines.map(({ name, display_name, input_price, output_price }) => ({
    name: name.trim(),
    ...(display_name.trim() ? { display_name: display_name.trim() } : {}),
    input_price: priceOf(input_price) ?? 0,
    output_price: priceOf(output_price) ?? 0,
  }));
}

export type Wrong = 'name' | 'reserved' | 'base_url' | 'api_key' | 'models';

/** A new provider's key, and a known one's again when its address is another: the stored one goes to none but its own. */
export function needsKey(draft: Draft, provider: Provider | null): boolean {
  return provider === null || (provider.has_key && draft.base_url.trim() !== provider.base_url);
}

/** What the form can tell is not right yet, by field; for models, by line. */
export function wrongIn(draft: Draft, provider: Provider | null): { fields: ReadonlySet<Wrong>; lines: ReadonlyMap<string, 'name' | 'twice' | 'price'> } {
  const fields = new Set<Wrong>();
  if (provider === null) {
    if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(draft.name)) fields.add('name');
    if (draft.name === 'demo') fields.add('reserved');
  }
  if (needsKey(draft, provider) && !/^[!-~]+$/.test(draft.api_key)) fields.add('api_key');
  if (!/^https?:\/\/[^\s/]+/.test(draft.base_url)) fields.add('base_url');
  if (draft.models.length === 0) fields.add('models');
  const lines = new Map<string, 'name' | 'twice' | 'price'>();
  const names = new Set<string>();
  for (const line of draft.models) {
    const name = line.name.trim();
    if (!/^[!-~]+$/.test(name)) lines.set(line.id, 'name');
    else if (names.has(name)) lines.set(line.id, 'twice');
    else if (priceOf(line.input_price) === null || priceOf(line.output_price) === null) lines.set(line.id, 'price');
    names.add(name);
  }
  return { fields, lines };
}
