/** The facts of a new host that grows faster than the others of its group. */
import type { NotificationEarly } from '../model/notification.ts';
import { ageText, signedPoints } from './early.ts';
import { displayText } from './plain-text.ts';
import { formatTime } from './times.ts';
import { counted, formatNumber, formatPercent } from './units.ts';

const REFERENCES: Readonly<Record<NotificationEarly['references'], string>> = {
  earlier: 'that began before it',
  beside: 'launched beside it',
  both: 'of its group',
};

export function earlyFacts(early: NotificationEarly): (readonly [label: string, text: string])[] {
  const { level, rise, others, compared, references, deviations, group, event } = early;
  const range = `${signedPoints(others.low)} to ${signedPoints(others.high)}`;
  return [
    ['Memory', `${formatPercent(level)} used at an age of ${ageText({ ...early, fromHours: 0 })}`],
    ['Growth', `${signedPoints(rise)} points (age ${ageText(early)})`],
    [
      'Others',
      `${signedPoints(others.median)} points at that age (${range}), ${counted(compared, 'host')} ${REFERENCES[references]}`,
    ],
    ['Decided', `${formatNumber(deviations)} deviations above the others`],
    ['Scaled', `group ${displayText(group)} at ${formatTime(Date.parse(event))}`],
  ];
}
