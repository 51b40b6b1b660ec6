/** The form that starts a recording: what is typed, what is wrong with it, and the body that the API takes. */
import type { BodyOf, RouteAt } from './data/routes.ts';
import { type Checked, labelsOf } from './mark-forms.ts';

export type RecordingBody = BodyOf<RouteAt<'post', '/tenants/{tenant}/recordings'>>;
type Selection = RecordingBody['selection'];

export interface RecordingForm {
  readonly name: string;
  readonly account: string;
  /** Names or ids with commas between them; `*` and `?` as in the config. */
  readonly hosts: string;
  /** `team=web, tier=db`. */
  readonly labels: string;
  /** Names of executables and numbers of processes, with commas between them. */
  readonly processes: string;
  /** Whether what these processes start belongs to them. */
  readonly tree: boolean;
  /** As inputs of a date and a time have them, in the viewer's zone; empty: now, and a day after it begins. */
  readonly from: string;
  readonly to: string;
  /** Seconds. */
  readonly every: string;
}

export type RecordingField = 'name' | 'account' | 'hosts' | 'processes' | 'from' | 'to';

export const NO_RECORDING: RecordingForm = {
  name: '',
  account: '',
  hosts: '',
  labels: '',
  processes: '',
  tree: false,
  from: '',
  to: '',
  every: '60',
};

/** The accounts whose hosts send samples: recordings are of one of them. */
export function sendingAccounts(
  accounts: readonly { readonly provider: string; readonly account: string }[],
): string[] {
  return accounts.filter(({ provider }) => provider === 'otlp').map(({ account }) => account);
}

/** The account that a recording is of where there is no other one. */
export function onlyAccount(accounts: readonly string[]): string | undefined {
  return accounts.length === 1 ? accounts[0] : undefined;
}

/** Seconds between samples. */
export const EVERY_CHOICES: readonly (readonly [value: string, label: string])[] = [
  ['5', '5 seconds'],
  ['15', '15 seconds'],
  ['60', 'a minute'],
  ['300', '5 minutes'],
  ['600', '10 minutes'],
];

const DAY_MS = 24 * 3_600_000;
const MOST_DAYS = 31;
/** Each pattern of a host is two rules, of names and of ids. */
const MOST_HOSTS = 25;
const MOST_PROCESSES = 50;

/** @param now Epoch milliseconds. */
export function checkRecording(form: RecordingForm, now: number): Checked<RecordingBody, RecordingField> {
  const hosts = hostRules(form);
  const processes = processRules(form);
  const issues = {
    ...(form.name.trim() === '' && { name: 'Give it a name, by which others know it.' }),
    ...(form.account.trim() === '' && { account: 'Name the account whose hosts send samples.' }),
    ...hostsIssue(hosts),
    ...processesIssue(processes),
    ...timesIssue(form, now),
  };
  if (Object.keys(issues).length > 0) return { body: undefined, issues };
  const { account, every } = form;
  const [from, to] = [momentOf(form.from), momentOf(form.to)];
  const selection = { account: account.trim(), hosts, processes, from, to, everyS: Number(every) };
  return { body: { name: form.name.trim(), selection }, issues: {} };
}

/** A pattern is of a name or of an id: senders have the one or the other. Labels, where there are any, have to match as well. */
function hostRules({ hosts, labels }: RecordingForm): Selection['hosts'] {
  const given = labelsOf(labels);
  const also = Object.keys(given).length === 0 ? {} : { labels: given };
  const patterns = listOf(hosts);
  if (patterns.length === 0) return 'labels' in also ? [also] : [];
  return patterns.flatMap((pattern) => [
    { name: pattern, ...also },
    { id: pattern, ...also },
  ]);
}

function hostsIssue(rules: Selection['hosts']): { hosts?: string } {
  if (rules.length === 0) return { hosts: 'Name hosts, or labels that they have. * stands for any text.' };
  if (rules.length > 2 * MOST_HOSTS)
    return { hosts: `Name ${MOST_HOSTS} patterns at the most: * stands for any text.` };
  return {};
}

/** `4711` is the number of a process, everything else the name of an executable. */
function processRules({ processes, tree }: RecordingForm): Selection['processes'] {
  const also = tree ? { tree: true } : {};
  return listOf(processes).map((text) =>
    /^[1-9]\d*$/.test(text) ? { pid: Number(text), ...also } : { name: text, ...also },
  );
}

function processesIssue({ length }: Selection['processes']): { processes?: string } {
  if (length === 0) return { processes: 'Name processes, such as node or java*, or their numbers.' };
  return length > MOST_PROCESSES ? { processes: `Name ${MOST_PROCESSES} processes at the most.` } : {};
}

function timesIssue(form: RecordingForm, now: number): { from?: string; to?: string } {
  const [from, to] = [Date.parse(form.from), Date.parse(form.to)];
  if (form.from !== '' && Number.isNaN(from)) return { from: 'Choose a date and a time.' };
  if (form.to === '') return {};
  if (Number.isNaN(to)) return { to: 'Choose a date and a time.' };
  const begin = form.from === '' ? now : from;
  if (to <= begin) return { to: 'It ends before it begins.' };
  if (to <= now) return { to: 'Choose a moment in the future.' };
  return to - begin > MOST_DAYS * DAY_MS ? { to: `A recording lasts ${MOST_DAYS} days at the most.` } : {};
}

/** As ISO 8601; null where the input is empty. */
function momentOf(text: string): string | null {
  return text === '' ? null : new Date(Date.parse(text)).toISOString();
}

function listOf(text: string): string[] {
  const parts = text.split(',').map((part) => part.trim());
  return [...new Set(parts)].filter((part) => part !== '');
}
