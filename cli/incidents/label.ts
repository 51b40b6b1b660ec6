/** `plimsoll incidents label|labels` and `plimsoll label`: what people know about incidents and hosts. */
import { randomUUID } from 'node:crypto';
import { likenessIn, type Story } from '../../core/incidents/incident-story.ts';
import { withIsoTimes } from '../../core/incidents/iso-times.ts';
import { votesIn, votesOfHosts } from '../../core/incidents/label-votes.ts';
import { giveLabel } from '../../core/incidents/mutes-and-labels.ts';
import { FALSE_POSITIVE_DAYS } from '../../core/incidents/policy/likeness.ts';
import { likenessText, subjectText, timeText } from '../../core/messages/subject-text.ts';
import type { Label, Subject } from '../../core/model/mute.ts';
import { callerName } from '../caller-name.ts';
import type { CommandContext } from '../context.ts';
import { deploymentArguments } from '../deployment.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { PLIMSOLL } from '../program.ts';
import { type Column, renderTable } from '../render/table.ts';
import { harmless, wrap } from '../render/text.ts';
import { openIncidentStores } from '../stores.ts';
import { tableOptions, textWidth } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import { caller } from './caller.ts';
import { existingStory } from './existing-story.ts';
import { namedIncident } from './named.ts';
import { checkedLabel } from './subject.ts';
import { chosenTenants, type TenantOptions } from './tenants.ts';

type IncidentLabel = Extract<Label['kind'], 'false-positive' | 'true-positive'>;
type HostLabel = Exclude<Label['kind'], IncidentLabel>;

interface Given extends TenantOptions {
  readonly reason: string;
  readonly json?: boolean;
}

export interface IncidentLabelOptions extends Given {
  /** Whether look-alikes of all hosts of its group are meant, and not only its own host's. */
  readonly group?: boolean;
}

export async function labelIncident(
  name: string,
  kind: IncidentLabel,
  options: IncidentLabelOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const stores = openIncidentStores(context);
  const named = await namedIncident(name, options, context, stores.list);
  const story = await existingStory(named, stores);
  const subject = { incident: named.id, ...(options.group && groupOf(story)) };
  const votes = votesIn(story.described);
  const facts = { tenant: named.tenant, kind, subject, from: null, to: null, likeness: likenessIn(story) };
  return give({ ...facts, ...(votes && { votes }) }, options, context);
}

function groupOf({ current, described }: Story): Subject {
  const resource = current?.resource ?? described[0]?.body.data.host;
  if (resource?.group !== undefined) return { account: resource.account, group: resource.group };
  throw new UsageError('The host of the incident is in no group. Leave --group out.');
}

export interface HostLabelOptions extends Given {
  readonly tenant: string;
  /** Whether the name is a group's. */
  readonly group?: boolean;
  readonly account?: string;
  readonly region?: string;
  /** Epoch milliseconds. */
  readonly from?: number;
  readonly to?: number;
}

/** @param name Id or name of a host, or the name of a group; `*` and `?` stand for what differs. */
export async function labelHost(
  name: string,
  kind: HostLabel,
  options: HostLabelOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const { from = null, to = null, account, region, group = false } = options;
  if (from !== null && to !== null && from >= to) throw new UsageError('--to has to be after --from.');
  if (kind === 'normal-period' && to === null)
    throw new UsageError('A normal period has an end: give --to. What is normal for good is a known-leak.');
  const [tenant = options.tenant] = await chosenTenants(options, context);
  const subject = {
    ...(account !== undefined && { account }),
    ...(region !== undefined && { region }),
    ...(group ? { group: name } : { host: name }),
  };
  const facts = { tenant, kind, subject, from, to, likeness: null };
  const votes = await votesOfHosts(facts, openIncidentStores(context).log, context.now);
  return give({ ...facts, ...(votes && { votes }) }, options, context);
}

async function give(
  facts: Pick<Label, 'tenant' | 'kind' | 'subject' | 'from' | 'to' | 'likeness' | 'votes'>,
  { reason, json = false, ...deployment }: Given,
  context: CommandContext,
): Promise<ExitCode> {
  const { terminal, now } = context;
  const stores = openIncidentStores(context);
  const by = await caller(context);
  const id = `l-${randomUUID().slice(0, 8)}`;
  const label = await giveLabel(checkedLabel({ ...facts, id, reason, by, at: now }), stores);
  if (json) terminal.printJson(withIsoTimes({ ...label, holdsBack: effectText(label) }));
  else {
    const undo = `${PLIMSOLL} incidents unlabel ${label.id} --tenant ${label.tenant}${deploymentArguments(deployment)}`;
    const text = `labelled ${label.kind}: ${subjectText(label.subject)}. ${effectText(label)}`;
    terminal.print(`${wrap(text, textWidth(terminal))}\nUndo: ${undo}`);
  }
  return EXIT.clean;
}

/** What is held back from now on. */
function effectText({ kind, subject, from, to, likeness }: Label): string {
  const kept = 'Incidents are recorded as before and stay visible.';
  if (kind === 'true-positive') return 'It holds nothing back; it is kept as evidence to learn from.';
  if (kind === 'known-leak' || kind === 'normal-period') {
    const time = timeText(from, to);
    return `From now on nothing is sent about its growth${time === '' ? ', without an end' : ` ${time}`}. ${kept}`;
  }
  if (likeness === null)
    return `For ${FALSE_POSITIVE_DAYS} days nothing is sent about this incident. No look-alikes are held back: it states no figures to compare. ${kept}`;
  const hosts = subject.group === undefined ? 'the same host' : `the group ${harmless(subject.group)}`;
  return (
    `For ${FALSE_POSITIVE_DAYS} days nothing is sent about this incident, nor about growth of ${hosts} that looks like it: ${likenessText(likeness)} ` +
    `(the same pattern, and a similarity above 0.8 in the rest; growth that is twice as fast, critical or 15 points fuller is never alike). ${kept}`
  );
}

export interface LabelsOptions extends TenantOptions {
  readonly json?: boolean;
}

export async function listLabels(options: LabelsOptions, context: CommandContext): Promise<ExitCode> {
  const { terminal } = context;
  const { labels: store } = openIncidentStores(context);
  const labels: Label[] = [];
  for (const tenant of await chosenTenants(options, context)) labels.push(...(await store.list(tenant)));
  if (options.json) for (const label of labels) terminal.printJson(withIsoTimes(label));
  else
    terminal.print(
      labels.length === 0 ? 'Nothing is labelled.' : renderTable(labels, columnsFor(labels), tableOptions(terminal)),
    );
  return EXIT.clean;
}

function columnsFor(labels: readonly Label[]): Column<Label>[] {
  const tenant: Column<Label> = { title: 'tenant', text: (label) => label.tenant };
  const time: Column<Label> = {
    title: 'time',
    text: ({ from, to }) => timeText(from, to),
    leastWidth: 12,
    overflow: 'wrap',
  };
  return [
    { title: 'id', text: ({ id }) => harmless(id), tone: () => 'strong' },
    ...(new Set(labels.map(tenant.text)).size > 1 ? [tenant] : []),
    { title: 'label', text: ({ kind }) => kind },
    { title: 'what', text: ({ subject }) => subjectText(subject), leastWidth: 20, overflow: 'wrap' },
    ...(labels.some(({ from, to }) => from !== null || to !== null) ? [time] : []),
    {
      title: 'looks like',
      text: ({ likeness }) => (likeness === null ? '' : likenessText(likeness)),
      leastWidth: 20,
      overflow: 'wrap',
      expendable: 1,
    },
    { title: 'by', text: ({ by }) => callerName(by, 20), expendable: 2 },
    { title: 'reason', text: ({ reason }) => harmless(reason), leastWidth: 14, overflow: 'wrap' },
  ];
}
