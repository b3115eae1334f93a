// A mock upstream as a provider of an organization.
import { randomUUID } from 'node:crypto';

export const behaviours = ['echo', 'fails', 'busy', 'refuses', 'slow', 'cuts', 'parts', 'says'];

/** Adds it through the API and waits for it to be in force. Callers ask for `${name}/echo` and so on. */
export async function addProvider(admin, mock, { name = 'mock', apiKey = `sk-mock-${randomUUID()}` } = {}) {
  const models = behaviours.map((each) => ({ name: each, input_price: 1_000_000, output_price: 2_000_000 }));
  const made = await admin.expect(201, 'POST', '/api/providers', { body: { name, base_url: mock.url, api_key: apiKey, models } });
  return { ...made, apiKey };
}
