/** Fields of an account: of every provider, and of one. */
import type { Path } from './document.ts';
import { CADENCE_HELP, type FieldSpec, orDefault, timezone } from './field-specs.ts';
import { POLICY_FIELDS } from './tenant-fields.ts';

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
    path: ['containers'],
    kind: 'select',
    label: 'Containers',
    help: 'Whether containers and tasks are inspected against their limits too. In AWS and Google Cloud each costs as hosts do.',
    options: [
      { value: undefined, label: 'default: with prometheus alone' },
      { value: true, label: 'inspected' },
      { value: false, label: 'machines alone' },
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
  prometheus: [
    required(['account'], 'Name', 'What you call the server.', 'production'),
    required(['url'], 'Address', 'Without /api/v1. The operator lists its host.', 'https://prometheus.example.com'),
    {
      path: ['auth', 'type'],
      kind: 'select',
      label: 'Authorisation',
      help: 'What goes with requests. For a cloud’s own service its identity stands in the text.',
      options: ['none', 'basic', 'bearer', 'sigv4', 'entra', 'google'].map((type) => ({ value: type, label: type })),
    },
    required(['auth', 'secret'], 'Secret', 'Of basic and bearer: the last part of its name.', 'prometheus-token'),
    required(['orgId'], 'Organisation', 'The tenant of Grafana Mimir or Cortex.', 'none'),
    required(['groupLabel'], 'Label of groups', 'Machines with the same value are a group.', 'none'),
  ],
  otlp: [
    required(['account'], 'Name', 'What you call the hosts that send. An ingest token sends for it.', 'production'),
    required(['groupAttribute'], 'Attribute of groups', 'Hosts with the same value are a group.', 'none'),
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
  prometheus: { provider: 'prometheus', account: '', url: '', auth: { type: 'none' } },
  otlp: { provider: 'otlp', account: '' },
};
