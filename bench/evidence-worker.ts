/** A thread of `bench/evidence.ts`: hosts that were read together in, their flags by row out. */
import { parentPort } from 'node:worker_threads';
import { type EvidenceTask, evaluatedRows } from './evidence-rows.ts';

parentPort?.on('message', (task: EvidenceTask) => parentPort?.postMessage(evaluatedRows(task)));
