/** The accounts of a config: those that are open show their fields. */
import { useRef, useState } from 'preact/hooks';
import { counted } from '../../../core/messages/units.ts';
import { Badge } from '../../components/badge.tsx';
import { PROVIDER_NAMES } from '../../components/host.tsx';
import { Panel } from '../../components/panel.tsx';
import { Text } from '../../components/text.tsx';
import { ACCOUNT_FIELDS, NEW_ACCOUNTS, PROVIDER_FIELDS } from '../../config/account-fields.ts';
import { valueAt } from '../../config/document.ts';
import { entriesAt } from '../../config/field-values.ts';
import { isRecord } from '../../config/json.ts';
import { EnableButton } from './enable.tsx';
import { FieldGrid } from './form-fields.tsx';
import { useEditor } from './use-editor.ts';

/** Accounts that are listed at once, and from how many on there is a filter. */
const LISTED = 30;
const FILTERED_FROM = 8;

interface AccountEntry {
  readonly index: number;
  readonly provider: string;
  readonly account: string;
  readonly regions: readonly string[];
  readonly isEnabled: boolean;
}

export function Accounts() {
  const { read, mayEdit } = useEditor();
  const [filter, setFilter] = useState('');
  const [listed, setListed] = useState(LISTED);
  const [opened, setOpened] = useState<number>();
  const entries = entriesAt(read.value, ['accounts']).map(entryOf);
  const words = filter.toLowerCase();
  const found = entries.filter((entry) => searchText(entry).includes(words));
  return (
    <Panel
      title={counted(entries.length, 'account')}
      actions={mayEdit && <AddAccount count={entries.length} onAdded={setOpened} />}
    >
      <div class="panel-body panel-parts">
        {entries.length >= FILTERED_FROM && (
          <input
            class="field"
            type="search"
            aria-label="Filter accounts"
            placeholder="Account, cloud or region"
            value={filter}
            onInput={({ currentTarget }) => setFilter(currentTarget.value)}
          />
        )}
        {found.length === 0 && (
          <p class="muted">{entries.length === 0 ? 'None: a config has at least one.' : 'No account matches.'}</p>
        )}
        <div class="accounts">
          {found.slice(0, listed).map((entry) => (
            <AccountFields key={entry.index} entry={entry} isNew={entry.index === opened} />
          ))}
        </div>
        {found.length > listed && (
          <button type="button" class="button button-small" onClick={() => setListed(listed + LISTED)}>
            Show {Math.min(LISTED, found.length - listed)} more of {found.length}
          </button>
        )}
      </div>
    </Panel>
  );
}

function entryOf(value: unknown, index: number): AccountEntry {
  const text = (field: string) => {
    const found = valueAt(value, [field]);
    return found === undefined ? '' : String(found);
  };
  return {
    index,
    provider: text('provider'),
    account: text('account'),
    regions: entriesAt(value, ['regions']).map(String),
    isEnabled: !isRecord(value) || value['enabled'] !== false,
  };
}

function searchText({ provider, account, regions }: AccountEntry): string {
  return [provider, nameOf(provider), account, ...regions].join(' ').toLowerCase();
}

function nameOf(provider: string): string {
  return Object.hasOwn(PROVIDER_NAMES, provider) ? PROVIDER_NAMES[provider as keyof typeof PROVIDER_NAMES] : provider;
}

function AccountFields({ entry, isNew }: { entry: AccountEntry; isNew: boolean }) {
  const { issueAt, set, mayEdit } = useEditor();
  const { index, provider, account, regions, isEnabled } = entry;
  const [isOpen, setOpen] = useState(isNew);
  const path = ['accounts', index];
  const isWrong = issueAt(path) !== undefined;
  return (
    <details class="account" open={isOpen || isWrong} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>
        <span class="account-name">
          <Text value={nameOf(provider)} length={40} />{' '}
          <strong>{account === '' ? 'new account' : <Text value={account} length={80} />}</strong>
        </span>
        <span class="muted">
          <Text value={regions.length === 0 ? 'no region' : regions.join(', ')} length={60} />
        </span>
        {!isEnabled && <Badge>disabled</Badge>}
        {isWrong && <Badge tone="bad">to be mended</Badge>}
      </summary>
      {(isOpen || isWrong) && (
        <div class="account-body">
          <FieldGrid fields={[...(PROVIDER_FIELDS[provider] ?? []), ...ACCOUNT_FIELDS]} of={path} />
          {mayEdit && (
            <div class="inline">
              <EnableButton provider={provider} account={account} />
              <button type="button" class="button button-small" onClick={() => set(path, undefined)}>
                Remove<span class="visually-hidden"> account</span> <Text value={account} length={40} />
              </button>
            </div>
          )}
        </div>
      )}
    </details>
  );
}

function AddAccount({ count, onAdded }: { count: number; onAdded: (index: number) => void }) {
  const { set } = useEditor();
  const select = useRef<HTMLSelectElement>(null);
  const add = () => {
    onAdded(count);
    set(['accounts', count], NEW_ACCOUNTS[select.current?.value ?? 'aws']);
    requestAnimationFrame(() => document.querySelector<HTMLElement>('.account:last-of-type .field')?.focus());
  };
  return (
    <span class="inline">
      <select ref={select} class="field" aria-label="Cloud of the new account">
        {Object.keys(NEW_ACCOUNTS).map((provider) => (
          <option key={provider} value={provider}>
            {nameOf(provider)}
          </option>
        ))}
      </select>
      <button type="button" class="button button-small" onClick={add}>
        Add account
      </button>
    </span>
  );
}
