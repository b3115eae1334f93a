// One bundle split by route, served under a content security policy without inline script or style.
import { fileURLToPath } from 'node:url';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

const source = fileURLToPath(new URL('./src', import.meta.url));

// Where `npm run dev` finds a running server.
const server = process.env['GATEHOUSE_URL'] ?? 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [react(), tailwindcss()],
  resolve: {
    alias: {
      '@': source,
      // The library locks scrolling by injecting a <style> element, which the policy forbids.
      'react-remove-scroll': `${source}/ui/scroll-lock.tsx`,
    },
  },
  build: { target: 'es2023', assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  server: { host: '127.0.0.1', proxy: { '/api': server, '/v1': server, '/docs': server } },
  test: { include: ['src/**/*.test.ts'] },
  preview: { host: '127.0.0.1', proxy: { '/api': server } },
});
