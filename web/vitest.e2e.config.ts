import { defineConfig } from 'vitest/config';

/** The page in a real browser against a real server: one after the other, because both are heavy. */
export default defineConfig({
  test: {
    include: ['e2e/**/*.test.ts'],
    globalSetup: ['e2e/setup.ts'],
    environment: 'node',
    fileParallelism: false,
    // a state is waited for as long as a busy machine may take, and a test has time for many
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 60_000 } },
  },
});
