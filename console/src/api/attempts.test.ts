import { describe, expect, it } from 'vitest';
import { attempts, type Attempt } from './attempts';

const lost = (attempt: Attempt): Promise<never> => Promise.reject(new Error(attempt.headers['Idempotency-Key']));
const keyOfLost = (tried: Promise<unknown>) => tried.then(() => '', (failure: unknown) => (failure as Error).message);
const succeeds = (attempt: Attempt) => Promise.resolve(attempt);

describe('attempts at creating something', () => {
  it('keep key and time while the values stay the same and no answer came', async () => {
    let clock = 1;
    const attempt = attempts(() => clock++);
    const first = await keyOfLost(attempt({ name: 'a' }, lost));
    const second = await attempt({ name: 'a' }, succeeds);
    expect(second).toEqual({ headers: { 'Idempotency-Key': first }, begun: 1 });
  });

  it('are others when the values are', async () => {
    const attempt = attempts();
    const first = await keyOfLost(attempt({ name: 'a' }, lost));
    expect(await keyOfLost(attempt({ name: 'b' }, lost))).not.toBe(first);
  });

  it('are others after a success, with the same values too', async () => {
    let clock = 1;
    const attempt = attempts(() => clock++);
    const first = await attempt('a', succeeds);
    const second = await attempt('a', succeeds);
    expect(second.headers).not.toEqual(first.headers);
    expect(second.begun).toBe(2);
  });

  it('are not forgotten for the success of another', async () => {
    const attempt = attempts();
    let finish: () => void = () => undefined;
    const slow = attempt('a', () => new Promise<void>((resolve) => (finish = resolve)));
    const first = await keyOfLost(attempt('b', lost));
    finish();
    await slow;
    expect(await keyOfLost(attempt('b', lost))).toBe(first);
  });

  it('are others in another form', async () => {
    expect((await attempts()('a', succeeds)).headers).not.toEqual((await attempts()('a', succeeds)).headers);
  });
});
