/** Where the curve comes from, and how the read of the cloud goes. */
import { useEffect, useState } from 'preact/hooks';
import type { HostMemoryView } from '../../../api/contract/hosts.ts';
import type { HostView } from '../../../api/contract/places.ts';
import { counted, formatUsd } from '../../../core/messages/units.ts';
import { Text } from '../../components/text.tsx';
import { Moment } from '../../components/time.tsx';
import { type Read, useSource } from '../../data/use-answer.ts';

const CLOUDS: Readonly<Record<HostView['provider'], string>> = {
  aws: 'AWS',
  gcp: 'Google Cloud',
  azure: 'Azure',
  local: 'the trace file',
  prometheus: 'Prometheus',
  otlp: 'what hosts sent',
};

interface ReadStateProps {
  readonly memory: Read<HostMemoryView>;
  readonly provider: HostView['provider'];
  readonly hasCurve: boolean;
}

/** One line that keeps its room: the page does not move when the read is done. */
export function ReadState({ memory, provider, hasCurve }: ReadStateProps) {
  const { live } = useSource();
  const cloud = CLOUDS[provider];
  const { value, error, reading, reload } = memory;
  const shown = hasCurve && value === undefined ? 'Shown is what the messages of the incident kept.' : '';
  if (error !== undefined) {
    const isDenied = error.status === 401 || error.status === 403;
    return (
      <div class="read-state read-state-failed" role="alert">
        <span>
          {isDenied ? `You may not read ${cloud}.` : live ? `${cloud} could not be read.` : 'Not in this report.'}{' '}
          <Text value={error.message} length={500} /> {shown}
        </span>
        {live && !isDenied && (
          <button type="button" class="button button-small" onClick={reload}>
            Try again
          </button>
        )}
      </div>
    );
  }
  if (value === undefined || reading) return <Reading cloud={cloud} shown={shown} />;
  return <Done memory={value} cloud={cloud} reload={live ? reload : undefined} />;
}

const SLOW_MS = 5_000;

function Reading({ cloud, shown }: { cloud: string; shown: string }) {
  const [isSlow, setSlow] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), SLOW_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div class="read-state" role="status">
      <span>
        <span class="spinner" aria-hidden="true" />
        {isSlow ? `Reading ${cloud} takes longer than usual. It goes on.` : `Reading the samples of ${cloud}…`} {shown}
      </span>
    </div>
  );
}

function Done({ memory, cloud, reload }: { memory: HostMemoryView; cloud: string; reload: (() => void) | undefined }) {
  const { readAt, cost, unreadable, reason, detail, statistic, periodSeconds } = memory;
  const price = cost.usd === 0 ? '' : `, ${formatUsd(cost.usd)}`;
  return (
    <div class="read-state" role="status">
      <span>
        Read <Moment at={readAt} show="both" /> from {cloud}
        {cost.calls > 0 && ` by ${counted(cost.calls, 'call')}${price}`}: {statistic} of{' '}
        {Math.round(periodSeconds / 60)} min.
        {reason !== null && (
          <>
            {' '}
            <Text value={detail ?? reason} length={500} />
          </>
        )}
        {unreadable.map((text) => (
          <span class="gap" key={text}>
            <span aria-hidden="true">✕ </span>
            <Text value={text} length={400} />
          </span>
        ))}
      </span>
      {reload && (
        <button type="button" class="button button-small" onClick={reload}>
          Read again
        </button>
      )}
    </div>
  );
}
