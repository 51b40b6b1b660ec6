/** What people do about an incident. */
import { type Answer, answerIncident } from '../../core/incidents/answer.ts';
import type { HandlersOf, TenantCall } from '../call.ts';
import type { Principal } from '../ports.ts';
import { notFound, ProblemError } from '../problem.ts';
import { incidentOfRef } from '../refs.ts';

export const answerHandlers: HandlersOf<'acknowledge' | 'unacknowledge' | 'setOwner' | 'addNote'> = {
  acknowledge: (call) => answer(call, { kind: 'acknowledged', note: call.body.note }),
  unacknowledge: (call) => answer(call, { kind: 'unacknowledged' }),
  setOwner: (call) => answer(call, { kind: 'owner', owner: call.body.owner }),
  addNote: (call) => answer(call, { kind: 'note', note: call.body.note }),
};

interface AnswerCall {
  readonly tenant: TenantCall;
  readonly params: { readonly incident: string };
  readonly principal: Principal;
  readonly now: number;
}

/** Throws a 404 where there is no such incident, and a 409 where its host has a later one. */
async function answer({ tenant, params, principal, now }: AnswerCall, given: Answer): Promise<undefined> {
  const named = incidentOfRef(params.incident, tenant.id);
  const known = await tenant.ports.incidents.get(named.key);
  if (known === undefined || known.value.episode < named.episode) throw notFound('such incident');
  if (known.value.episode !== named.episode)
    throw new ProblemError(409, 'The incident is over: its host has a later one by now. Answer that one.', {
      kind: 'over',
    });
  await answerIncident(named, { answer: given, by: principal.name, now }, tenant.ports);
  return undefined;
}
