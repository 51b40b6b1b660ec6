/** Functions that work at the same time and are killed anywhere, and a queue that delivers messages several times and in any order. */
import { setImmediate } from 'node:timers/promises';
import type { InspectionPorts } from '../../../core/inspection/inspect-regions.ts';
import type { InspectMessage } from '../../../core/model/message.ts';
import type { OpenRun } from '../../../core/model/open-run.ts';
import type { VirtualClock } from './large-region.ts';

/** What is written, in the names of the ports. A record of a run is written for several reasons, and work of two kinds. */
const WRITES = [
  ...['incidents.put', 'publisher.publish', 'results.putShard', 'results.putHead', 'work.listing', 'work.plan'],
  ...['queue.send', 'shards.put', 'runs.put', 'health.put'],
  ...['openRuns.listing', 'openRuns.planned', 'openRuns.closing', 'openRuns.closed'],
];

/** Steps at which a function is still to be killed, each once: before the write, and after it before anybody learns of it. */
export function stepsToKill(): Set<string> {
  return new Set(WRITES.flatMap((write) => [`${write} before`, `${write} after`]));
}

/** The function was ended from outside: nothing that it has begun goes on. */
export class Killed extends Error {}

export interface Scheduler {
  /** Awaited before each call: others may go on first. */
  turn(): Promise<void>;
  /** Lets whoever is drawn go on, one call after the other, until all of these have ended. */
  drive(functions: readonly Promise<void>[]): Promise<void>;
}

export function createScheduler(random: () => number): Scheduler {
  const waiting: (() => void)[] = [];
  return {
    turn: () => new Promise((resolve) => waiting.push(resolve)),
    async drive(functions) {
      let isOver = false;
      const all = Promise.all(functions).finally(() => {
        isOver = true;
      });
      // A failure is thrown below.
      all.catch(() => undefined);
      while (!isOver) {
        const [next] = waiting.splice(Math.floor(random() * waiting.length), 1);
        next?.();
        // All that follows from it without a call of its own.
        await setImmediate();
      }
      await all;
    },
  };
}

/** What may end a function. */
export interface Death {
  readonly scheduler: Scheduler;
  /** It is killed at the first of these steps that it comes to. */
  readonly steps: Set<string>;
  /** Drawn at each call. */
  isKilled(): boolean;
  isTimeUp(): boolean;
}

/** The ports of one function, and what it awaits before each request to its source. */
export function mortal(ports: InspectionPorts, { scheduler, steps, isKilled, isTimeUp }: Death) {
  let isDead = false;
  const die = (why: string): never => {
    isDead = true;
    throw new Killed(why);
  };
  const turn = async () => {
    await scheduler.turn();
    if (isDead || isTimeUp() || isKilled()) die('it was ended');
  };
  const call =
    <Given extends readonly unknown[], Result>(
      make: (...given: Given) => Promise<Result>,
      nameOf: (...given: NoInfer<Given>) => string = () => '',
    ) =>
    async (...given: Given): Promise<Result> => {
      await turn();
      const name = nameOf(...given);
      if (steps.delete(`${name} before`)) die(`before ${name}`);
      const result = await make(...given);
      if (steps.delete(`${name} after`)) die(`after ${name}`);
      if (isDead || isTimeUp()) die('it was ended');
      return result;
    };
  const list = <Given extends readonly unknown[], Item>(make: (...given: Given) => AsyncIterable<Item>) =>
    async function* (...given: Given): AsyncGenerator<Item> {
      await turn();
      yield* make(...given);
    };
  const { incidents, publisher, results, work, queue, shards, runs, health, openRuns } = ports;
  const mortalPorts: InspectionPorts = {
    ...ports,
    incidents: {
      ...incidents,
      get: call(incidents.get),
      put: call(incidents.put, () => 'incidents.put'),
      open: list(incidents.open),
    },
    publisher: { ...publisher, publish: call(publisher.publish, () => 'publisher.publish') },
    results: {
      ...results,
      putShard: call(results.putShard, () => 'results.putShard'),
      putHead: call(results.putHead, () => 'results.putHead'),
      shard: list(results.shard),
    },
    work: { get: call(work.get), put: call(work.put, (_run, name, _values) => `work.${name.split('/')[0]}`) },
    queue: { ...queue, send: call(queue.send, () => 'queue.send') },
    shards: { put: call(shards.put, () => 'shards.put'), list: list(shards.list) },
    runs: { put: call(runs.put, () => 'runs.put'), newest: call(runs.newest) },
    health: { ...health, get: call(health.get), put: call(health.put, () => 'health.put') },
    openRuns: { ...openRuns, get: call(openRuns.get), put: call(openRuns.put, recordName) },
  };
  return { ports: mortalPorts, turn };
}

function recordName({ state, closingUntil }: OpenRun, _version: number): string {
  return `openRuns.${closingUntil > 0 ? 'closing' : state}`;
}

interface Delivery {
  readonly message: InspectMessage;
  readonly notBefore: number;
}

/** A queue that delivers each message one to three times, in any order. What fails comes again after a while. */
export function createUnreliableQueue(clock: VirtualClock, random: () => number, visibilityMs: number) {
  const waiting: Delivery[] = [];
  return {
    send(message: InspectMessage): void {
      const copies = 1 + Math.floor(random() * 3);
      for (let copy = 0; copy < copies; copy++) waiting.push({ message, notBefore: clock.now });
    },
    comesAgain(message: InspectMessage): void {
      waiting.push({ message, notBefore: clock.now + visibilityMs });
    },
    /** Any message that may be delivered now; undefined where there is none. */
    receive(): InspectMessage | undefined {
      const deliverable = waiting.filter(({ notBefore }) => notBefore <= clock.now);
      const taken = deliverable[Math.floor(random() * deliverable.length)];
      if (taken === undefined) return undefined;
      waiting.splice(waiting.indexOf(taken), 1);
      return taken.message;
    },
    /** Lets time pass until the next message may be delivered. Returns whether there is one. */
    wait(): boolean {
      if (waiting.length === 0) return false;
      clock.now = Math.max(clock.now, Math.min(...waiting.map(({ notBefore }) => notBefore)));
      return true;
    },
  };
}
