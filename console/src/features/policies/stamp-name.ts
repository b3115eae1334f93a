// A classification stamp with what it stands for, as records and decisions carry only its code.
import type { TFunction } from 'i18next';
import type { Stamp } from '@/api/types';

export const stamps: readonly Stamp[] = ['PII', 'FIN', 'COF'];

export function stampName(stamp: Stamp, t: TFunction): string {
  return t('stamps.named', { code: stamp, meaning: t(`stamps.${stamp}`) });
}
