/** One sandbox for the tests of a file: starting one takes longer than most reads in it. */
import { afterAll } from 'vitest';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';
import type { Host } from '../../sandbox/scenario/fleet.ts';
import { aFleet } from './small-fleets.ts';

/** Gives the sandbox of a fleet, without the faults of the test before. For tests that change nothing else in it. */
export function sharedSandbox(...hosts: readonly Host[]): () => Promise<Sandbox> {
  let started: Promise<Sandbox> | undefined;
  afterAll(async () => (await started)?.close());
  return async () => {
    started ??= startSandbox({ fleet: aFleet(...hosts) });
    const sandbox = await started;
    sandbox.liftFaults();
    return sandbox;
  };
}
