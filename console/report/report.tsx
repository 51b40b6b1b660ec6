/** A report: the page of an incident over the answers that it has embedded, and a list where it has several. */
import { useEffect, useMemo, useState } from 'preact/hooks';
import { LocationProvider } from 'preact-iso/router';
import { counted } from '../../core/messages/units.ts';
import type { AnomalyView } from '../../core/model/anomaly-view.ts';
import { Panel } from '../components/panel.tsx';
import { Empty } from '../components/states.tsx';
import { TenantContext } from '../components/tenant.ts';
import { plain, Text } from '../components/text.tsx';
import { FullMoment, Moment } from '../components/time.tsx';
import { Notices } from '../components/toast.tsx';
import { createSnapshotSource } from '../data/snapshot-source.ts';
import { SourceContext } from '../data/use-answer.ts';
import { AnomalyFigure } from '../pages/anomalies/figure.tsx';
import { IncidentPage } from '../pages/incident.tsx';
import type { ReportData } from './data.ts';

export function Report({ data }: { data: ReportData }) {
  const source = useMemo(() => createSnapshotSource(data.answers, data.problems), [data]);
  const shown = useShown(data);
  const location = useReportLocation();
  const tenant = { tenant: data.tenant, name: null, role: 'viewer' as const };
  return (
    <LocationProvider.ctx.Provider value={location}>
      <SourceContext.Provider value={source}>
        <TenantContext.Provider value={tenant}>
          <div class="report">
            <Head data={data} />
            <main id="content" class="content">
              {data.incidents.length !== 1 && data.metrics === undefined && <List data={data} shown={shown} />}
              {data.metrics !== undefined && <Metrics views={data.metrics} />}
              {shown === undefined ? null : <IncidentPage key={shown} incident={shown} />}
            </main>
            <Notices />
          </div>
        </TenantContext.Provider>
      </SourceContext.Provider>
    </LocationProvider.ctx.Provider>
  );
}

/** `#incident=REF` names the one that is shown; the most urgent at first. Other fragments are parts of the page. */
function useShown({ incidents }: ReportData): string | undefined {
  const [shown, setShown] = useState(() => shownByAddress() ?? incidents[0]?.ref);
  useEffect(() => {
    const follow = () => setShown((before) => shownByAddress() ?? before);
    window.addEventListener('hashchange', follow);
    return () => window.removeEventListener('hashchange', follow);
  }, []);
  return shown;
}

function shownByAddress(): string | undefined {
  return /^#incident=([\w-]+)$/.exec(window.location.hash)?.[1];
}

const STAY = () => {};

/** The address of a file stays as it is: the range of the curve is kept in memory. */
function useReportLocation() {
  const [url, setUrl] = useState('/');
  return useMemo(() => {
    const { pathname, searchParams } = new URL(url, 'http://report.invalid');
    return {
      url,
      path: pathname,
      query: Object.fromEntries(searchParams),
      route: (to: string) => setUrl(to),
      back: STAY,
      forward: STAY,
    };
  }, [url]);
}

function Head({ data: { title, madeAt, asOf, version, gaps } }: { data: ReportData }) {
  return (
    <header class="report-head">
      <p>
        <strong>
          <Text value={title} length={300} />
        </strong>{' '}
        <span class="muted">
          made <FullMoment at={madeAt} /> by Plimsoll {version}; times count from{' '}
          {asOf === madeAt ? 'then' : <FullMoment at={asOf} />}
        </span>
      </p>
      {gaps.map((gap) => (
        <p class="report-gap" key={gap}>
          <span aria-hidden="true">✕ </span>
          <Text value={gap} length={500} />
        </p>
      ))}
    </header>
  );
}

/** A panel a host and metric. */
function Metrics({ views }: { views: readonly AnomalyView[] }) {
  if (views.length === 0) return <Empty title="No anomaly lasts">Every inspected metric is as it was expected.</Empty>;
  return (
    <>
      {views.map((view) => {
        const { host, metric, part } = view;
        const title = [host.name ?? host.id, metric, ...(part === '' ? [] : [part])].join(' · ');
        return (
          <Panel
            key={`${host.provider} ${host.account} ${host.region} ${host.id} ${metric} ${part}`}
            title={plain(title, 400)}
          >
            <AnomalyFigure view={view} />
          </Panel>
        );
      })}
    </>
  );
}

function List({ data: { incidents }, shown }: { data: ReportData; shown: string | undefined }) {
  if (incidents.length === 0) return <Empty title="Nothing grew like a leak" />;
  return (
    <Panel title={counted(incidents.length, 'incident')}>
      <div class="panel-body report-list">
        <table class="rows">
          <thead>
            <tr>
              <th scope="col">Host</th>
              <th scope="col">Severity</th>
              <th scope="col">Status</th>
              <th scope="col">Since</th>
              <th scope="col">Likely full</th>
            </tr>
          </thead>
          <tbody>
            {incidents.map(({ ref, host, severity, status, since, fullAt }) => (
              <tr key={ref}>
                <td>
                  <a href={`#incident=${ref}`} aria-current={ref === shown ? 'true' : undefined}>
                    <Text value={host} length={100} />
                  </a>
                </td>
                <td>{severity}</td>
                <td>{status}</td>
                <td>
                  <Moment at={since} show="absolute" />
                </td>
                <td>{fullAt === null ? '' : <Moment at={fullAt} />}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}
