/**
 * What a contract suite is: the promises of a port as data. A test runs them against every adapter, and against adapters
 * that lie on purpose, to prove that each lie is caught.
 */
import { it } from 'vitest';

/** One promise. `verify` throws where it is broken; it may be run beside others on the same store, so its tenants are its own. */
export interface Check<Subject> {
  readonly message: string;
  verify(subject: Subject): Promise<void>;
}

/** Makes a test of every promise. `start` is called once for each. */
export function itKeeps<Subject>(checks: readonly Check<Subject>[], start: () => Subject | Promise<Subject>): void {
  for (const { message, verify } of checks) it(message, async () => verify(await start()));
}

/** The promises that a subject breaks. */
export async function brokenPromises<Subject>(
  checks: readonly Check<Subject>[],
  start: () => Subject | Promise<Subject>,
): Promise<string[]> {
  const broken: string[] = [];
  for (const { message, verify } of checks) {
    const kept = await verify(await start()).then(
      () => true,
      () => false,
    );
    if (!kept) broken.push(message);
  }
  return broken;
}
