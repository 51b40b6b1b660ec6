/** What is valid in the alerts of a config and does nothing, or not what it looks like: a warning with what to do, never a refusal. */
import type { Alerts } from '../model/alerts.ts';
import type { FieldIssue } from '../model/issues.ts';
import type { TenantConfig } from '../model/tenant.ts';
import { effectiveAlerts } from './alerts.ts';

/** @param now Epoch milliseconds. */
export function alertWarnings(config: TenantConfig, now: number): FieldIssue[] {
  const { alerts = {}, accounts } = config;
  const inherited = accounts.flatMap((account) =>
    account.alerts?.receivers === undefined ? [effectiveAlerts(config, account) ?? {}] : [],
  );
  return [
    ...under(['alerts'], [...levelWarnings(alerts, now), ...unusedReceivers(alerts, [alerts, ...inherited])]),
    ...accounts.flatMap((account, index) => {
      const [own, all] = [account.alerts ?? {}, effectiveAlerts(config, account) ?? {}];
      const found = [...levelWarnings(own, now), ...unusedReceivers(own, [all]), ...unsentDigest(own)];
      return under(['accounts', index, 'alerts'], found);
    }),
  ];
}

function under(path: FieldIssue['path'], issues: readonly FieldIssue[]): FieldIssue[] {
  return issues.map((issue) => ({ ...issue, path: [...path, ...issue.path] }));
}

function levelWarnings(own: Alerts, now: number): FieldIssue[] {
  return [...endedShadow(own, now), ...emptyRoutes(own), ...unreachedRoutes(own)];
}

function endedShadow({ shadow }: Alerts, now: number): FieldIssue[] {
  if (shadow === undefined || Date.parse(shadow.until) > now) return [];
  const message = `ended at ${shadow.until}, and everything is sent since. Take it out, or set a later time`;
  return [{ path: ['shadow', 'until'], message: `${message}.` }];
}

/** @param levels What applies where these receivers are those that are sent to. */
function unusedReceivers({ receivers = [] }: Alerts, levels: readonly Alerts[]): FieldIssue[] {
  // Without routes every receiver gets everything.
  if (levels.some(({ routes }) => routes === undefined)) return [];
  const named = new Set(
    levels.flatMap(({ routes = [], escalation }) => [
      ...routes.flatMap((route) => route.receivers),
      ...(escalation?.receivers ?? []),
    ]),
  );
  return receivers.flatMap(({ name }, index) => {
    if (named.has(name)) return [];
    const message = `no route and no escalation names ${name}, which gets nothing. Name it in a route, or take it out.`;
    return [{ path: ['receivers', index], message }];
  });
}

function emptyRoutes({ routes = [] }: Alerts): FieldIssue[] {
  return routes.flatMap(({ receivers, continue: goesOn }, index) => {
    if (receivers.length > 0) return [];
    const message = goesOn
      ? 'it names no receiver and goes on to later routes, so it does nothing. Name a receiver, or take the route out.'
      : 'it names no receiver: what it matches goes to the topic alone. Name a receiver, unless that is meant.';
    return [{ path: ['routes', index, 'receivers'], message }];
  });
}

/** Behind a route that matches everything and does not go on. */
function unreachedRoutes({ routes = [] }: Alerts): FieldIssue[] {
  const last = routes.findIndex(
    (route) =>
      !route.continue && route.match === undefined && route.kinds === undefined && route.severities === undefined,
  );
  if (last === -1 || last === routes.length - 1) return [];
  const message = `routes[${last}] before it matches everything, so it is never looked at. Move it up, or give routes[${last}] \`continue: true\`.`;
  return routes.slice(last + 1).map((_, index) => ({ path: ['routes', last + 1 + index], message }));
}

/** A digest is about all accounts of a tenant. */
function unsentDigest({ digest }: Alerts): FieldIssue[] {
  if (digest === undefined) return [];
  return [{ path: ['digest'], message: 'a digest is of the tenant and not of an account. Move it to its `alerts`.' }];
}
