/** The figures that a person on call looks for first. */
import type { HostMemoryView } from '../../../api/contract/hosts.ts';
import type { IncidentView } from '../../../api/contract/incidents.ts';
import { formatDuration } from '../../../core/messages/times.ts';
import { formatChange, formatGrowth, formatLevel, formatShare } from '../../../core/messages/units.ts';
import { Text } from '../../components/text.tsx';
import { Moment, now } from '../../components/time.tsx';
import { leftText, rangeText, restartByOf } from '../../forecast.ts';
import { type Attribution, highestOf, type LeakFacts } from '../../incident-facts.ts';
import { Fact, Facts } from './part.tsx';

interface FiguresProps {
  readonly incident: IncidentView;
  readonly leak: LeakFacts | undefined;
  readonly memory: HostMemoryView | undefined;
}

export function Figures({ incident, leak, memory }: FiguresProps) {
  const isOver = incident.status === 'watched' || incident.status === 'closed';
  // A full host is sure to be full: how sure its growth is decides nothing.
  const isFull = incident.finding === 'exhausted';
  const highest = isOver && memory !== undefined ? highestOf(incident, memory) : undefined;
  return (
    <Facts>
      {highest !== undefined && (
        <Fact name="Highest" isMain>
          {formatLevel(highest.value, highest.unit)}
          <small>
            <Moment at={highest.at} show="both" />
          </small>
        </Fact>
      )}
      {!isOver && leak !== undefined && <Full leak={leak} />}
      <RestartBy restartBy={restartByOf(incident, leak)} />
      {leak !== undefined && <Growth leak={leak} isOver={isOver} />}
      {leak?.attribution?.kind === 'attributed' && <Top attribution={leak.attribution} />}
      {leak !== undefined && !isFull && <Sureness leak={leak} />}
    </Facts>
  );
}

function RestartBy({ restartBy }: { restartBy: IncidentView['restartBy'] }) {
  if (restartBy === null) return null;
  const { at, window } = restartBy;
  const isPast = Date.parse(at) <= now.value;
  return (
    <Fact name="Restart by" isMain>
      {isPast ? 'restart now' : <Moment at={at} />}
      <small>
        {isPast && 'was '}
        <Moment at={at} show={isPast ? 'both' : 'absolute'} />
        {!isPast && window !== null && (
          <>
            ; in <Text value={window.name ?? 'quiet hours'} length={60} />, from{' '}
            <Moment at={window.start} show="absolute" />
          </>
        )}
      </small>
    </Fact>
  );
}

function Full({ leak: { exhaustion, exhaustionUnknown, asOf } }: { leak: LeakFacts }) {
  if (exhaustion === null) {
    return (
      <Fact name="Memory full" isMain>
        not known
        {exhaustionUnknown !== null && (
          <small>
            <Text value={exhaustionUnknown} />
          </small>
        )}
      </Fact>
    );
  }
  const { likely } = exhaustion;
  return (
    <Fact name="Memory full" isMain>
      {likely === null ? 'more than a year away' : leftText(likely, now.value)}
      <small>
        {likely !== null && (
          <>
            <Moment at={likely} show="absolute" />;{' '}
          </>
        )}
        {rangeText(exhaustion, now.value)} left
      </small>
      <small>
        by samples until <Moment at={asOf} />
      </small>
    </Fact>
  );
}

function Growth({ leak: { growth, unit, level, asOf, pattern }, isOver }: { leak: LeakFacts; isOver: boolean }) {
  const ends = [growth.low, growth.high].map((end) => formatGrowth(end, unit)).join(' to ');
  return (
    <>
      <Fact name="Growth">
        {formatGrowth(growth.estimate, unit)}
        <small>
          {ends}
          {pattern !== null && `, ${pattern.name.replaceAll('_', ' ')}`}
        </small>
      </Fact>
      <Fact name="Level">
        {formatLevel(level, unit)}
        <small>
          {isOver && 'at its last change, '}
          <Moment at={asOf} show={isOver ? 'absolute' : 'relative'} />
        </small>
      </Fact>
    </>
  );
}

function Top({ attribution: { grown } }: { attribution: Extract<Attribution, { kind: 'attributed' }> }) {
  const [top] = grown;
  if (top === undefined) return null;
  return (
    <Fact name="Grew most">
      <a href="#who-grew">
        <Text value={top.name} length={60} />
      </a>
      <small>
        {top.rise !== null && formatChange(top.rise.estimate)}
        {top.share !== null && `, ${formatShare(top.share.estimate)} of the rise`}
      </small>
    </Fact>
  );
}

const QUARTER = 900_000;

function onsetWidth({ start, end }: NonNullable<LeakFacts['onset']>): string {
  return formatDuration(Math.max(QUARTER, Date.parse(end) - Date.parse(start)));
}

function Sureness({ leak: { confidence, grade, onset } }: { leak: LeakFacts }) {
  return (
    <>
      <Fact name="Confidence">
        {formatShare(confidence)}
        <small>{grade}</small>
      </Fact>
      {onset !== null && (
        <Fact name="Began">
          <Moment at={onset.end} />
          <small>
            {onset.leftCensored ? 'before ' : ''}
            <Moment at={onset.end} show="absolute" />
            {onset.leftCensored ? ', perhaps older than what was read' : `, within ${onsetWidth(onset)}`}
          </small>
        </Fact>
      )}
    </>
  );
}
