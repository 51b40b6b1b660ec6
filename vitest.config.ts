import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/acceptance/**'],
    // What the functions log is for their operators; a test that is about a log reads it.
    env: { POWERTOOLS_LOG_LEVEL: 'SILENT' },
    // The sandbox opens real sockets and some properties draw thousands of series: slow machines need room.
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
