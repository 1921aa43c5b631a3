import { defineConfig } from 'vitest/config';

/** The page in a real browser against a real server: one after the other, because both are heavy. */
export default defineConfig({
  test: {
    include: ['e2e/**/*.test.ts'],
    globalSetup: ['e2e/setup.ts'],
    environment: 'node',
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // a state is waited for as long as a busy machine may take
    expect: { poll: { timeout: 20_000 } },
  },
});
