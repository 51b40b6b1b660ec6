/** The tests that need other programs: test/acceptance/run.sh installs those, starts moto and ministack, and then the tests. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'moto',
          include: ['test/acceptance/moto/*.acceptance.ts'],
          // One moto, and switches in it that hold for everybody: who may do what.
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'console',
          include: ['test/acceptance/console/*.acceptance.ts'],
          // One build of the page, and a browser takes as much as two cores give.
          fileParallelism: false,
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'relay',
          include: ['test/acceptance/relay/*.acceptance.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'prometheus',
          include: ['test/acceptance/prometheus/*.acceptance.ts'],
          // Each file has a server of its own, over blocks that two cores take a while to write.
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 180_000,
        },
      },
      {
        test: {
          name: 'ministack',
          include: ['test/acceptance/ministack/*.acceptance.ts'],
          globalSetup: ['test/acceptance/ministack/global-setup.ts'],
          // One deployment for all files, each of which has tenants of its own.
          maxWorkers: 2,
          testTimeout: 120_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
