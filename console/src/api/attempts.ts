// Creating something once, however often the person has to press the button.

export interface Attempt {
  headers: { 'Idempotency-Key': string };
  /** When the first try was made, in milliseconds: for what a body says about time. */
  begun: number;
}

/**
 * Gives every try at creating the same thing the same key and time, so that the try after a lost answer is to the server the
 * request that it may have carried out already. Other values are another thing.
 */
export function attempts(now: () => number = Date.now): (values: unknown) => Attempt {
  let last: { values: string; attempt: Attempt } | null = null;
  return (values) => {
    const written = JSON.stringify(values);
    if (last?.values !== written) last = { values: written, attempt: { headers: { 'Idempotency-Key': crypto.randomUUID() }, begun: now() } };
    return last.attempt;
  };
}
