/** The tests that need moto: test/acceptance/run.sh starts it and then them. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/acceptance/**/*.acceptance.ts'],
    // One moto, and switches in it that hold for everybody: who may do what.
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
