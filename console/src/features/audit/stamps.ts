// The classification stamps that a payload carries, wherever in it they stand.
import type { Stamp } from '@/api/types';
import { stamps } from '@/features/policies/stamp-name';

export function stampsIn(payload: unknown): Stamp[] {
  const found = new Set<unknown>();
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [name, inner] of Object.entries(value)) {
      if (name === 'stamps' && Array.isArray(inner)) for (const stamp of inner) found.add(stamp);
      else visit(inner);
    }
  };
  visit(payload);
  return stamps.filter((stamp) => found.has(stamp));
}
