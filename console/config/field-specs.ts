/** The fields of a config that its form has; the rest is edited in the text. Bounds and defaults are the API's to check. */
import type { Path } from './document.ts';

export interface FieldOption {
  /** Undefined: the field is taken out, and its default holds. */
  readonly value: unknown;
  readonly label: string;
}

interface Common {
  /** Below the object that the fields are of. */
  readonly path: Path;
  readonly label: string;
  readonly help: string;
}

/** `list` and `labels` are written in one line: `eu-west-1, us-east-1` and `team=web, tier=db`. */
export type FieldSpec = Common &
  (
    | {
        readonly kind: 'text' | 'number' | 'list' | 'labels';
        readonly placeholder?: string;
        readonly suggest?: Suggestions;
      }
    | { readonly kind: 'select'; readonly options: readonly FieldOption[] }
  );

/** Lists that an input offers: each is in the page once. */
export const SUGGESTIONS = ['time-zones', 'schedules'] as const;
export type Suggestions = (typeof SUGGESTIONS)[number];

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const SEVERITIES = ['low', 'medium', 'high', 'critical'] as const;

const named = (values: readonly string[]): FieldOption[] => values.map((value) => ({ value, label: value }));
const orDefault = (label: string, values: readonly string[]): FieldOption[] => [
  { value: undefined, label },
  ...named(values),
];

const timezone = (path: Path, label = 'Time zone', placeholder = 'UTC'): FieldSpec => ({
  path,
  kind: 'text',
  label,
  help: 'A name of the IANA database, such as Europe/Berlin.',
  placeholder,
  suggest: 'time-zones',
});

const CADENCE_HELP = 'Adaptive: steady hosts far from their limit are read every four hours.';

export const TENANT_FIELDS: readonly FieldSpec[] = [
  { path: ['name'], kind: 'text', label: 'Name', help: 'What people call it.', placeholder: 'none' },
  {
    path: ['enabled'],
    kind: 'select',
    label: 'Inspected',
    help: 'Whether schedules inspect it.',
    options: [
      { value: true, label: 'enabled' },
      { value: false, label: 'disabled' },
    ],
  },
  {
    path: ['cadence'],
    kind: 'select',
    label: 'Cadence',
    help: CADENCE_HELP,
    options: orDefault('default: every slot of the schedule', ['schedule', 'adaptive']),
  },
  {
    path: ['costCap', 'usdPerMonth'],
    kind: 'number',
    label: 'Cost cap, US dollars a month',
    help: 'Near it steady hosts are read less often; nothing stops.',
    placeholder: 'none',
  },
];

export const POLICY_FIELDS: readonly FieldSpec[] = [
  {
    path: ['policy', 'environment'],
    kind: 'select',
    label: 'Environment',
    help: 'What the hosts are for: production needs more confidence, development less.',
    options: orDefault('inherited', ['production', 'canary', 'staging', 'development']),
  },
  {
    path: ['policy', 'threshold'],
    kind: 'number',
    label: 'Threshold',
    help: 'Confidence from which a host counts as leaking, 0.5 to 0.95.',
    placeholder: 'inherited, 0.7',
  },
  {
    path: ['policy', 'prior'],
    kind: 'number',
    label: 'Prior',
    help: 'How common leaks are, 0.02 to 0.5.',
    placeholder: 'inherited, 0.03',
  },
  {
    path: ['policy', 'recoverAfter'],
    kind: 'number',
    label: 'Recovered after',
    help: 'Inspections in a row without a finding, 1 to 24.',
    placeholder: 'inherited, 4',
  },
  {
    path: ['policy', 'early'],
    kind: 'select',
    label: 'New hosts that outgrow their siblings',
    help: 'Whether they notify, page, or are not compared.',
    options: orDefault('inherited', ['notify', 'page', 'off']),
  },
  {
    path: ['policy', 'lookBackHours'],
    kind: 'number',
    label: 'History, hours',
    help: 'What is evaluated, 9 to 720; more costs no more.',
    placeholder: 'inherited, 100',
  },
];

export const RULE_FIELDS: readonly FieldSpec[] = [
  { path: ['id'], kind: 'text', label: 'Id', help: '* is any text.', placeholder: 'any' },
  { path: ['name'], kind: 'text', label: 'Name', help: '? is one character.', placeholder: 'any' },
  { path: ['group'], kind: 'text', label: 'Group', help: 'For example web-*.', placeholder: 'any' },
  { path: ['labels'], kind: 'labels', label: 'Labels', help: 'For example tier=db.', placeholder: 'any' },
];

const SCHEDULE_FIELDS: readonly FieldSpec[] = [
  {
    path: ['schedule', 'cron'],
    kind: 'text',
    label: 'Schedule',
    help: 'Cron: minute, hour, day of month, month, day of week.',
    placeholder: '0 * * * *',
    suggest: 'schedules',
  },
  timezone(['schedule', 'timezone']),
];

export const ACCOUNT_FIELDS: readonly FieldSpec[] = [
  ...SCHEDULE_FIELDS,
  {
    path: ['enabled'],
    kind: 'select',
    label: 'Inspected',
    help: 'Whether its schedule inspects it.',
    options: [
      { value: true, label: 'enabled' },
      { value: false, label: 'disabled' },
    ],
  },
  {
    path: ['cadence'],
    kind: 'select',
    label: 'Cadence',
    help: CADENCE_HELP,
    options: orDefault('that of the tenant', ['schedule', 'adaptive']),
  },
  ...POLICY_FIELDS.slice(0, 2),
];

const regions = (placeholder: string): FieldSpec => ({
  path: ['regions'],
  kind: 'list',
  label: 'Regions',
  help: 'As the cloud writes them, with commas between them.',
  placeholder,
});

const required = (path: Path, label: string, help: string, placeholder = ''): FieldSpec => ({
  path,
  kind: 'text',
  label,
  help,
  placeholder,
});

export const PROVIDER_FIELDS: Readonly<Record<string, readonly FieldSpec[]>> = {
  aws: [
    required(['account'], 'Account', 'Its 12 digits.', '111122223333'),
    regions('eu-west-1, us-east-1'),
    required(
      ['role'],
      'Role',
      'The role that is assumed to read it; its name begins with plimsoll-.',
      'arn:aws:iam::111122223333:role/plimsoll-reader',
    ),
  ],
  gcp: [
    required(['account'], 'Project', 'The id of the project.', 'my-project-123456'),
    regions('europe-west1'),
    required(
      ['identity', 'projectNumber'],
      'Number of the pool’s project',
      'The project that holds the identity pool.',
    ),
    required(['identity', 'pool'], 'Identity pool', 'infra/onboarding/gcp.sh makes it.'),
    required(['identity', 'provider'], 'Provider of the pool', 'The AWS provider in it.', 'plimsoll-aws'),
    required(['identity', 'serviceAccount'], 'Service account', 'It reads the metrics of the project.'),
  ],
  azure: [
    required(['account'], 'Subscription', 'Its id, in lower case.'),
    regions('westeurope'),
    required(['directory'], 'Directory', 'What Azure calls a tenant.'),
    required(['client'], 'Application', 'The application that reads the subscription.'),
    required(
      ['workspace'],
      'Log Analytics workspace',
      'Holds processes and pods; without it top consumers are not named.',
      'none',
    ),
  ],
};

/** What a new account begins with: its fields are empty, so that the check names each that is missing. */
export const NEW_ACCOUNTS: Readonly<Record<string, object>> = {
  aws: { provider: 'aws', account: '', regions: [], role: '' },
  gcp: {
    provider: 'gcp',
    account: '',
    regions: [],
    identity: { projectNumber: '', pool: '', provider: 'plimsoll-aws', serviceAccount: '' },
  },
  azure: { provider: 'azure', account: '', regions: [], directory: '', client: '' },
};

export const ALERT_FIELDS: readonly FieldSpec[] = [
  {
    path: ['alerts', 'preset'],
    kind: 'select',
    label: 'Preset of rules',
    help: 'Precog decides by pattern, confidence and growth.',
    options: orDefault('default', ['precog']),
  },
  {
    path: ['alerts', 'silenceHours'],
    kind: 'number',
    label: 'Silence, hours',
    help: 'No further notification of an incident within them, unless it is worse.',
    placeholder: 'none',
  },
  {
    path: ['alerts', 'storm'],
    kind: 'select',
    label: 'Storms',
    help: 'Hosts of one group that rise alike are one incident of a fleet.',
    options: [
      { value: undefined, label: 'on: five hosts within six hours' },
      { value: false, label: 'off: each host is its own' },
    ],
  },
  timezone(['alerts', 'timezone'], 'Time zone of messages', 'UTC alone'),
  {
    path: ['alerts', 'shadow', 'until'],
    kind: 'text',
    label: 'In shadow until',
    help: 'Nothing is sent until then; a summary follows.',
    placeholder: 'none, or 2026-12-07T00:00:00Z',
  },
  {
    path: ['alerts', 'reminder', 'afterHours'],
    kind: 'number',
    label: 'Reminder after, hours',
    help: 'Of an open incident that nobody acknowledged.',
    placeholder: 'none',
  },
  {
    path: ['alerts', 'digest', 'every'],
    kind: 'select',
    label: 'Digest',
    help: 'What is open, new, recovered and held back.',
    options: orDefault('none', ['day', 'week']),
  },
  {
    path: ['alerts', 'digest', 'at'],
    kind: 'text',
    label: 'Time of the digest',
    help: 'In the digest’s time zone, UTC unless the text has another.',
    placeholder: '08:00',
  },
];

export const QUIET_FIELDS: readonly FieldSpec[] = [
  { path: ['from'], kind: 'text', label: 'From', help: 'A time such as 22:00.', placeholder: '22:00' },
  { path: ['to'], kind: 'text', label: 'To', help: 'The same time lasts a day.', placeholder: '07:00' },
  { path: ['days'], kind: 'list', label: 'Days', help: DAYS.join(', '), placeholder: 'every day' },
  timezone(['timezone']),
  {
    path: ['below'],
    kind: 'select',
    label: 'Holds back below',
    help: 'What is as severe is sent.',
    options: orDefault('critical (default)', SEVERITIES),
  },
];

export const WINDOW_FIELDS: readonly FieldSpec[] = [
  { path: ['name'], kind: 'text', label: 'Name', help: 'Lower case, digits, dashes.', placeholder: 'patch-day' },
  { path: ['cron'], kind: 'text', label: 'Begins', help: 'Cron, in its time zone.', placeholder: '0 2 * * 0' },
  { path: ['durationMinutes'], kind: 'number', label: 'Minutes', help: 'Up to a week.', placeholder: '120' },
  timezone(['timezone']),
  { path: ['match', 'groups'], kind: 'list', label: 'Groups', help: 'Other matches: in the text.', placeholder: 'all' },
];
