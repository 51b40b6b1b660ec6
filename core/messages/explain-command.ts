/** The command that explains a host of an event, as it is pasted into a shell: complete, whichever cloud the host is in. */
import type { Resource } from '../model/series.ts';
import { asciiText } from './plain-text.ts';

/** What a person needs first, by provider. A source on this machine needs nothing. */
const FIRST: Readonly<Record<Resource['provider'], string | null>> = {
  aws: signedIn('aws sso login, or AWS_PROFILE'),
  gcp: signedIn('gcloud auth application-default login'),
  azure: signedIn('az login'),
  prometheus: 'with the address of the server in PROMETHEUS_URL',
  otlp: 'with credentials for the account that Plimsoll runs in, and --stage of its deployment',
  local: null,
};

function signedIn(how: string): string {
  return `once you are signed in to its account (${how})`;
}

/** What the command needs, as a clause; null where it needs nothing. */
export function explainNeeds({ provider }: Pick<Resource, 'provider'>): string | null {
  return FIRST[provider];
}

/**
 * With the reader's own credentials: the trusts of Google Cloud and Azure let in the functions and no person, so that `--tenant`
 * would end in an error there, and in AWS it needs the rights of whoever operates Plimsoll. What hosts have sent by OTLP is there and
 * nowhere else, by tenant.
 */
export function explainCommand({ provider, account, region, id }: Resource, tenant: string): string {
  // Events do not carry the address of a server, which the environment has.
  const where = provider === 'prometheus' || provider === 'otlp' || region === null ? [] : ['--region', region];
  const whose = provider === 'otlp' ? ['--tenant', tenant] : [];
  const options = ['--provider', provider, ...whose, '--account', account, ...where];
  const host = asciiText(id);
  // A host's name that begins with a dash would be taken for an option.
  const words = host.startsWith('-') ? [...options, '--', host] : [host, ...options];
  return `npx plimsoll explain ${words.map((word) => shellWord(asciiText(word))).join(' ')}`;
}

/** A name from a cloud is quoted wherever it is more than letters, digits and harmless characters. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
