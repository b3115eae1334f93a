import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import en from './en.json';
import pt from './pt-BR.json';

const source = join(import.meta.dirname, '..');
const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.tsx?$/.test(file) && !/\.(test|d)\.ts$/.test(file))
  .map((file) => ({ file, text: readFileSync(join(source, file), 'utf8') }));

function flatten(value: object, prefix = ''): Map<string, string> {
  return new Map(Object.entries(value).flatMap(([key, inner]: [string, unknown]) => (typeof inner === 'string' ? [[prefix + key, inner] as const] : [...flatten(inner as object, `${prefix}${key}.`)])));
}

const plural = /_(one|many|other)$/;
const strings = { en: flatten(en), 'pt-BR': flatten(pt) };
const names = (language: keyof typeof strings) => [...new Set([...strings[language].keys()].map((key) => key.replace(plural, '')))].sort();
const holes = (text: string) => [...text.matchAll(/\{\{?(\w+)\}?\}/g)].map(([hole]) => hole).sort();

describe('the languages', () => {
  it('have the same strings', () => expect(names('pt-BR')).toEqual(names('en')));

  it('have every plural form that they need', () => {
    for (const [language, table] of Object.entries(strings)) {
      const categories = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
      const counted = names(language as keyof typeof strings).filter((name) => !table.has(name));
      for (const name of counted) for (const category of categories) expect(table.has(`${name}_${category}`), `${language}: ${name}_${category}`).toBe(true);
    }
  });

  it('leave no string empty and name the same values in each', () => {
    for (const [key, text] of strings.en) {
      expect(text.trim(), key).not.toBe('');
      const other = strings['pt-BR'].get(key);
      expect(other?.trim(), key).not.toBe('');
      if (other !== undefined) expect(holes(other), key).toEqual(holes(text));
    }
  });
});

/** Every literal or template that could name a string; a template's holes match anything. */
function named(text: string, file: string): RegExp[] {
  const found: RegExp[] = [];
  const escape = (part: string) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) found.push(new RegExp(`^${escape(node.text)}$`));
    if (ts.isTemplateExpression(node)) found.push(new RegExp(`^${escape(node.head.text)}${node.templateSpans.map((span) => `.+${escape(span.literal.text)}`).join('')}$`));
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX));
  return found.filter(({ source: pattern }) => /^\^\w+\\\./.test(pattern));
}

/** Words a reader would see that are not from a table: texts in JSX, and attributes that are read out. */
function hardCoded(text: string, file: string): string[] {
  const found: string[] = [];
  const spoken = new Set(['label', 'title', 'placeholder', 'alt', 'aria-label', 'description', 'hint', 'action']);
  const words = /\p{L}{2,}/u;
  const visit = (node: ts.Node): void => {
    if (ts.isJsxText(node) && words.test(node.text)) found.push(node.text.trim());
    if (ts.isJsxAttribute(node) && spoken.has(node.name.getText()) && node.initializer && ts.isStringLiteral(node.initializer) && words.test(node.initializer.text)) found.push(node.initializer.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX));
  return found;
}

describe('the source', () => {
  it('uses every string', () => {
    const patterns = files.flatMap(({ file, text }) => named(text, file));
    const unused = names('en').filter((name) => !patterns.some((pattern) => pattern.test(name)));
    expect(unused).toEqual([]);
  });

  it('shows no words that are not in the tables', () => {
    // Not words of a language: the prefixes and dots in front of a key's last characters, and examples of names.
    const neutral = new Set(['gh_…', 'ghd_…', 'openai', 'https://api.openai.com/v1', 'TXT', 'acme.example', 'gpt-5-mini', 'GPT-5 mini', '#3498db']);
    const found = files.filter(({ file }) => file.endsWith('.tsx')).flatMap(({ file, text }) => hardCoded(text, file).filter((words) => !neutral.has(words)).map((words) => `${file}: ${words}`));
    expect(found).toEqual([]);
  });
});
