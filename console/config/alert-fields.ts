/** Fields of the alerts of a tenant. */
import { type FieldSpec, orDefault, timezone } from './field-specs.ts';

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const SEVERITIES = ['low', 'medium', 'high', 'critical'] as const;

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
