/** The command that explains a host of an event, as it is pasted into a shell: complete, whichever cloud the host is in. */
import type { Resource } from '../model/series.ts';
import { asciiText } from './plain-text.ts';

/** How a person signs in, by cloud; a source on this machine needs no signing in. */
const SIGN_IN: Readonly<Record<Resource['provider'], string | null>> = {
  aws: '`aws sso login`, or AWS_PROFILE',
  gcp: '`gcloud auth application-default login`',
  azure: '`az login`',
  local: null,
};

/** Null where nobody has to. */
export function signInText({ provider }: Pick<Resource, 'provider'>): string | null {
  return SIGN_IN[provider];
}

/**
 * With the reader's own credentials: the trusts of Google Cloud and Azure let in the functions and no person, so that `--tenant`
 * would end in an error there, and in AWS it needs the rights of whoever operates Plimsoll.
 */
export function explainCommand({ provider, account, region, id }: Resource): string {
  const options = ['--provider', provider, '--account', account, ...(region === null ? [] : ['--region', region])];
  const host = asciiText(id);
  // A host's name that begins with a dash would be taken for an option.
  const words = host.startsWith('-') ? [...options, '--', host] : [host, ...options];
  return `npx plimsoll explain ${words.map((word) => shellWord(asciiText(word))).join(' ')}`;
}

/** A name from a cloud is quoted wherever it is more than letters, digits and harmless characters. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
