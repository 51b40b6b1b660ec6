/**
 * The alert policy: what becomes of every change that nothing was decided about, as a pure chain over all of them.
 *
 *     storm ▸ container ▸ maintenance ▸ mute ▸ label ▸ silence period ▸ rules ▸ routes ▸ quiet hours ▸ order
 *
 * The first stage that holds a change back is named with its reason. A tenant in shadow has all of it decided and nothing sent.
 */
import { clip } from '../../messages/plain-text.ts';
import { formatTime } from '../../messages/times.ts';
import type { Decision } from '../../model/decision.ts';
import { type Incident, type IncidentKey, incidentKeyText } from '../../model/incident.ts';
import type { PolicyContext } from './context.ts';
import { ofContainer } from './of-container.ts';
import { type Examined, inContext } from './order.ts';
import { readableWindows } from './readable-windows.ts';
import { receiversOf, runbookOf } from './routes.ts';
import { ruleFor, rulesOf } from './rules.ts';
import { byRule, type HeldBack, label, maintenance, mute, quietHours, type Stage, silence } from './stages.ts';
import { findStorms, type Storms, waitForOthers } from './storm.ts';
import { stormSettings } from './storm-settings.ts';
import { idOf, incidentText, inOrder, type Undecided } from './undecided.ts';

export interface Decided extends Undecided {
  readonly decision: Decision;
}

export interface PolicyOutcome {
  /** One for each change, those of fleets included, in the order in which they are to be sent. */
  readonly decisions: readonly Decided[];
  /** Fleets that are new or changed. They are put first; should somebody else have put one meanwhile, everything is decided again. */
  readonly fleets: readonly Incident[];
  /** Incidents that go on though the others of their fleet have ended: each is given a reminder (`withReminder`) and decided again. */
  readonly released: readonly IncidentKey[];
}

/** Longest reason of a decision. */
const REASON_LENGTH = 500;

/**
 * @param due Changes that nothing was decided about, in any order. What is put off of the same incidents is decided with them, though it is
 *   not due: an opening goes ahead of a later change that is sent, and is dropped where its incident is over.
 */
export function decideAll(due: readonly Undecided[], given: PolicyContext): PolicyOutcome {
  const { alerts, leftOut } = readableWindows(given.alerts);
  // As the changes left them: what was read may be older.
  const incidents = [...given.containers, ...due.map(({ incident }) => incident)];
  const containers = [...new Map(incidents.map((one) => [incidentKeyText(one.key), one])).values()];
  const context = { ...given, alerts, containers };
  const { now, fleets } = context;
  const undecided = withPutOff(due);
  const settings = stormSettings(alerts);
  const storms = findStorms(inOrder(undecided), {
    settings,
    now,
    fleets,
    isHeldAnyway: (item) => heldBy(WHATEVER_HAPPENS, item, context) !== undefined,
  });
  const items = inOrder([...undecided.filter(({ incident }) => !isFleet(incident)), ...ofFleets(context, storms)]);
  const waits = items.flatMap((item) => {
    const held = waitForOthers(item, { settings, now });
    return held === undefined ? [] : [{ item, rule: '', held, page: false }];
  });
  const waiting = new Set(waits.map(({ item }) => item));
  const examined = items.filter((item) => !waiting.has(item)).map((item) => examine(item, context, storms));
  const byIncident = Map.groupBy(examined, ({ item }) => incidentText(item));
  const settled = [...byIncident.values()].flatMap((changes) =>
    inContext(changes.toSorted((a, b) => a.item.change.number - b.item.change.number)),
  );
  const decisions = [...settled, ...waits].map((one) => ({
    ...one.item,
    decision: decisionOf(one, { ...context, leftOut }, storms),
  }));
  return { decisions: inOrder(decisions), fleets: storms.fleets, released: storms.released };
}

function withPutOff(due: readonly Undecided[]): Undecided[] {
  const items = new Map(due.map((item) => [idOf(item), item]));
  for (const { incident } of due) {
    for (const change of incident.undecided.filter(({ notBefore }) => notBefore !== undefined)) {
      const item = { incident, change };
      if (!items.has(idOf(item))) items.set(idOf(item), item);
    }
  }
  return [...items.values()];
}

function isFleet({ key }: Incident): boolean {
  return key.finding === 'fleet';
}

/** The undecided changes of fleets: of those that the storm changed, as they are now. Where all are put off, none is looked at before its time. */
function ofFleets({ fleets: before, now }: PolicyContext, { fleets }: Storms): Undecided[] {
  const newest = new Map([...before, ...fleets].map((fleet) => [incidentKeyText(fleet.key), fleet]));
  const due = [...newest.values()].filter(({ undecided }) => undecided.some(({ notBefore = now }) => notBefore <= now));
  return due.flatMap((incident) => incident.undecided.map((change) => ({ incident, change })));
}

/** Stages that hold a change back whether or not it is part of a storm: what they hold makes none. */
const WHATEVER_HAPPENS: readonly Stage[] = [ofContainer, maintenance, mute, label];

function heldBy(stages: readonly Stage[], item: Undecided, context: PolicyContext): HeldBack | undefined {
  for (const stage of stages) {
    const held = stage(item, context);
    if (held !== undefined) return held;
  }
  return undefined;
}

function examine(item: Undecided, context: PolicyContext, { held }: Storms): Examined {
  const { alerts, now, environmentOf } = context;
  const rule = ruleFor(rulesOf(alerts), item, () => environmentOf(item.incident.resource));
  const byStorm: Stage = (one) => {
    const fleet = held.get(idOf(one));
    return fleet === undefined
      ? undefined
      : { outcome: 'held', stage: 'storm', reason: `part of the fleet incident ${fleet}`, until: null };
  };
  const stages = [byStorm, ...WHATEVER_HAPPENS, silence(rule), () => byRule(rule, item, now), quietHours];
  return {
    item,
    rule: `rule ${rule?.name}`,
    held: heldBy(stages, item, context),
    page: rule?.action === 'page',
  };
}

interface DecisionContext extends PolicyContext {
  /** What of the alerts cannot be read, in words. */
  readonly leftOut: string | undefined;
}

function decisionOf(
  { item, rule, held, page }: Examined,
  { alerts, now, leftOut }: DecisionContext,
  storms: Storms,
): Decision {
  const reason = held?.reason ?? rule;
  const decision: Decision = {
    outcome: held?.outcome ?? 'sent',
    stage: held?.stage ?? null,
    reason: clip(leftOut === undefined ? reason : `${reason}; ${leftOut}`, REASON_LENGTH),
    page: held === undefined && page,
    receivers: receiversOf(alerts, item),
    until: held?.until ?? null,
    fleet: storms.held.get(idOf(item)) ?? null,
    runbook: runbookOf(alerts, item),
  };
  const until = alerts?.shadow === undefined ? 0 : Date.parse(alerts.shadow.until);
  const isWaiting = held?.stage === 'storm' && held.outcome === 'put_off';
  return now < until && !isWaiting ? inShadow(decision, until) : decision;
}

const WOULD_BE_HELD = 'would have been held back by';

/** Whether a change that was held back by the shadow alone would have been sent, as its reason states. */
export function wouldBeSent({ stage, reason }: Decision): boolean {
  return stage === 'shadow' && !reason.includes(WOULD_BE_HELD);
}

/** `page` stays as it would have been, so that the summary can count. */
function inShadow(decision: Decision, until: number): Decision {
  const { outcome, stage, reason, page } = decision;
  const what =
    outcome === 'sent'
      ? `would have been ${page ? 'paged' : 'sent'}, ${reason}`
      : `${WOULD_BE_HELD} ${stage}, ${reason}`;
  const text = `shadow until ${formatTime(until)}: ${what}`;
  return { ...decision, outcome: 'held', stage: 'shadow', reason: clip(text, REASON_LENGTH), until: null };
}
