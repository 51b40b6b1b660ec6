/** How an account or region stands after an examination, in the words that every form of `plimsoll doctor` uses. */
import type { Examination } from '../../core/inspection/doctor.ts';
import type { Scope } from '../../core/model/series.ts';
import type { CommandEnvironment } from '../environment.ts';

/** From the worst to the best. */
export const STANDINGS = [
  'not examined',
  'no sign-in',
  'no answer',
  'no right',
  'partial',
  'no host',
  'trust',
  'no metric',
  'not from here',
  'ok',
] as const;
export type Standing = (typeof STANDINGS)[number];

/** The best of them that make a deployment incomplete: agents that are missing and loose trusts do not. */
const LAST_BAD: Standing = 'no host';

export function isBad(standing: Standing): boolean {
  return STANDINGS.indexOf(standing) <= STANDINGS.indexOf(LAST_BAD);
}

export function standingOfRegion({ signIn, read, failures, hosts, trust }: Examination): Standing {
  if (signIn === 'no') return 'no sign-in';
  if (signIn === 'unknown') return 'no answer';
  if (read !== 'yes') return 'no right';
  if (failures.length > 0) return 'partial';
  if (hosts.known === 0) return 'no host';
  if (trust !== null) return 'trust';
  return hosts.notMonitored > 0 ? 'no metric' : 'ok';
}

/**
 * Why a tenant's account of this cloud lets the functions in and nobody at a prompt; undefined where a person can sign in too.
 * Nothing is wrong with such an account.
 */
export function whyNotFromHere(provider: Scope['provider'], environment: CommandEnvironment): string | undefined {
  if (provider === 'azure') return 'A subscription lets the functions alone in';
  if (provider !== 'gcp' || environment.hasGcpSession()) return undefined;
  return 'The environment variable PLIMSOLL_GCP_SESSION_ROLE or AWS_REGION is not set, with which a person signs in';
}

export interface NotFromHere {
  readonly tenant: string;
  readonly scope: Pick<Scope, 'provider' | 'account'>;
  readonly why: string;
}

/** One line of NDJSON. */
export function notFromHereJson({ tenant, scope: { provider, account }, why }: NotFromHere): string {
  return JSON.stringify({ kind: 'not_from_here', tenant, provider, account, detail: why });
}
