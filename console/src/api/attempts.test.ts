import { describe, expect, it } from 'vitest';
import { attempts } from './attempts';

describe('attempts at creating something', () => {
  it('keep key and time while the values stay the same', () => {
    let clock = 1;
    const attempt = attempts(() => clock++);
    const first = attempt({ name: 'a' });
    expect(attempt({ name: 'a' })).toEqual(first);
    expect(first.begun).toBe(1);
  });

  it('are others when the values are', () => {
    const attempt = attempts();
    const first = attempt({ name: 'a' });
    expect(attempt({ name: 'b' }).headers).not.toEqual(first.headers);
  });

  it('are others in another form', () => {
    expect(attempts()('a').headers).not.toEqual(attempts()('a').headers);
  });
});
