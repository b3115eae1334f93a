import { readdirSync, readFileSync } from 'node:fs';
import i18next, { type TFunction } from 'i18next';
import { describe, expect, it } from 'vitest';
import { ApiError, type FieldProblem } from '@/api/errors';
import en from '@/i18n/en.json';
import pt from '@/i18n/pt-BR.json';
import { failureText, fieldText } from './failure';
import { errorCodes, fieldCodes, said } from './failure-words';

const tables = { en, 'pt-BR': pt };
const instance = i18next.createInstance();
await instance.init({ fallbackLng: false, resources: { en: { translation: en }, 'pt-BR': { translation: pt } }, interpolation: { escapeValue: false } });
const inLanguage = (language: string): [TFunction, string] => [instance.getFixedT(language), language];

const root = new URL('../../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');
const refusal = (code: string, message = '', fields: FieldProblem[] = []) => new ApiError(422, code, message, null, null, fields);

describe('the words for a refusal', () => {
  const document = JSON.parse(read('docs/openapi.json')) as { components: { schemas: { Problem: { properties: { code: { enum: string[] } } } } } };
  const catalogue = document.components.schemas.Problem.properties.code.enum;

  it('cover every code of the API, in each language', () => {
    expect([...errorCodes].sort()).toEqual([...catalogue].sort());
    for (const [language, table] of Object.entries(tables)) for (const code of catalogue) expect(table.failure, `${language}: ${code}`).toHaveProperty(`code_${code}`);
  });

  it('cover every code that decoding a field can give', () => {
    const given = [...read('src/json/place.h').matchAll(/string_view \w+ = "(\w+)"/g)].map(([, code]) => code);
    expect(given.length).toBeGreaterThan(10);
    expect(fieldCodes).toEqual(expect.arrayContaining(given));
    for (const table of Object.values(tables)) for (const code of fieldCodes) expect(table.failure).toHaveProperty(`${code}_field`);
  });

  it('know what the server says by what it says today', () => {
    const sources = readdirSync(new URL('src', root), { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.cpp'));
    // Literals that stand one after another are one.
    const written = sources.map((file) => read(`src/${file}`).replace(/"\s*\n\s*"/g, '')).join('\n');
    expect(Object.keys(said).filter((text) => !written.includes(text))).toEqual([]);
  });

  it('are never the server’s English in Portuguese, where the code is known', () => {
    const [t, language] = inLanguage('pt-BR');
    for (const code of errorCodes) expect(failureText(refusal(code, 'Server’s English'), t, language)).toBe(pt.failure[`code_${code}`]);
    for (const code of fieldCodes) expect(fieldText({ pointer: '/name', code, message: 'server’s English' }, t, language)).toBe(pt.failure[`${code}_field`]);
  });

  it('are the server’s in English where it says something in particular', () => {
    const [t, language] = inLanguage('en');
    expect(failureText(refusal('conflict', 'Only its owner pins a chat'), t, language)).toBe('Only its owner pins a chat');
    expect(failureText(refusal('conflict'), t, language)).toBe(en.failure.code_conflict);
    expect(failureText(refusal('forbidden', 'This needs the permission chats_read'), t, language)).toBe(en.failure.code_forbidden);
    expect(failureText(refusal('overloaded', 'A database does not answer'), t, language)).toBe(en.failure.code_overloaded);
    expect(fieldText({ pointer: '/name', code: 'too_long', message: 'must have at most 120 characters' }, t, language)).toBe('must have at most 120 characters');
  });

  it('say in both languages what the server adds to a code', () => {
    const wrong = refusal('validation_failed', 'one field is not valid', [{ pointer: '/created_for_email', code: 'unknown', message: "is no active member's address" }]);
    expect(failureText(wrong, ...inLanguage('en'))).toBe(en.failure.said_no_member);
    expect(failureText(wrong, ...inLanguage('pt-BR'))).toBe(pt.failure.said_no_member);
  });

  it('are the server’s for what is newer than this console, and never nothing', () => {
    const [t, language] = inLanguage('pt-BR');
    expect(failureText(refusal('a_new_code', 'Something new'), t, language)).toBe('Something new');
    expect(failureText(refusal('a_new_code'), t, language)).toBe(pt.failure.unexpected);
    expect(failureText(new Error('of the browser'), t, language)).toBe(pt.failure.unexpected);
    expect(failureText(new ApiError(0, 'unreachable', '', null, null), t, language)).toBe(pt.failure.unreachable);
  });
});
