/** A thread of `bench/detector.ts`: series in, the detections of every run out. */
import { parentPort } from 'node:worker_threads';
import { runAll, type Task } from './detector-runs.ts';

parentPort?.on('message', (task: Task) => parentPort?.postMessage(runAll(task)));
