/** Forms by which mutes, labels and roles are given: what is typed, what is wrong with it, and the body that the API takes. */
import type { BodyOf, RouteAt } from './data/routes.ts';

export type MuteBody = BodyOf<RouteAt<'post', '/tenants/{tenant}/mutes'>>;
export type LabelBody = BodyOf<RouteAt<'post', '/tenants/{tenant}/labels'>>;
export type GrantBody = BodyOf<RouteAt<'post', '/tenants/{tenant}/grants'>>;
type Subject = MuteBody['subject'];

/** What an input holds: empty where nothing is meant. */
export interface SubjectForm {
  readonly provider: string;
  readonly account: string;
  readonly region: string;
  readonly group: string;
  readonly host: string;
  /** `team=web, tier=db`. */
  readonly labels: string;
  readonly pattern: string;
  readonly consumer: string;
}

export const NO_SUBJECT: SubjectForm = {
  provider: '',
  account: '',
  region: '',
  group: '',
  host: '',
  labels: '',
  pattern: '',
  consumer: '',
};

/** Either a body, or what is wrong by field. */
export type Checked<Body, Field extends string> =
  | { readonly body: Body; readonly issues: { readonly [Name in Field]?: never } }
  | { readonly body: undefined; readonly issues: { readonly [Name in Field]?: string } };

export const PROVIDER_CHOICES = [
  'aws',
  'gcp',
  'azure',
  'prometheus',
  'otlp',
  'local',
] as const satisfies readonly Subject['provider'][];
export const PATTERN_CHOICES = [
  'sawtooth',
  'staircase',
  'exponential',
  'creep',
  'load_proportional',
  'linear',
] as const satisfies readonly Subject['pattern'][];

/** Hours that a mute lasts; `until` is a moment that is chosen. */
export const DURATIONS: readonly (readonly [value: string, label: string])[] = [
  ['1', 'an hour'],
  ['4', 'four hours'],
  ['24', 'a day'],
  ['72', 'three days'],
  ['168', 'a week'],
  ['720', '30 days'],
  ['until', 'until a moment'],
];

const HOUR = 3_600_000;
const LEAST_REASON = 3;
const MOST_DAYS = 366;

export interface MuteForm {
  readonly subject: SubjectForm;
  readonly reason: string;
  readonly duration: string;
  /** As an input of a date and a time has it, in the viewer's zone. */
  readonly until: string;
}

/** @param now Epoch milliseconds. */
export function checkMute(form: MuteForm, now: number): Checked<MuteBody, 'subject' | 'reason' | 'until'> {
  const issues = subjectIssue(form.subject);
  const checked = checkMuteOf(subjectOf(form.subject), form, now);
  return issues.subject === undefined ? checked : { body: undefined, issues: { ...issues, ...checked.issues } };
}

/** Of a subject that is chosen. @param now Epoch milliseconds. */
export function checkMuteOf(
  subject: Subject,
  { duration, until, reason }: Pick<MuteForm, 'duration' | 'until' | 'reason'>,
  now: number,
): Checked<MuteBody, 'reason' | 'until'> {
  const end = duration === 'until' ? Date.parse(until) : now + Number(duration) * HOUR;
  const issues = { ...reasonIssue(reason), ...untilIssue(end, now) };
  if (Object.keys(issues).length > 0) return { body: undefined, issues };
  return { body: { subject, reason: reason.trim(), until: new Date(end).toISOString() }, issues: {} };
}

function untilIssue(end: number, now: number): { until?: string } {
  if (Number.isNaN(end)) return { until: 'Choose a date and a time.' };
  if (end <= now) return { until: 'Choose a moment in the future.' };
  const isTooLong = end > now + MOST_DAYS * 24 * HOUR;
  return isTooLong
    ? { until: `A mute lasts ${MOST_DAYS} days at the most: what lasts longer belongs into the filters of the config.` }
    : {};
}

export const LABEL_CHOICES = ['known-leak', 'normal-period'] as const satisfies readonly LabelBody['kind'][];

export interface LabelForm {
  readonly subject: SubjectForm;
  /** Empty where nobody has chosen yet. */
  readonly kind: (typeof LABEL_CHOICES)[number] | '';
  readonly reason: string;
  readonly from: string;
  readonly to: string;
}

/** Labels on hosts and groups; those on an incident are given where it is shown. */
export function checkLabel(form: LabelForm): Checked<LabelBody, 'subject' | LabelField> {
  const issues = subjectIssue(form.subject);
  const checked = checkLabelOf(subjectOf(form.subject), form);
  return issues.subject === undefined ? checked : { body: undefined, issues: { ...issues, ...checked.issues } };
}

type LabelField = 'kind' | 'reason' | 'from' | 'to';

/** Of a subject that is chosen. */
export function checkLabelOf(
  subject: Subject,
  form: Pick<LabelForm, 'reason' | 'from' | 'to'> & { readonly kind: LabelBody['kind'] | '' },
): Checked<LabelBody, LabelField> {
  const { kind, reason } = form;
  const [from, to] = [momentOf(form.from), momentOf(form.to)];
  const needsEnd = kind === 'normal-period' && to === null;
  const issues = {
    ...(kind === '' && { kind: 'Choose what it is.' }),
    ...reasonIssue(reason),
    ...(needsEnd && { to: 'A normal period has an end; what is normal for good is a known leak.' }),
    ...(from !== null && to !== null && from >= to && { to: 'It ends before it begins.' }),
  };
  if (kind === '' || Object.keys(issues).length > 0) return { body: undefined, issues };
  return { body: { kind, subject, reason: reason.trim(), from, to }, issues: {} };
}

/** What an input of a date and a time has, in the viewer's zone, as ISO 8601; null where it is empty. */
function momentOf(text: string): string | null {
  const epochMs = Date.parse(text);
  return Number.isNaN(epochMs) ? null : new Date(epochMs).toISOString();
}

export interface GrantForm {
  readonly issuer: string;
  readonly kind: GrantBody['kind'];
  readonly name: string;
  readonly role: GrantBody['role'];
}

export function checkGrant(form: GrantForm): Checked<GrantBody, 'issuer' | 'name'> {
  const name = form.name.trim();
  const issues = {
    ...(!URL.canParse(form.issuer) && { issuer: 'Must be the URL of an issuer, such as https://login.example.com.' }),
    ...(name === '' && { name: form.kind === 'group' ? 'Name the group.' : 'Name the person or the program.' }),
  };
  if (Object.keys(issues).length > 0) return { body: undefined, issues };
  return { body: { ...form, name }, issues: {} };
}

/** A note in the log of an incident. */
export function checkNote({ note }: { readonly note: string }): Checked<{ note: string }, 'note'> {
  const text = note.trim();
  return text === ''
    ? { body: undefined, issues: { note: 'Write what others should know.' } }
    : { body: { note: text }, issues: {} };
}

/** Why something is taken back. */
export function checkReason(form: { readonly reason: string }): Checked<{ reason: string }, 'reason'> {
  const issues = reasonIssue(form.reason);
  return issues.reason === undefined
    ? { body: { reason: form.reason.trim() }, issues: {} }
    : { body: undefined, issues };
}

function reasonIssue(reason: string): { reason?: string } {
  return reason.trim().length < LEAST_REASON ? { reason: 'State why, for those who wonder later.' } : {};
}

function subjectIssue(subject: SubjectForm): { subject?: string } {
  const isEmpty = Object.values(subject).every((value) => value.trim() === '');
  return isEmpty ? { subject: 'Name at least one of these: all of a fleet is muted by nobody.' } : {};
}

/** Fields that are not empty; every one of them has to match. */
export function subjectOf(form: SubjectForm): Subject {
  const text = (name: 'account' | 'region' | 'group' | 'host' | 'consumer') => {
    const value = form[name].trim();
    return value === '' ? {} : { [name]: value };
  };
  const provider = PROVIDER_CHOICES.find((one) => one === form.provider);
  const pattern = PATTERN_CHOICES.find((one) => one === form.pattern);
  const labels = labelsOf(form.labels);
  return {
    ...(provider !== undefined && { provider }),
    ...text('account'),
    ...text('region'),
    ...text('group'),
    ...text('host'),
    ...text('consumer'),
    ...(Object.keys(labels).length > 0 && { labels }),
    ...(pattern !== undefined && { pattern }),
  };
}

/** `team=web, tier=db` as an object; a name alone is any value. */
export function labelsOf(text: string): Record<string, string> {
  const entries = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part): [string, string] => {
      const [name = '', ...rest] = part.split('=');
      return [name.trim(), rest.length === 0 ? '*' : rest.join('=').trim()];
    });
  return Object.fromEntries(entries);
}
