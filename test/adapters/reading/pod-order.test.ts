/** Which pods of a host are read. */
import { describe, expect, it } from 'vitest';
import { newestFirst, podsRead } from '../../../adapters/reading/pod-order.ts';

function aPod(pod: string, atEnd: boolean, hourBefore: boolean, at = 0) {
  return { namespace: 'shop', container: 'api', pod, presence: { atEnd, hourBefore }, at };
}

describe('the pods of a host', () => {
  it('are in order of their age, the newest of a rollout first and the one that went last before the others', () => {
    const pods = [
      aPod('a-gone-long-ago', false, false, 1),
      aPod('b-gone', false, false, 2),
      aPod('c-just-replaced', false, true, 3),
      aPod('d-live', true, true, Number.POSITIVE_INFINITY),
      aPod('e-started', true, false, Number.POSITIVE_INFINITY),
    ];

    expect(newestFirst(pods, ({ at }) => at)).toEqual(pods.toReversed());
  });

  it('are 32 at the most, and a label states how many are left out', () => {
    const pods = Array.from({ length: 35 }, (_, index) => `pod-${index}`);

    expect(podsRead(pods)).toEqual({ pods: pods.slice(0, 32), labels: { 'plimsoll.pods_left_out': '3' } });
    expect(podsRead(['a', 'a', 'b'])).toEqual({ pods: ['a', 'b'], labels: {} });
  });
});
