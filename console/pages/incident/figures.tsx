/** The figures that a person on call looks for first. */
import type { IncidentView } from '../../../api/contract/incidents.ts';
import { formatDuration, formatDurationRange } from '../../../core/messages/times.ts';
import { formatChange, formatGrowth, formatLevel, formatShare } from '../../../core/messages/units.ts';
import { Text } from '../../components/text.tsx';
import { Moment, now } from '../../components/time.tsx';
import type { Attribution, LeakFacts } from '../../incident-facts.ts';
import { Fact, Facts } from './part.tsx';

interface FiguresProps {
  readonly incident: IncidentView;
  readonly leak: LeakFacts | undefined;
}

export function Figures({ incident, leak }: FiguresProps) {
  const { restartBy } = incident;
  const isPast = restartBy !== null && Date.parse(restartBy.at) <= now.value;
  const isOver = incident.status === 'watched' || incident.status === 'closed';
  return (
    <Facts>
      {!isOver && <Full leak={leak} />}
      {restartBy !== null && !isOver && (
        <Fact name="Restart by" isMain>
          {isPast ? 'restart now' : <Moment at={restartBy.at} />}
          <small>
            {isPast && 'was '}
            <Moment at={restartBy.at} show={isPast ? 'both' : 'absolute'} />
            {!isPast && restartBy.window !== null && (
              <>
                ; in <Text value={restartBy.window.name ?? 'quiet hours'} length={60} />, from{' '}
                <Moment at={restartBy.window.start} show="absolute" />
              </>
            )}
          </small>
        </Fact>
      )}
      {leak !== undefined && <Growth leak={leak} />}
      {leak?.attribution?.kind === 'attributed' && <Top attribution={leak.attribution} />}
      {leak !== undefined && <Sureness leak={leak} />}
    </Facts>
  );
}

function Full({ leak }: { leak: LeakFacts | undefined }) {
  const exhaustion = leak?.exhaustion;
  if (leak === undefined) return null;
  if (exhaustion == null) {
    return (
      <Fact name="Memory full" isMain>
        not known
        {leak.exhaustionUnknown !== null && (
          <small>
            <Text value={leak.exhaustionUnknown} />
          </small>
        )}
      </Fact>
    );
  }
  const asOf = Date.parse(leak.asOf);
  const { earliest, likely, latest } = exhaustion;
  const range = formatDurationRange(Date.parse(earliest) - asOf, latest === null ? null : Date.parse(latest) - asOf);
  return (
    <Fact name="Memory full" isMain>
      {likely === null ? 'more than a year away' : <Moment at={likely} />}
      <small>
        {likely !== null && <Moment at={likely} show="absolute" />}
        {range !== undefined && `; ${range} after the last sample`}
      </small>
    </Fact>
  );
}

function Growth({ leak: { growth, unit, level, asOf, pattern } }: { leak: LeakFacts }) {
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
          <Moment at={asOf} />
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
