/** What is true of the consumers of a sandbox's host, computed apart from any cloud's endpoint. */
import type { MeanSpan } from '../../core/ports/memory-source.ts';
import { consumersOf } from '../../sandbox/scenario/consumers.ts';
import type { Host } from '../../sandbox/scenario/fleet.ts';
import { MINUTE } from '../fixtures/builders.ts';

/** Mean bytes in the first period of a span, by name: what is sampled each minute. */
export function consumersTruth(host: Host, { window, periodMs }: MeanSpan): Record<string, number> {
  const minutes = Array.from({ length: periodMs / MINUTE }, (_, minute) => window.start + minute * MINUTE);
  return Object.fromEntries(
    consumersOf(host).map(({ name, bytes }) => [
      name,
      minutes.reduce((sum, time) => sum + bytes(time), 0) / minutes.length,
    ]),
  );
}
