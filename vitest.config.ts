import { defineConfig } from 'vitest/config';

/**
 * How long a test or a hook may take before it counts as hanging. No test measures speed by it: most take milliseconds, and
 * the heaviest (packaging the service, an inspection of every simulated account) some ten seconds alone on two cores. Eight
 * busy processes beside them make that five to ten times as long. `--testTimeout` gives slower machines more.
 */
const TIMEOUT_MS = 180_000;

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/acceptance/**'],
    // Files of one worker share the vendors' modules: loading the clients of three clouds for each file takes longer than its tests.
    isolate: false,
    setupFiles: ['test/setup.ts'],
    // By default one core is left free, which on two cores is half of them.
    maxWorkers: '100%',
    // What the functions log is for their operators; a test that is about a log reads it.
    env: { POWERTOOLS_LOG_LEVEL: 'SILENT' },
    testTimeout: TIMEOUT_MS,
    hookTimeout: TIMEOUT_MS,
  },
});
