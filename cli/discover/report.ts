/** What a comparison of accounts found, as sentences and as JSON. */
import { counted } from '../../core/messages/units.ts';
import type { AccountDirectory, ListedAccount } from '../../core/ports/account-directory.ts';
import type { Discovery } from '../../core/tenants/discovery.ts';
import type { ConfigBase } from '../config-base.ts';
import type { ProposedConfig } from '../proposed-config.ts';
import { clip, harmless, type Paint } from '../render/text.ts';

/** Accounts that a sentence names; --json has all. */
const NAMED = 10;

/** Columns of the name of one. */
const WIDEST_NAME = 40;

/** Each is a line: what could not be listed, what is proposed, and what is left as it is. */
export function renderDiscovery(
  { root }: AccountDirectory,
  { tenant }: ConfigBase,
  { changes, added, suspended, notListed, unlisted, counts }: Discovery,
  paint: Paint,
): string[] {
  const { listed, unchanged, excluded, inactive } = counts;
  const goneDisabled = changes.edits.length > suspended.length;
  const others = [
    `${unchanged} ${unchanged === 1 ? 'is' : 'are'} in the config`,
    excluded > 0 && `${excluded} excluded`,
    inactive > 0 && `${inactive} suspended or deleted and not in the config`,
  ].filter((part) => part !== false);
  return [
    `${paint('strong', counted(listed, 'account'))} listed below ${harmless(root)} for tenant ${tenant}: ${others.join(', ')}.`,
    ...(added.length === 0 ? [] : [`${paint('good', `${added.length} new`)}: ${namesOf(added)}.`]),
    ...(suspended.length === 0
      ? []
      : [
          `${paint('warn', `${suspended.length} suspended or deleted`)}, which would be disabled: ${namesOf(suspended)}.`,
        ]),
    ...(notListed.length === 0 ? [] : [notListedText(notListed, goneDisabled, unlisted.length > 0, paint)]),
    ...unlisted.map(
      ({ location, detail }) =>
        `${paint('bad', 'not listed')}: ${harmless(location)}: ${harmless(detail).replace(/\.$/, '')}.`,
    ),
    ...(changes.additions.length + changes.edits.length === 0 ? ['Nothing is proposed.'] : []),
    ...(added.length === 0 ? [] : ['Each new account has to let Plimsoll in first: docs/onboarding.md.']),
  ];
}

function notListedText(notListed: Discovery['notListed'], disabled: boolean, isPartial: boolean, paint: Paint): string {
  const ids = notListed.map(({ account }) => account);
  const what = `${paint('warn', `${ids.length} of the config not listed`)}: ${shortList(ids)}.`;
  if (disabled) return `${what} They would be disabled.`;
  const why = isPartial
    ? 'Not everything could be listed, so they may still be there'
    : 'They are gone, or were never below it';
  return `${what} ${why}: they stay as they are${isPartial ? '' : ' (--disable-gone disables them)'}.`;
}

function namesOf(accounts: readonly ListedAccount[]): string {
  return shortList(
    accounts.map(({ account, name }) => (name === '' ? account : `${account} (${clip(harmless(name), WIDEST_NAME)})`)),
  );
}

function shortList(texts: readonly string[]): string {
  const more = texts.length - NAMED;
  return `${texts.slice(0, NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** One line for each account that is concerned, one for each part that was not listed, and the proposed config at the end. */
export function* discoveryJson(
  { tenant, version }: ConfigBase,
  { added, suspended, notListed, unlisted, counts }: Discovery,
  { text, issues }: ProposedConfig,
): Generator<string> {
  for (const account of added) yield JSON.stringify({ ...account, change: 'add' });
  for (const account of suspended) yield JSON.stringify({ ...account, change: 'disable' });
  for (const { provider, account } of notListed) yield JSON.stringify({ kind: 'not_listed', provider, account });
  for (const part of unlisted) yield JSON.stringify(part);
  yield JSON.stringify({ kind: 'proposal', tenant, version: version ?? null, counts, issues, config: text });
}
