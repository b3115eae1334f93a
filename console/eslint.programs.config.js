// For what Node runs outside of the console: tests/, bench/ and scripts/. `./dev lint` calls it at the top of the tree.
import js from '@eslint/js';
import { defineConfig } from 'eslint/config';

const readonly = false;
const node = {
  AbortController: readonly, AbortSignal: readonly, Buffer: readonly, Response: readonly, TextDecoder: readonly,
  TextEncoder: readonly, URL: readonly, URLSearchParams: readonly, clearInterval: readonly, clearTimeout: readonly,
  console: readonly, fetch: readonly, performance: readonly, process: readonly, setImmediate: readonly,
  setInterval: readonly, setTimeout: readonly, structuredClone: readonly,
};
// For functions that a browser runs for the end-to-end tests.
const page = {
  document: readonly, getComputedStyle: readonly, indexedDB: readonly, localStorage: readonly, location: readonly,
  navigator: readonly, window: readonly,
};

export default defineConfig(
  { ignores: ['**/node_modules/'] },
  js.configs.recommended,
  {
    languageOptions: { globals: node },
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-unused-vars': ['error', { ignoreRestSiblings: true, varsIgnorePattern: '^_$' }],
      'no-var': 'error',
      'prefer-const': 'error',
    },
  },
  { files: ['tests/e2e/**'], languageOptions: { globals: page } },
);
