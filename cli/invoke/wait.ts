/** Waits until every expected region of a request is answered. */
import { answeredRegions, expectedRegions } from '../../core/inspection/request-progress.ts';
import { type InspectionResult, outcomeOfAll, refusedResult } from '../../core/model/inspection-result.ts';
import { PlimsollError } from '../../core/ports/errors.ts';
import type { LoggedRequest, RequestKey, RequestLog } from '../../core/ports/request-log.ts';
import type { Terminal } from '../terminal.ts';

/** Milliseconds between two looks at the log. */
const EVERY_MS = 2_000;

/** Looks after which nothing more is expected: half an hour, in which a message is delivered again once. */
const MOST_LOOKS = 900;

export type Pause = (ms: number) => Promise<unknown>;

/** The results did not come. They may still: the request is not withdrawn. */
class NoResultError extends PlimsollError {}

/** Throws `NoResultError` where results are missing after half an hour, and `StoreError`. */
export async function waitForResult(
  key: RequestKey,
  log: RequestLog,
  terminal: Terminal,
  pause: Pause,
): Promise<InspectionResult> {
  let progress = 'nothing was dispatched';
  for (let look = 0; look < MOST_LOOKS; look++) {
    const logged = await log.read(key);
    const result = logged && resultOf(key, logged);
    if (result) return result;
    if (logged?.dispatched) {
      progress = `${answeredRegions(logged).length} of ${expectedRegions(logged).size} regions are done`;
      terminal.progress(`inspecting … ${progress}`);
    } else {
      terminal.progress('waiting for the request to be dispatched …');
    }
    await pause(EVERY_MS);
  }
  const minutes = (MOST_LOOKS * EVERY_MS) / 60_000;
  throw new NoResultError(
    `Request ${key.id} is not answered after ${minutes} minutes: ${progress}.\nLook into the dead-letter queues and the functions’ logs; --id ${key.id} --wait goes on waiting.`,
  );
}

/** Undefined while something is missing. */
function resultOf({ tenant, id }: RequestKey, logged: LoggedRequest): InspectionResult | undefined {
  const { dispatched } = logged;
  if (dispatched === undefined) return undefined;
  if (dispatched.outcome !== 'dispatched') {
    return refusedResult(dispatched.reason ?? 'no reason was stored', { id, tenant, outcome: dispatched.outcome });
  }
  const regions = answeredRegions(logged);
  if (regions.length < expectedRegions(logged).size) return undefined;
  const { setAside } = dispatched;
  const outcome = outcomeOfAll(regions, setAside);
  return { version: 1, id, tenant, outcome, reason: null, setAside, regions };
}
