/**
 * Runs around each test file. Files share a process, so that the vendors' clients are loaded once, but neither its environment
 * nor the state of our own modules: a function keeps its connections while it is warm.
 */
import { afterAll, vi } from 'vitest';

const before = { ...process.env };

afterAll(() => {
  vi.unstubAllEnvs();
  for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
  Object.assign(process.env, before);
  vi.resetModules();
});
