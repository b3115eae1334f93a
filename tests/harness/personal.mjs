// Personal data for tests: valid, and nobody's.
import { randomInt } from 'node:crypto';

/** A CPF with good check digits, `529.982.247-25`; never one that begins with a zero, so that it is a number too. */
export function cpf() {
  const digits = [randomInt(1, 10), ...Array.from({ length: 8 }, () => randomInt(10))];
  for (const first of [10, 11]) {
    const sum = digits.reduce((total, digit, i) => total + digit * (first - i), 0);
    digits.push((sum * 10) % 11 % 10);
  }
  const text = digits.join('');
  return `${text.slice(0, 3)}.${text.slice(3, 6)}.${text.slice(6, 9)}-${text.slice(9)}`;
}

export const digitsOf = (text) => text.replace(/\D/g, '');
export const canary = (label) => `canary${label}${randomInt(2 ** 47).toString(36)}${randomInt(2 ** 47).toString(36)}`;
