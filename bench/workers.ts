/** Spreads tasks over worker threads: each thread takes the next task when it has finished one. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/**
 * Runs `script` in `jobs` threads. A thread answers each message, a task, with one message, its result; `done` is called
 * with both in the order in which they come. Rejects with the first error of a thread, and ends the others.
 */
export async function inWorkers<Task, Result>(
  script: URL,
  jobs: number,
  tasks: readonly Task[],
  done: (result: Result, task: Task) => void,
): Promise<void> {
  const workers = Array.from({ length: Math.min(jobs, tasks.length) }, () => new Worker(script));
  const queue = tasks.values();
  try {
    await Promise.all(workers.map((worker) => takeAll(worker, queue, done)));
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

async function takeAll<Task, Result>(
  worker: Worker,
  queue: Iterable<Task>,
  done: (result: Result, task: Task) => void,
): Promise<void> {
  for (const task of queue) {
    const answer: Promise<[Result]> = answerOf(worker);
    worker.postMessage(task);
    const [result] = await answer;
    done(result, task);
  }
}

/** Rejects with an error that the thread did not catch. */
async function answerOf<Result>(worker: Worker): Promise<[Result]> {
  const [result]: Result[] = await once(worker, 'message');
  if (result === undefined) throw new Error('a worker answered nothing');
  return [result];
}
