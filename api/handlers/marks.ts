/** Mutes and labels: what people decide about incidents and hosts. */
import { likenessIn } from '../../core/incidents/incident-story.ts';
import { votesIn, votesOfHosts } from '../../core/incidents/label-votes.ts';
import { giveLabel, giveMute, MOST_MUTE_DAYS, takeBack } from '../../core/incidents/mutes-and-labels.ts';
import { isActive } from '../../core/messages/subject-text.ts';
import { parseIncidentId } from '../../core/model/incident-id.ts';
import type { Label, Mute, Subject } from '../../core/model/mute.ts';
import type { TenantItems } from '../../core/ports/tenant-items.ts';
import { labelSubject, muteSubject } from '../audit-subjects.ts';
import type { Call, HandlersOf, TenantCall } from '../call.ts';
import { notFound, ProblemError } from '../problem.ts';
import { incidentRef } from '../refs.ts';
import { incidentsOf, labelView, muteView } from '../views/marks.ts';
import { readHostNames } from '../views/names.ts';
import { storyOf } from './incidents.ts';

const DAY = 24 * 3_600_000;

/** Digits of an id, which people type. */
const ID_LENGTH = 8;

export const markHandlers: HandlersOf<
  'listMutes' | 'addMute' | 'removeMute' | 'listLabels' | 'addLabel' | 'removeLabel'
> = {
  async listMutes({ tenant, now }) {
    const mutes = await tenant.ports.mutes.list(tenant.id);
    const sorted = mutes.toSorted((a, b) => Number(isActive(b, now)) - Number(isActive(a, now)) || b.until - a.until);
    const names = await readHostNames(incidentsOf(mutes), tenant.ports);
    return { items: sorted.map((mute) => muteView(mute, now, names)) };
  },

  async addMute({ tenant, body, principal, now, api, audit }) {
    const until = Date.parse(body.until);
    if (until <= now) throw wrong('until', 'must lie in the future');
    if (until > now + MOST_MUTE_DAYS * DAY)
      throw wrong(
        'until',
        `must be within ${MOST_MUTE_DAYS} days: what lasts longer belongs into the filters of the config`,
      );
    const { subject, reason } = body;
    requireOwnIncident(subject, tenant);
    const id = `m-${api.newId().slice(0, ID_LENGTH)}`;
    const facts = { id, tenant: tenant.id, subject, reason, by: principal.name, at: now, until };
    const mute = await giveMute(facts, tenant.ports);
    const names = await readHostNames(incidentsOf([mute]), tenant.ports);
    audit.subject = muteSubject(body, mute.id, names);
    return muteView(mute, now, names);
  },

  async removeMute({ tenant, params, query, principal, now }) {
    const given = { by: principal.name, reason: query.reason, now };
    const { mutes, log } = tenant.ports;
    const mute = await itemOf(tenant.id, params.mute, mutes, 'such mute');
    if (!(await takeBack(mute, given, { items: mutes, log, action: 'unmuted' }))) throw notFound('such mute');
    return undefined;
  },

  async listLabels({ tenant }) {
    const labels = await tenant.ports.labels.list(tenant.id);
    const names = await readHostNames(incidentsOf(labels), tenant.ports);
    return { items: labels.map((label) => labelView(label, names)) };
  },

  async addLabel({ tenant, body, principal, now, api, audit }) {
    const { kind, subject, reason } = body;
    requireOwnIncident(subject, tenant);
    const [from, to] = [momentOf(body.from), momentOf(body.to)];
    if (from !== null && to !== null && from >= to) throw wrong('to', 'must be after from');
    const id = `l-${api.newId().slice(0, ID_LENGTH)}`;
    const evidence = await evidenceFor(body, tenant, { from, to, now });
    const facts = { id, tenant: tenant.id, kind, subject, reason, by: principal.name, at: now, from, to, ...evidence };
    const label = await giveLabel(facts, tenant.ports);
    const names = await readHostNames(incidentsOf([label]), tenant.ports);
    audit.subject = labelSubject(body, label.id, names);
    return labelView(label, names);
  },

  async removeLabel({ tenant, params, query, principal, now }) {
    const given = { by: principal.name, reason: query.reason, now };
    const { labels, log } = tenant.ports;
    const label = await itemOf(tenant.id, params.label, labels, 'such label');
    if (!(await takeBack(label, given, { items: labels, log, action: 'unlabelled' }))) throw notFound('such label');
    return undefined;
  },
};

interface Times {
  readonly from: number | null;
  readonly to: number | null;
  readonly now: number;
}

/** Labels on an incident remember what it looked like; those of hosts and groups are about a time. Both remember how evaluators voted. */
async function evidenceFor(
  { kind, subject }: Call<'addLabel'>['body'],
  tenant: TenantCall,
  { from, to, now }: Times,
): Promise<Pick<Label, 'likeness' | 'votes'>> {
  const { incident } = subject;
  if (kind === 'false-positive' || kind === 'true-positive') {
    if (incident === undefined) throw wrong('subject.incident', `a ${kind} is given on an incident: name it`);
    const story = await storyOf(tenant, incidentRef(incident));
    return { likeness: likenessIn(story), ...withVotes(votesIn(story.described)) };
  }
  if (incident !== undefined) throw wrong('subject.incident', `a ${kind} is given on hosts or groups: leave it out`);
  if (kind === 'normal-period' && to === null)
    throw wrong('to', 'a normal period has an end; what is normal for good is a known-leak');
  const votes = await votesOfHosts({ tenant: tenant.id, subject, from, to }, tenant.ports.log, now);
  return { likeness: null, ...withVotes(votes) };
}

function withVotes(votes: Label['votes'] | undefined): Pick<Label, 'votes'> {
  return votes === undefined ? {} : { votes };
}

/** An incident of another tenant does not exist for this one. */
function requireOwnIncident({ incident }: Subject, tenant: TenantCall): void {
  if (incident === undefined) return;
  if (parseIncidentId(incident)?.key.tenant !== tenant.id)
    throw wrong('subject.incident', 'must be the id of an incident of this tenant');
}

async function itemOf<Item extends Mute | Label>(
  tenant: string,
  id: string,
  items: TenantItems<Item>,
  what: string,
): Promise<Item> {
  const found = (await items.list(tenant)).find((item) => item.id === id);
  if (found === undefined) throw notFound(what);
  return found;
}

function momentOf(time: string | null): number | null {
  return time === null ? null : Date.parse(time);
}

function wrong(path: string, message: string): ProblemError {
  return new ProblemError(400, 'The body is not valid. Correct the fields that `issues` names.', {
    kind: 'invalid',
    issues: [{ path, message }],
  });
}
