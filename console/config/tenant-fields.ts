/** Fields of a tenant, of its policy, and of what its filters name. */
import { CADENCE_HELP, type FieldSpec, orDefault } from './field-specs.ts';

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
