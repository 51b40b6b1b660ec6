/**
 * Alertmanager's API v2. Alerts with equal labels are the same alert, and one that is not sent again before `endsAt` is over.
 * https://prometheus.io/docs/alerting/latest/alerts_api/
 */
import { type AlertmanagerAlert, alertmanagerAlert } from '../../core/messages/alertmanager.ts';
import { briefOf } from '../../core/messages/compose-brief.ts';
import type { FiringAlert } from '../../core/model/delivery.ts';
import { isoText } from '../../core/model/notation.ts';
import type { PublishedEvent, ServiceEventKind } from '../../core/model/service-event.ts';
import type { HttpsRequest } from '../../core/ports/https-client.ts';
import type { Outgoing } from '../../core/ports/receiver-gateway.ts';
import type { Endpoint } from './endpoints.ts';
import { jsonRequest } from './json-request.ts';

/** What is sent, and what fires from then on. */
export interface AlertChange {
  readonly alerts: readonly object[];
  readonly firing: FiringAlert | null;
}

/** Milliseconds that an alert fires which nothing ends. */
const BRIEFLY_MS = 15 * 60_000;

/** Events of which no later one is sure to come: their alerts end by themselves, and are sent once. */
const BRIEF: ReadonlySet<string> = new Set<ServiceEventKind>(['receiver_failing', 'test']);

/**
 * The alert as it is now; and where another one fires, as before a change of its severity, the end of that. Undefined where the event
 * is no alert, or neither meant to wake somebody up nor about one that fires.
 */
export function alertChange({ event, firing, firesUntil, now }: Outgoing): AlertChange | undefined {
  const isBrief = BRIEF.has(event.data.kind);
  const rendered = alertmanagerAlert(event, isoText(isBrief ? now + BRIEFLY_MS : firesUntil));
  if (rendered === null) return undefined;
  const { state, page } = briefOf(event);
  // An end is that of what fires, under the labels with which it does.
  if (state === 'resolved') return { alerts: [ended(firing ?? firingOf(rendered, event), now)], firing: null };
  if (!page && firing === null) return undefined;
  const startsAt = firing === null ? rendered.startsAt : isoText(firing.startsAt);
  const current = { ...rendered, startsAt };
  const before = firing === null || hasSameLabels(firing.labels, rendered.labels) ? [] : [ended(firing, now)];
  return { alerts: [current, ...before], firing: isBrief ? null : firingOf(current, event) };
}

export function renewedAlert(alert: FiringAlert, firesUntil: number): object {
  return postable(alert, firesUntil);
}

/** @param secret `user:password`, or a bearer token; empty where there is none. */
export function alertmanagerRequest(
  endpoint: Extract<Endpoint, { kind: 'endpoint' }>,
  alerts: readonly object[],
  { secret, ca }: { readonly secret: string; readonly ca: string | undefined },
): HttpsRequest {
  const { href } = endpoint.url;
  const url = new URL('api/v2/alerts', href.endsWith('/') ? href : `${href}/`);
  const authorization = secret.includes(':') ? `Basic ${Buffer.from(secret).toString('base64')}` : `Bearer ${secret}`;
  return jsonRequest({ ...endpoint, url }, alerts, { headers: secret === '' ? {} : { authorization }, ca });
}

function firingOf(
  { labels, annotations, startsAt, generatorURL }: AlertmanagerAlert,
  { data }: PublishedEvent,
): FiringAlert {
  const { host } = 'host' in data ? data : { host: undefined };
  return {
    labels,
    annotations,
    startsAt: Date.parse(startsAt),
    generatorUrl: generatorURL ?? null,
    scope: host === undefined ? null : { provider: host.provider, account: host.account, region: host.region },
  };
}

/** Alertmanager refuses an alert that ends before it starts. */
function ended(alert: FiringAlert, now: number): object {
  return postable({ ...alert, startsAt: Math.min(alert.startsAt, now) }, now);
}

function postable({ labels, annotations, startsAt, generatorUrl }: FiringAlert, endsAt: number): object {
  return {
    labels,
    annotations,
    startsAt: isoText(startsAt),
    endsAt: isoText(endsAt),
    ...(generatorUrl !== null && { generatorURL: generatorUrl }),
  };
}

function hasSameLabels(one: FiringAlert['labels'], other: FiringAlert['labels']): boolean {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].every((name) => one[name] === other[name]);
}
