import { describe, expect, it } from 'vitest';
import { inWorkers } from '../../bench/workers.ts';

function script(body: string): URL {
  return new URL(`data:text/javascript,import { parentPort } from 'node:worker_threads'; ${body}`);
}

describe('worker threads', () => {
  it('answer every task once', async () => {
    const answers = new Map<number, number>();

    await inWorkers<number, number>(
      script("parentPort.on('message', (task) => parentPort.postMessage(task * 2));"),
      3,
      [1, 2, 3, 4, 5, 6, 7],
      (answer, task) => answers.set(task, answer),
    );

    expect([...answers].toSorted(([a], [b]) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7].map((task) => [task, task * 2]));
  });

  it('reject with the error of one, and end the others', async () => {
    const failing = script(
      "parentPort.on('message', (task) => { if (task === 2) throw new Error('two'); parentPort.postMessage(task); });",
    );

    const run = inWorkers<number, number>(failing, 2, [1, 2, 3, 4], () => {});

    await expect(run).rejects.toThrow('two');
  });

  it('are not needed where there is nothing to do', async () => {
    await expect(inWorkers<number, number>(script(''), 2, [], () => {})).resolves.toBeUndefined();
  });
});
