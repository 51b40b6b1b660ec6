/** Answers from a copy of what the API answered when a report was written. It changes nothing. */
import type { Problem } from '../../api/contract/route.ts';
import { ApiError } from './api-error.ts';
import { addressOf } from './routes.ts';
import type { Source } from './source.ts';

/** Answers by address below `/api/v1`, with sorted query parameters, as `addressOf` writes them. */
export type Snapshot = Readonly<Record<string, unknown>>;

/** @param problems Why an answer is not in the copy, by its address. */
export function createSnapshotSource(snapshot: Snapshot, problems: Readonly<Record<string, Problem>> = {}): Source {
  function answerTo(address: string): unknown {
    if (Object.hasOwn(snapshot, address)) return snapshot[address];
    const problem = Object.hasOwn(problems, address) ? problems[address] : undefined;
    if (problem !== undefined) throw new ApiError(problem);
    const detail = 'This report does not have it. Open the console for what is not in the report.';
    throw new ApiError({ status: 404, title: 'Not in this report', detail });
  }

  return {
    live: false,
    get: async (path, params, { query } = {}) => answerTo(addressOf(path, params, query)) as never,
    send: async () => {
      const detail = 'A report changes nothing. Do it in the console or at a prompt.';
      throw new ApiError({ status: 405, title: 'Not in a report', detail });
    },
    etagOf: () => undefined,
    download: async (path, params, { query } = {}) =>
      new Blob([JSON.stringify(answerTo(addressOf(path, params, query)), null, 2)], { type: 'application/json' }),
  };
}
