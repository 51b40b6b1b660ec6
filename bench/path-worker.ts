/** A thread of `bench/path.ts`: evaluates hosts that were read together hour by hour and keeps their verdicts in files. */
import { parentPort } from 'node:worker_threads';
import { evaluateInto, type VerdictTask } from './path-verdicts.ts';

parentPort?.on('message', (task: VerdictTask) => {
  evaluateInto(task);
  parentPort?.postMessage(task.files.join());
});
