/** Which hosts may be sent to: those of vendors, which are fixed here, and those that the operator lists at deploy. */

/** Where a request goes, or why it does not. */
export type Endpoint =
  | { readonly kind: 'endpoint'; readonly url: URL; readonly allowsPrivate: boolean }
  | { readonly kind: 'refused'; readonly reason: string };

export type Vendor = 'slack' | 'teams';

/**
 * Slack's incoming webhooks, and the two forms that Workflows of Teams have: the older one, and the one of Power Platform's
 * environments that replaces it. https://learn.microsoft.com/power-automate/change-notices
 */
const VENDOR_HOSTS: Readonly<Record<Vendor, RegExp>> = {
  slack: /^hooks\.slack\.com$/,
  teams: /^(?:[a-z0-9-]+\.){2,3}(?:logic\.azure\.com|environment\.api\.powerplatform\.com)$/,
};

/** https://docs.slack.dev/reference/methods/chat.postMessage */
export const SLACK_API = new URL('https://slack.com/api/chat.postMessage');

/** https://developer.pagerduty.com/docs/send-alert-event */
export const PAGERDUTY: Readonly<Record<'us' | 'eu', URL>> = {
  us: new URL('https://events.pagerduty.com/v2/enqueue'),
  eu: new URL('https://events.eu.pagerduty.com/v2/enqueue'),
};

/**
 * @param text May be a secret: of it no more than the host is in a reason.
 * @param listed As the operator listed them at deploy.
 */
export function endpointOf(text: string, listed: readonly string[], vendor?: Vendor): Endpoint {
  const url = URL.parse(text);
  if (url === null) return { kind: 'refused', reason: 'its address is not a URL' };
  if (url.protocol !== 'https:') return { kind: 'refused', reason: `${url.hostname}: only https is allowed` };
  const { host, hostname, port } = url;
  if (vendor !== undefined && port === '' && VENDOR_HOSTS[vendor].test(hostname))
    return { kind: 'endpoint', url, allowsPrivate: false };
  if (listed.includes(host)) return { kind: 'endpoint', url, allowsPrivate: true };
  return {
    kind: 'refused',
    reason: `${host} is not among the endpoints that the operator of Plimsoll listed at deploy (relayEndpoints)`,
  };
}
