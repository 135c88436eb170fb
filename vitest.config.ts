import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'api',
          include: ['apps/api/**/*.test.ts', 'prisma/**/*.test.ts', 'docs/**/*.test.ts'],
          globalSetup: ['apps/api/src/testing/vitest-setup.ts'],
          testTimeout: 20_000,
          hookTimeout: 30_000,
        },
      },
      {
        test: { name: 'psp-sandbox', include: ['apps/psp-sandbox/**/*.test.ts'], testTimeout: 20_000 },
      },
      {
        test: { name: 'web', include: ['apps/web/**/*.test.{ts,tsx}'], testTimeout: 20_000 },
      },
    ],
  },
});
