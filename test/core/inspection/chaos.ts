/** Functions that are killed at every step, and a queue that delivers messages several times and in any order. */
import type { InspectionPorts } from '../../../core/inspection/inspect-regions.ts';
import type { InspectMessage } from '../../../core/model/message.ts';
import type { OpenRun } from '../../../core/model/open-run.ts';
import type { VirtualClock } from './large-region.ts';

/** What is written, in the names of the ports. A record of a run is written for several reasons. */
const WRITES = [
  ...['incidents.put', 'publisher.publish', 'results.putShard', 'results.putHead', 'work.put', 'queue.send'],
  ...['shards.put', 'runs.put', 'health.put', 'openRuns.listing', 'openRuns.planned', 'openRuns.closed'],
];

/** The function was ended from outside: nothing that it has begun goes on. */
export class Killed extends Error {}

/** Steps at which a function is still to be killed, each once: before the write, and after it before anybody learns of it. */
export function stepsToKill(): Set<string> {
  return new Set(WRITES.flatMap((write) => [`${write} before`, `${write} after`]));
}

/** The ports of one function, which is killed at the first of these steps that it comes to, or when its time is up. */
export function mortal(ports: InspectionPorts, steps: Set<string>, isTimeUp: () => boolean): InspectionPorts {
  let isDead = false;
  const die = (why: string): never => {
    isDead = true;
    throw new Killed(why);
  };
  const requireAlive = () => {
    if (isDead || isTimeUp()) die('it was ended');
  };
  const guarded = <Arguments extends readonly unknown[], Result>(
    nameOf: (...given: NoInfer<Arguments>) => string,
    write: (...given: Arguments) => Promise<Result>,
  ) => {
    return async (...given: Arguments): Promise<Result> => {
      requireAlive();
      const name = nameOf(...given);
      if (steps.delete(`${name} before`)) die(`before ${name}`);
      const result = await write(...given);
      if (steps.delete(`${name} after`)) die(`after ${name}`);
      requireAlive();
      return result;
    };
  };
  const { incidents, publisher, results, work, queue, shards, runs, health, openRuns } = ports;
  const recordName = ({ state }: OpenRun, _version: number) => `openRuns.${state}`;
  return {
    ...ports,
    incidents: { ...incidents, put: guarded(() => 'incidents.put', incidents.put) },
    publisher: { ...publisher, publish: guarded(() => 'publisher.publish', publisher.publish) },
    results: {
      ...results,
      putShard: guarded(() => 'results.putShard', results.putShard),
      putHead: guarded(() => 'results.putHead', results.putHead),
    },
    work: { ...work, put: guarded(() => 'work.put', work.put) },
    queue: { ...queue, send: guarded(() => 'queue.send', queue.send) },
    shards: { ...shards, put: guarded(() => 'shards.put', shards.put) },
    runs: { ...runs, put: guarded(() => 'runs.put', runs.put) },
    health: { ...health, put: guarded(() => 'health.put', health.put) },
    openRuns: { ...openRuns, put: guarded(recordName, openRuns.put) },
  };
}

interface Delivery {
  readonly message: InspectMessage;
  readonly notBefore: number;
}

/** A queue that delivers each message one to three times, in any order. What fails comes again after a while. */
export function createUnreliableQueue(clock: VirtualClock, random: () => number, visibilityMs: number) {
  const waiting: Delivery[] = [];
  const take = (deliverable: readonly Delivery[]): InspectMessage | undefined => {
    const taken = deliverable[Math.floor(random() * deliverable.length)];
    if (taken === undefined) return undefined;
    waiting.splice(waiting.indexOf(taken), 1);
    return taken.message;
  };
  return {
    send(message: InspectMessage): void {
      const copies = 1 + Math.floor(random() * 3);
      for (let copy = 0; copy < copies; copy++) waiting.push({ message, notBefore: clock.now });
    },
    comesAgain(message: InspectMessage): void {
      waiting.push({ message, notBefore: clock.now + visibilityMs });
    },
    /** Any message that may be delivered; where none may yet, the clock goes on to the next. Undefined where there is none at all. */
    receive(): InspectMessage | undefined {
      const next = Math.min(...waiting.map(({ notBefore }) => notBefore));
      if (waiting.length > 0) clock.now = Math.max(clock.now, next);
      return take(waiting.filter(({ notBefore }) => notBefore <= clock.now));
    },
  };
}
