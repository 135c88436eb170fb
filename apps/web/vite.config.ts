import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const api = `http://127.0.0.1:${process.env.API_PORT ?? '4400'}`;

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), tailwindcss()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    // light-dark() and nested CSS are kept as they are; every engine of the last two years knows them.
    target: ['chrome123', 'firefox128', 'safari17.5'],
    // A data: URI would need its own exception in the content security policy.
    assetsInlineLimit: 0,
    rolldownOptions: {
      output: {
        codeSplitting: {
          // What changes with our releases and what changes with our dependencies are cached apart. Only what the first
          // screen needs anyway is named here: everything else falls into the chunk of the route that asks for it.
          groups: [
            {
              name: 'ground',
              test: /web\/src\/(lib\/(?!live-stream)[^/]+|paths|ui\/(button|kbd|tooltip|status-mark|field|skeleton-rows))\.tsx?$|lucide-react\/dist\/esm\/(createLucideIcon|Icon|context|defaultAttributes|shared)/,
              includeDependenciesRecursively: false,
            },
            { name: 'react', test: /node_modules\/(react|react-dom|scheduler)\// },
            { name: 'data', test: /node_modules\/(@tanstack\/(react-)?(query|router|store|history)|@trpc)/ },
          ],
        },
      },
    },
  },
  server: {
    port: 4401,
    strictPort: true,
    proxy: Object.fromEntries(['/trpc', '/api', '/v1'].map((path) => [path, { target: api, changeOrigin: false }])),
  },
});
