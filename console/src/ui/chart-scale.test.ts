import { describe, expect, it } from 'vitest';
import { axisEnd } from './chart-scale';

describe('the end of an axis', () => {
  it('holds the largest value, and not much more', () => {
    for (const most of [1, 2, 3, 7, 9, 10, 11, 99, 101, 4_321, 80_001, 1e9]) {
      expect(axisEnd(most)).toBeGreaterThanOrEqual(most);
      expect(axisEnd(most)).toBeLessThanOrEqual(most * 2);
    }
  });

  it('is a short number', () => expect([3, 11, 450, 81].map(axisEnd)).toEqual([4, 20, 500, 100]));

  it('is there without any value', () => expect(axisEnd(0)).toBe(1));
});
