// What a detector, or what else finds a match, is called by people. One that this console does not know yet goes by the server's name.
import type { TFunction } from 'i18next';

const known = ['email', 'phone', 'cpf', 'cnpj', 'credit_card', 'iban', 'secret_key', 'personal_data', 'any', 'phrase', 'regex'] as const;

export function detectorName(name: string, t: TFunction): string {
  const found = known.find((one) => one === name);
  return found ? t(`detectors.${found}`) : name;
}
