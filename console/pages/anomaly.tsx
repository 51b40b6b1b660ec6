/** One metric of a host, read from its cloud now: the curve over what was expected, and what is anomalous. */
import { useRoute } from 'preact-iso/router';
import type { HostAnomalyView } from '../../api/contract/anomalies.ts';
import { hostName } from '../components/host.tsx';
import { Page, Panel } from '../components/panel.tsx';
import { AsOf, Remote } from '../components/states.tsx';
import { useTenant } from '../components/tenant.ts';
import { plain } from '../components/text.tsx';
import { now } from '../components/time.tsx';
import { type ListState, useListState } from '../components/use-filters.ts';
import { useAnswer } from '../data/use-answer.ts';
import { hostPath, pagePath } from '../paths.ts';
import { AnomalyFigure } from './anomalies/figure.tsx';

const NO_FILTERS: readonly string[] = [];
const DAY_MS = 86_400_000;
/** Moments of the address move with the page's clock: full steps are one question for everybody. */
const STEP_MS = 5 * 60_000;
const DAYS = [1, 3, 7, 14] as const;

export default function Anomaly() {
  const { tenant } = useTenant();
  const { params } = useRoute();
  const state = useListState(NO_FILTERS);
  const host = params['host'] ?? '';
  const metric = params['metric'] ?? '';
  const days = DAYS.find((one) => String(one) === state.parameter('days')) ?? DAYS[0];
  const [part, job] = [state.parameter('part') || undefined, state.parameter('job') || undefined];
  const from = new Date(Math.floor((now.value - days * DAY_MS) / STEP_MS) * STEP_MS).toISOString();
  const query = { metric, part, job, ...(days === DAYS[0] ? {} : { from }) };
  const answer = useAnswer('/tenants/{tenant}/hosts/{host}/anomalies', { tenant, host }, { query });
  const { value } = answer;
  const title = value === undefined ? plain(metric, 128) : `${plain(value.label)} of ${plain(hostName(value.host))}`;
  return (
    <Page
      title={title}
      lead={<AsOf answer={answer} at={value?.window.end} />}
      actions={<Ranges days={days} state={state} />}
    >
      <Remote answer={answer} rows={10}>
        {(view) => (
          <Panel
            title={plain(view.part === '' ? view.metric : `${view.metric} ${view.part}`, 300)}
            actions={<Links view={view} />}
          >
            <AnomalyFigure view={view} />
          </Panel>
        )}
      </Remote>
    </Page>
  );
}

function Ranges({ days, state }: { days: number; state: ListState }) {
  return (
    <fieldset class="anomaly-ranges" aria-label="Range of the curve">
      {DAYS.map((one) => (
        <button
          type="button"
          key={one}
          class="button button-small"
          aria-pressed={one === days}
          onClick={() => state.set({ days: one === DAYS[0] ? '' : String(one) })}
        >
          {one === 1 ? '24 h' : `${one} d`}
        </button>
      ))}
    </fieldset>
  );
}

function Links({ view: { host, metric } }: { view: HostAnomalyView }) {
  const { tenant } = useTenant();
  return (
    <span class="anomaly-links">
      <a href={pagePath(tenant, 'anomalies', { metric })}>All of this metric</a>{' '}
      <a href={hostPath(tenant, host.ref)}>The host’s memory</a>
    </span>
  );
}
