/** Maintenance windows and quiet hours of the next week: drawn, and as a list that has the same in words. */
import type { AlertsView } from '../../../api/contract/config.ts';
import { Panel } from '../../components/panel.tsx';
import { plain, Text } from '../../components/text.tsx';
import { localMinute, now } from '../../components/time.tsx';
import { matchTexts } from '../../config/alert-conditions.ts';
import { isRecord } from '../../config/json.ts';
import { barsOf, daysOf, WEEK_HOURS } from '../../config/week.ts';

type Window = AlertsView['windows'][number];

interface WeekProps {
  readonly windows: readonly Window[];
  readonly quietHours: readonly Window[];
}

export function Week({ windows, quietHours }: WeekProps) {
  const all = windows.length + quietHours.length;
  return (
    <Panel title="The next seven days">
      {all === 0 ? (
        <p class="panel-body muted">No maintenance window and no quiet hours: what is found is sent at once.</p>
      ) : (
        <>
          <Timeline windows={windows} quietHours={quietHours} />
          <details class="panel-body">
            <summary>As a list ({all})</summary>
            <List title="Maintenance" windows={windows} />
            <List title="Quiet hours" windows={quietHours} />
          </details>
        </>
      )}
    </Panel>
  );
}

const DAY = new Intl.DateTimeFormat('en', { weekday: 'short', day: 'numeric' });
const LANE = 18;
const BAR = 12;
const DESCRIBED = 12;

function Timeline({ windows, quietHours }: WeekProps) {
  const start = now.value;
  const lanes = [
    ...[...barsOf(windows, start)].map(([name, bars]) => ({ name, bars, kind: 'maintenance' })),
    ...[...barsOf(quietHours, start)].map(([name, bars]) => ({ name, bars, kind: 'quiet' })),
  ];
  const height = lanes.length * LANE;
  const days = daysOf(start);
  return (
    <div class="week panel-body">
      <ul class="week-names">
        {lanes.map(({ name, kind }) => (
          <li key={`${kind} ${name}`} class={`week-name week-name-${kind}`}>
            <Text value={name} length={60} />
          </li>
        ))}
      </ul>
      <div class="week-plot">
        <svg
          viewBox={`0 0 ${WEEK_HOURS} ${height}`}
          height={height}
          preserveAspectRatio="none"
          role="img"
          aria-label={`Timeline: ${lanes
            .slice(0, DESCRIBED)
            .map(({ name, bars }) => `${plain(name, 60)} ${bars.length} times`)
            .join(', ')}`}
        >
          {days.map(({ from }) => (
            <line key={from} x1={from} x2={from} y1={0} y2={height} class="week-day" />
          ))}
          {lanes.map(({ name, kind, bars }, lane) =>
            bars.map(({ from, hours }) => (
              <rect
                key={`${kind} ${name} ${from}`}
                class={`week-bar week-bar-${kind}`}
                x={from}
                y={lane * LANE + (LANE - BAR) / 2}
                // A short window is still seen.
                width={Math.max(hours, 0.7)}
                height={BAR}
              />
            )),
          )}
        </svg>
        <ol class="week-days" aria-hidden="true">
          {days.map(({ at, from }) => (
            <li key={at} style={{ left: `${(100 * from) / WEEK_HOURS}%` }}>
              {DAY.format(at)}
            </li>
          ))}
        </ol>
      </div>
    </div>
  );
}

function List({ title, windows }: { title: string; windows: readonly Window[] }) {
  if (windows.length === 0) return null;
  return (
    <>
      <h3>{title}</h3>
      <ul class="week-list">
        {windows.map(({ name, start, end, account, match }) => (
          <li key={`${name} ${start} ${account}`}>
            <time dateTime={start}>{localMinute(Date.parse(start))}</time> to{' '}
            <time dateTime={end}>{localMinute(Date.parse(end))}</time> <Text value={name} length={80} />
            <span class="muted">
              {account !== null && (
                <>
                  {' '}
                  account <Text value={account} length={60} />
                </>
              )}{' '}
              <Text value={isRecord(match) ? matchTexts(match).join('; ') : ''} length={300} />
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}
