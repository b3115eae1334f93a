import { describe, expect, it } from 'vitest';
import { placed } from './refusals';

const refused = (pointer: string) => ({ pointer, code: 'bad_format', message: `${pointer} is wrong` });

describe('what the server refused', () => {
  it('goes to the field that its pointer names', () => {
    const { at, unplaced } = placed([refused('/profile/domain')], ['/name', '/profile/domain', '/profile/timezone']);
    expect([...at.keys()]).toEqual(['/profile/domain']);
    expect(unplaced).toBeUndefined();
  });

  it('goes to the field of the list that it is an item of', () => {
    expect([...placed([refused('/allowed_addresses/0')], ['/name', '/allowed_addresses']).at.keys()]).toEqual(['/allowed_addresses']);
  });

  it('goes to the innermost of several', () => {
    expect([...placed([refused('/claims/email')], ['/claims', '/claims/email']).at.keys()]).toEqual(['/claims/email']);
  });

  it('goes to no field whose name only begins alike', () => {
    const { at, unplaced } = placed([refused('/names/0')], ['/name']);
    expect(at.size).toBe(0);
    expect(unplaced?.pointer).toBe('/names/0');
  });

  it('says the first of what is wrong with a field', () => {
    const { at } = placed([refused('/models/0/name'), refused('/models/1/name')], ['/models']);
    expect(at.get('/models')?.pointer).toBe('/models/0/name');
  });
});
