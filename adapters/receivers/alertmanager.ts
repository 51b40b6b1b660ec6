/**
 * Alertmanager's API v2. Alerts with equal labels are the same alert, and one that is not sent again before `endsAt` is over.
 * https://prometheus.io/docs/alerting/latest/alerts_api/
 */
import type { FiringAlert } from '../../core/model/delivery.ts';
import { isoText } from '../../core/model/notation.ts';
import type { HttpsRequest } from '../../core/ports/https-client.ts';
import type { Outgoing } from '../../core/ports/receiver-gateway.ts';
import type { Endpoint } from './endpoints.ts';
import { jsonRequest } from './json-request.ts';
import type { RenderedAlert } from './renderers.ts';

/** Milliseconds that an alert fires which nothing ends. */
const BRIEFLY_MS = 15 * 60_000;

const LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** The alert as it is now; and where it fires under other labels, as after a change of its severity, the end of that. */
export function alertmanagerAlerts(rendered: RenderedAlert, { firing, firesUntil, now }: Outgoing): readonly object[] {
  const before = firing ?? firingOf(rendered, now);
  if (rendered.state === 'is_over') return [postable(before, now)];
  const alert = { ...firingOf(rendered, now), startsAt: firing?.startsAt ?? now };
  const current = postable(alert, rendered.state === 'briefly' ? now + BRIEFLY_MS : firesUntil);
  return firing === null || hasSameLabels(firing, alert) ? [current] : [current, postable(firing, now)];
}

/** What fires once the alerts are sent. */
export function firingAfter(rendered: RenderedAlert, { event, firing, now }: Outgoing): FiringAlert | null {
  if (rendered.state !== 'fires') return null;
  const host = 'host' in event.data ? event.data.host : undefined;
  const scope = host === undefined ? null : { provider: host.provider, account: host.account, region: host.region };
  return { ...firingOf(rendered, now), startsAt: firing?.startsAt ?? now, scope };
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

function firingOf({ labels, annotations, generatorUrl }: RenderedAlert, startsAt: number): FiringAlert {
  const valid = Object.entries(labels).filter(([name, value]) => LABEL_NAME.test(name) && value !== '');
  return { labels: Object.fromEntries(valid), annotations, generatorUrl, startsAt, scope: null };
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

function hasSameLabels(one: FiringAlert, other: FiringAlert): boolean {
  const names = new Set([...Object.keys(one.labels), ...Object.keys(other.labels)]);
  return [...names].every((name) => one.labels[name] === other.labels[name]);
}
