/** Mutes and labels: what people decided about incidents and hosts. */
import './settings.css';
import { useState } from 'preact/hooks';
import type { LabelView, MuteView } from '../../api/contract/marks.ts';
import { Badge } from '../components/badge.tsx';
import { Page, Panel } from '../components/panel.tsx';
import { Empty, Remote } from '../components/states.tsx';
import { Tabs } from '../components/tabs.tsx';
import { useMay, useTenant } from '../components/tenant.ts';
import { Text } from '../components/text.tsx';
import { Moment } from '../components/time.tsx';
import { useListState } from '../components/use-filters.ts';
import { useAnswer } from '../data/use-answer.ts';
import { pagePath } from '../paths.ts';
import { LabelDialog } from './marks/label-dialog.tsx';
import { MuteDialog } from './marks/mute-dialog.tsx';
import { TakeBackDialog, type TakenBack } from './marks/take-back-dialog.tsx';

const NO_FILTERS: readonly string[] = [];
const POLL_MS = 60_000;

export default function Marks() {
  const { tenant, role } = useTenant();
  const mayMark = useMay('operator');
  const isLabels = useListState(NO_FILTERS).parameter('view') === 'labels';
  const tabs = [
    { title: 'Mutes', href: pagePath(tenant, 'mutes'), isCurrent: !isLabels },
    { title: 'Labels', href: pagePath(tenant, 'mutes', { view: 'labels' }), isCurrent: isLabels },
  ];
  return (
    <Page
      title="Mutes and labels"
      lead={
        isLabels
          ? 'A label states what something was: a known leak and a normal period notify nobody, a false positive holds back what looks like it.'
          : 'A mute holds back notifications until it ends. What still goes on then is notified of once.'
      }
    >
      <Tabs label="Kinds of decisions" tabs={tabs} />
      {!mayMark && (
        <p class="remark">
          You may read them and not change them: that needs the role operator, and yours is {role}. An admin gives roles
          on the page Access.
        </p>
      )}
      {isLabels ? <Labels mayMark={mayMark} /> : <Mutes mayMark={mayMark} />}
    </Page>
  );
}

function Mutes({ mayMark }: { mayMark: boolean }) {
  const { tenant } = useTenant();
  const answer = useAnswer('/tenants/{tenant}/mutes', { tenant }, { every: POLL_MS });
  const [isAdding, setAdding] = useState(false);
  const [takenBack, setTakenBack] = useState<TakenBack>();
  const rows = (mutes: readonly MuteView[]) =>
    mutes.map((mute) => <MuteRow key={mute.id} mute={mute} onTakeBack={mayMark ? setTakenBack : undefined} />);
  return (
    <>
      {mayMark && (
        <div class="page-actions">
          <button type="button" class="button button-main" onClick={() => setAdding(true)}>
            Mute hosts…
          </button>
        </div>
      )}
      <Remote answer={answer} rows={6}>
        {({ items }) => {
          const active = items.filter((mute) => mute.active);
          const expired = items.filter((mute) => !mute.active);
          return (
            <>
              <Panel title="Active">
                {active.length === 0 ? (
                  <Empty title="No mute is active">Everything that passes the rules is sent.</Empty>
                ) : (
                  <ul class="marks">{rows(active)}</ul>
                )}
              </Panel>
              {expired.length > 0 && (
                <Panel title="Expired">
                  <ul class="marks">{rows(expired)}</ul>
                </Panel>
              )}
            </>
          );
        }}
      </Remote>
      {isAdding && <MuteDialog onClose={() => setAdding(false)} onDone={answer.reload} />}
      {takenBack !== undefined && (
        <TakeBackDialog of={takenBack} onClose={() => setTakenBack(undefined)} onDone={answer.reload} />
      )}
    </>
  );
}

interface MuteRowProps {
  readonly mute: MuteView;
  readonly onTakeBack: ((of: TakenBack) => void) | undefined;
}

function MuteRow({ mute: { id, about, reason, by, at, until, active }, onTakeBack }: MuteRowProps) {
  return (
    <li class="mark-row">
      <div class="mark-main">
        <strong>
          <Text value={about} length={400} />
        </strong>
        <p>
          <Text value={reason} length={500} />
        </p>
        <p class="muted">
          <Text value={by} length={120} /> <Moment at={at} />
        </p>
      </div>
      <p class="mark-time">
        {active ? <Badge tone="info">muted</Badge> : <Badge>expired</Badge>} {active ? 'ends' : 'ended'}{' '}
        <Moment at={until} show="both" />
      </p>
      {active && onTakeBack !== undefined && (
        <button type="button" class="button button-small" onClick={() => onTakeBack({ kind: 'mute', id, about })}>
          Take back…<span class="visually-hidden"> the mute of </span>
          <span class="visually-hidden">
            <Text value={about} length={80} />
          </span>
        </button>
      )}
    </li>
  );
}

function Labels({ mayMark }: { mayMark: boolean }) {
  const { tenant } = useTenant();
  const answer = useAnswer('/tenants/{tenant}/labels', { tenant }, { every: POLL_MS });
  const [isAdding, setAdding] = useState(false);
  const [takenBack, setTakenBack] = useState<TakenBack>();
  return (
    <>
      {mayMark && (
        <div class="page-actions">
          <button type="button" class="button button-main" onClick={() => setAdding(true)}>
            Label hosts…
          </button>
        </div>
      )}
      <Remote answer={answer} rows={6}>
        {({ items }) => (
          <Panel title="Labels">
            {items.length === 0 ? (
              <Empty title="There is no label">
                False and true positives are labelled on the page of the incident.
              </Empty>
            ) : (
              <ul class="marks">
                {items.map((label) => (
                  <LabelRow key={label.id} label={label} onTakeBack={mayMark ? setTakenBack : undefined} />
                ))}
              </ul>
            )}
          </Panel>
        )}
      </Remote>
      {isAdding && <LabelDialog onClose={() => setAdding(false)} onDone={answer.reload} />}
      {takenBack !== undefined && (
        <TakeBackDialog of={takenBack} onClose={() => setTakenBack(undefined)} onDone={answer.reload} />
      )}
    </>
  );
}

const TONES = {
  'false-positive': 'warning',
  'true-positive': 'bad',
  'known-leak': 'info',
  'normal-period': 'neutral',
} as const;

interface LabelRowProps {
  readonly label: LabelView;
  readonly onTakeBack: ((of: TakenBack) => void) | undefined;
}

function LabelRow({ label: { id, kind, about, reason, by, at, from, to, likeness }, onTakeBack }: LabelRowProps) {
  return (
    <li class="mark-row">
      <div class="mark-main">
        <span class="inline">
          <Badge tone={TONES[kind]}>{kind.replace('-', ' ')}</Badge>
          <strong>
            <Text value={about} length={400} />
          </strong>
        </span>
        <p>
          <Text value={reason} length={500} />
        </p>
        {likeness !== null && (
          <p class="likeness">
            {kind === 'false-positive' ? 'Holds back what looks like it: ' : 'It looked like: '}
            <Text value={likeness} length={400} />
          </p>
        )}
        <p class="muted">
          <Text value={by} length={120} /> <Moment at={at} />
        </p>
      </div>
      <p class="mark-time">
        {from !== null && (
          <>
            from <Moment at={from} show="absolute" />{' '}
          </>
        )}
        {to === null ? (
          'without an end'
        ) : (
          <>
            until <Moment at={to} show="both" />
          </>
        )}
      </p>
      {onTakeBack !== undefined && (
        <button type="button" class="button button-small" onClick={() => onTakeBack({ kind: 'label', id, about })}>
          Take back…<span class="visually-hidden"> the label of </span>
          <span class="visually-hidden">
            <Text value={about} length={80} />
          </span>
        </button>
      )}
    </li>
  );
}
