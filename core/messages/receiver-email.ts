/** What people read of receivers that take nothing, and of test notifications. */
import type { ServiceEventData } from '../model/service-event.ts';
import { stageOption } from './incident-commands.ts';
import { plainText } from './plain-text.ts';
import { field, timeText } from './service-field.ts';

type DataOf<Kind extends ServiceEventData['kind']> = Extract<ServiceEventData, { kind: Kind }>;

export function receiverFailingLines(data: DataOf<'receiver_failing'>): string[] {
  const tenant = plainText(data.tenant);
  return [
    field('Tenant', tenant),
    field('Receiver', `${data.receiver} (${plainText(data.type)})`),
    field('Since', timeText(data.since)),
    field('Reason', plainText(data.message, 500)),
    '',
    'Notifications do not arrive there until this is repaired. The topic has them. What to do next',
    '  Correct the secret, the address or the receiver in the config, then try the way with',
    `  npx plimsoll notify test --tenant ${tenant} --receiver ${data.receiver} ${stageOption(data.stage)}`,
  ];
}

export function receiverRestoredLines(data: DataOf<'receiver_restored'>): string[] {
  return [
    field('Tenant', plainText(data.tenant)),
    field('Receiver', data.receiver),
    field('Failed since', timeText(data.since)),
    '',
    'What was refused in the meantime is not sent again; the topic had it.',
  ];
}

export function testLines(data: DataOf<'test'>): string[] {
  const tenant = plainText(data.tenant);
  return [
    field('Tenant', tenant),
    field('Code', data.code),
    '',
    'This is a test: nothing is wrong. Whoever reads it proves that notifications arrive:',
    `  npx plimsoll notify confirm ${data.code} --tenant ${tenant} ${stageOption(data.stage)}`,
  ];
}
