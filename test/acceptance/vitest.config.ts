/**
 * The tests that build and run what is deployed or installed, and those that need other programs: test/acceptance/run.sh installs
 * those, starts moto and ministack, and then the tests. `--project local` needs neither, and runs without the script.
 */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          // Needs nothing but the packages of npm: what is built and packaged, and the command as a process.
          name: 'local',
          include: ['test/acceptance/local/*.acceptance.ts'],
          // As the tests of `npm test` have it, which run the same code.
          isolate: false,
          setupFiles: ['test/setup.ts'],
          env: { POWERTOOLS_LOG_LEVEL: 'SILENT' },
          maxWorkers: 2,
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
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
          // What is counted may still be on its way to the page.
          expect: { poll: { timeout: 10_000 } },
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
