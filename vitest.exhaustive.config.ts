import { defineConfig } from 'vitest/config';

/** What takes too long for every day: `npm run test:exhaustive`. */
export default defineConfig({
  test: {
    include: ['test/**/*.exhaustive.test.ts'],
    globalSetup: ['test/global-setup.ts'],
    reporters: ['default'],
    maxWorkers: '100%',
    testTimeout: 1_800_000,
    hookTimeout: 60_000,
  },
});
