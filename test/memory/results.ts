/**
 * The stores of results and of work in memory. What is kept is a copy, as it would be read back. Lines are read back once, however
 * many readers they have: their schema freezes them, so that none can change another's.
 */
import * as z from 'zod';
import type { Json } from '../../core/model/json.ts';
import { type ResultLine, resultLineSchema } from '../../core/model/result-line.ts';
import { runHeadSchema } from '../../core/model/run-head.ts';
import { type RunRef, runName } from '../../core/model/run-ref.ts';
import type { ResultsStore } from '../../core/ports/results-store.ts';
import type { WorkStore } from '../../core/ports/work-store.ts';

export function createMemoryResultsStore(): ResultsStore {
  const shards = new Map<string, () => readonly ResultLine[]>();
  const heads = new Map<string, string>();
  const linesSchema = z.array(resultLineSchema);
  return {
    async putShard(run, shard, lines) {
      const written = JSON.stringify(z.encode(linesSchema, [...lines]));
      let read: readonly ResultLine[] | undefined;
      shards.set(keyOf(run, shard), () => (read ??= linesSchema.parse(JSON.parse(written))));
    },
    async *shard(run, shard) {
      yield* shards.get(keyOf(run, shard))?.() ?? [];
    },
    async putHead(run, head) {
      heads.set(keyOf(run), JSON.stringify(z.encode(runHeadSchema, head)));
    },
    async head(run) {
      const kept = heads.get(keyOf(run));
      return kept === undefined ? undefined : runHeadSchema.parse(JSON.parse(kept));
    },
  };
}

export function createMemoryWorkStore(): WorkStore {
  const kept = new Map<string, string>();
  const listSchema = z.array(z.custom<Json>());
  return {
    async put(run, name, values) {
      kept.set(keyOf(run, name), JSON.stringify(values));
    },
    async get(run, name) {
      const values = kept.get(keyOf(run, name));
      return values === undefined ? undefined : listSchema.parse(JSON.parse(values));
    },
  };
}

function keyOf(run: RunRef, name: number | string = ''): string {
  const { tenant, scope } = run;
  return JSON.stringify([tenant, scope.provider, scope.account, scope.region, runName(run), name]);
}
