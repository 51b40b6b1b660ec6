/** A thread of `bench/path.ts`: evaluates a series hour by hour and keeps its verdicts in a file. */
import { parentPort } from 'node:worker_threads';
import { evaluateInto, type VerdictTask } from './path-verdicts.ts';

parentPort?.on('message', (task: VerdictTask) => {
  evaluateInto(task);
  parentPort?.postMessage(task.file);
});
