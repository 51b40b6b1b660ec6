/** The signal that a read works with. */
import { describe, expect, it } from 'vitest';
import { unlessAborted, untilConsumerStops } from '../../../adapters/reading/abort.ts';

describe('a read', () => {
  it('is aborted when its consumer stops early', async () => {
    let own: AbortSignal | undefined;
    const reading = untilConsumerStops(undefined, async function* read(signal) {
      own = signal;
      yield 1;
      yield 2;
    });

    for await (const _ of reading) {
      expect(own?.aborted).toBe(false);
      break;
    }

    expect(own?.aborted).toBe(true);
  });

  it('is aborted by the caller’s signal, with its reason', async () => {
    const caller = new AbortController();
    const reading = untilConsumerStops(caller.signal, async function* read(signal) {
      yield signal;
    });
    const { value } = await reading.next();

    caller.abort('late');

    expect(value?.reason).toBe('late');
  });
});

describe('work that cannot be cancelled', () => {
  it('gives its result when it ends in time', async () => {
    expect(await unlessAborted(Promise.resolve(1), new AbortController().signal)).toBe(1);
  });

  it.each(['before', 'while'])('is not waited for when the signal aborts %s it runs', async (when) => {
    const controller = new AbortController();
    if (when === 'before') controller.abort('late');
    const waiting = unlessAborted(new Promise(() => {}), controller.signal);

    controller.abort('late');

    await expect(waiting).rejects.toBe('late');
  });
});
