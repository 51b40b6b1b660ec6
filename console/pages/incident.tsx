/** One incident: what a person who was paged opens first. */
import './incident/incident.css';
import { useEffect, useMemo } from 'preact/hooks';
import { useLocation, useRoute } from 'preact-iso/router';
import type { HostMemoryView } from '../../api/contract/hosts.ts';
import type { IncidentView } from '../../api/contract/incidents.ts';
import { Page } from '../components/panel.tsx';
import { Remote } from '../components/states.tsx';
import { useTenant } from '../components/tenant.ts';
import { now } from '../components/time.tsx';
import { type Read, useAnswer } from '../data/use-answer.ts';
import { type LeakFacts, leakFactsOf } from '../incident-facts.ts';
import { incidentTitle } from '../incident-title.ts';
import { readWindowOf } from '../incident-view.ts';
import { Actions } from './incident/actions.tsx';
import { Attributes } from './incident/attributes.tsx';
import { Checks } from './incident/checks.tsx';
import { WhoGrew } from './incident/consumers.tsx';
import { CurvePanel } from './incident/curve-panel.tsx';
import { Commands, Links, Steps } from './incident/follow-up.tsx';
import { Headline, SectionLinks } from './incident/headline.tsx';
import { History, type LogRead } from './incident/history.tsx';
import { KindPanels } from './incident/kinds.tsx';
import { Notifications } from './incident/notifications.tsx';
import { Related } from './incident/related.tsx';
import { Siblings } from './incident/siblings.tsx';
import { WhatIfPanel } from './incident/what-if-panel.tsx';

// The curve is wanted as soon as the incident is there: its chunk is on its way meanwhile. Where that fails the panel states it.
import('../chart/chart.tsx').catch(() => {});

const EVERY_MS = 60_000;
const EVENTS = 100;

export default function Incident() {
  const { params } = useRoute();
  return <IncidentPage incident={params['incident'] ?? ''} />;
}

/** @param incident As an answer of the API refers to it. */
export function IncidentPage({ incident }: { incident: string }) {
  const { tenant } = useTenant();
  const answer = useAnswer('/tenants/{tenant}/incidents/{incident}', { tenant, incident }, { every: EVERY_MS });
  const log = useAnswer(
    '/tenants/{tenant}/incidents/{incident}/events',
    { tenant, incident },
    { query: { limit: EVENTS }, every: EVERY_MS },
  );
  const reload = () => {
    answer.reload();
    log.reload();
  };
  const { value } = answer;
  const memory = useMemory(value);
  const inspected = () => {
    reload();
    memory.reload();
  };
  const leak = useMemo(() => value && leakFactsOf(value, memory.value), [value, memory.value]);
  return (
    <Page
      title={value === undefined ? 'Incident' : incidentTitle(value, leak, now.value)}
      lead={value === undefined ? 'Reading…' : <Headline incident={value} />}
      actions={value && <Actions incident={value} onDone={reload} onInspected={inspected} />}
    >
      <Remote answer={answer} rows={14}>
        {(view) => <Parts incident={view} leak={leak} memory={memory} log={log} onDone={reload} />}
      </Remote>
    </Page>
  );
}

/** A fleet is no host, and of anomalies other metrics are shown. */
function isOfMemory({ finding }: IncidentView): boolean {
  return finding !== 'fleet' && finding !== 'anomaly';
}

/** What is read of the cloud comes later than the rest, which never waits for it. */
function useMemory(incident: IncidentView | undefined): Read<HostMemoryView> {
  const { tenant } = useTenant();
  // Once per incident: a read costs money, and its end moves by no clock.
  const window = useMemo(() => incident && readWindowOf(incident, now.peek()), [incident?.ref]);
  return useAnswer(
    '/tenants/{tenant}/hosts/{host}/memory',
    { tenant, host: incident?.host.ref ?? '' },
    {
      query: { to: window?.to, lookbackHours: window?.lookbackHours },
      enabled: incident !== undefined && isOfMemory(incident),
    },
  );
}

interface PartsProps {
  readonly incident: IncidentView;
  readonly leak: LeakFacts | undefined;
  readonly memory: Read<HostMemoryView>;
  readonly log: LogRead;
  readonly onDone: () => void;
}

function Parts({ incident, leak, memory, log, onDone }: PartsProps) {
  const isHost = isOfMemory(incident);
  useHash();
  return (
    <>
      <SectionLinks isHost={isHost} />
      <KindPanels incident={incident} memory={memory.value} />
      {isHost && <CurvePanel incident={incident} leak={leak} memory={memory} />}
      <div class="incident-columns">
        <div class="incident-steps">
          <Steps incident={incident} />
        </div>
        <div class="incident-main">
          {isHost && <WhoGrew leak={leak} memory={memory} />}
          {isHost && <Siblings incident={incident} memory={memory} />}
          {isHost && <Checks leak={leak} memory={memory.value} />}
          {isHost && <WhatIfPanel memory={memory} />}
          <History incident={incident} log={log} />
          <Notifications log={log} />
          <Related incident={incident} />
        </div>
        <div class="incident-side">
          <Attributes incident={incident} leak={leak} onDone={onDone} />
          <Links incident={incident} />
          <Commands incident={incident} />
        </div>
      </div>
    </>
  );
}

/** The part that the address names is scrolled to when the page has it. */
function useHash(): void {
  const { url } = useLocation();
  useEffect(() => {
    const id = window.location.hash.slice(1);
    if (id !== '') document.getElementById(id)?.scrollIntoView();
  }, [url]);
}
