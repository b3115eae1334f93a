// Creating something once, however often the person has to press the button.

export interface Attempt {
  headers: { 'Idempotency-Key': string };
  /** When the first try was made, in milliseconds: for what a body says about time. */
  begun: number;
}

/** Makes the request with the attempt that its values belong to. */
export type Attempts = <T>(values: unknown, request: (attempt: Attempt) => Promise<T>) => Promise<T>;

/**
 * Gives every try at creating the same thing the same key and time, so that the try after a lost answer is to the server the
 * request that it may have carried out already. Other values are another thing, and so are the same ones after a success.
 */
export function attempts(now: () => number = Date.now): Attempts {
  let last: { values: string; attempt: Attempt } | null = null;
  return async (values, request) => {
    const written = JSON.stringify(values);
    const tried = last?.values === written ? last : { values: written, attempt: { headers: { 'Idempotency-Key': crypto.randomUUID() }, begun: now() } };
    last = tried;
    const made = await request(tried.attempt);
    if (last === tried) last = null;
    return made;
  };
}
