/** Who grew on a host, with curves. Pure. */
import { comparedUsage } from '../detector/attribute.ts';
import { consumerKey } from '../detector/usage.ts';
import { collectionText, REMAINDER_MEANINGS, unattributedText } from '../messages/attribution.ts';
import { clip } from '../messages/plain-text.ts';
import { type Contribution, contributionCodec } from '../model/attribution.ts';
import {
  type ConsumerMemory,
  type Curve,
  FAILURE_LENGTH,
  type HostAttribution,
  MOST_POINTS,
} from '../model/host-memory.ts';
import { encoded, isoText } from '../model/notation.ts';
import type { Consumer, Series, Window } from '../model/series.ts';
import type { Evidence } from '../model/verdict.ts';
import type { WhoGrew } from './attribute-leaks.ts';
import { thinCurve } from './thin-curve.ts';

export function attributionOf(
  host: Series,
  evidence: Evidence,
  { attribution, consumers }: Pick<WhoGrew, 'attribution' | 'consumers'>,
): HostAttribution {
  if (attribution.kind === 'unattributed') {
    const message = clip(unattributedText(attribution), FAILURE_LENGTH);
    return { kind: 'unattributed', reason: attribution.reason, message };
  }
  const { window, basis, rise, consumers: compared, grown, largest, unexplained } = attribution;
  const curveOf = curvesOf(host, evidence, consumers);
  const written = (one: Contribution) => consumerMemory(one, curveOf(one.consumer));
  return {
    kind: 'attributed',
    window: { start: isoText(window.start), end: isoText(window.end) },
    basis,
    rise,
    consumers: compared,
    grown: grown.map(written),
    largest: largest.map(written),
    unexplained: unexplained && { ...unexplained, message: REMAINDER_MEANINGS[unexplained.remainder] },
  };
}

function consumerMemory(contribution: Contribution, curve: Curve | null): ConsumerMemory {
  const {
    consumer,
    collectedFrom: _from,
    collectedUntil: _until,
    ...figures
  } = encoded(contributionCodec, contribution);
  const { kind, name, namespace = null } = consumer;
  return { kind, name, namespace, ...figures, note: collectionText(contribution), curve };
}

/** The curves by consumer: what the ends were compared of. */
function curvesOf(host: Series, evidence: Evidence, series: readonly Series[]): (consumer: Consumer) => Curve | null {
  const inBytes = series.filter(({ unit, consumer }) => unit === 'By' && consumer !== undefined);
  const usage = comparedUsage(host, evidence, inBytes);
  const { times, periodMs } = usage;
  const window: Window = { start: times[0] ?? 0, end: (times.at(-1) ?? 0) + periodMs };
  const bytesByKey = new Map(usage.consumers.map(({ consumer, bytes }) => [consumerKey(consumer), bytes]));
  return (consumer) => {
    const values = bytesByKey.get(consumerKey(consumer));
    return values === undefined ? null : thinCurve({ window, periodMs, times, values }, MOST_POINTS, 'mean');
  };
}
