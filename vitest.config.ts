import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/acceptance/**'],
    // The sandbox opens real sockets and some properties draw thousands of series: slow machines need room.
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
