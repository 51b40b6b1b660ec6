/** `plimsoll notify`: publishes a test, shows who gets it, and takes back its code. */
import { randomInt } from 'node:crypto';
import { createInterface } from 'node:readline/promises';
import { setTimeout } from 'node:timers/promises';
import { formatTime } from '../../core/messages/times.ts';
import type { Delivery } from '../../core/model/delivery.ts';
import type { ServiceEvent } from '../../core/model/service-event.ts';
import type { DeliveryLog } from '../../core/ports/delivery-log.ts';
import type { Subscription } from '../../core/ports/topic-subscriptions.ts';
import { chooseReceivers } from '../../core/relay/choose-receivers.ts';
import { type Confirmation, confirmTest, publishTest } from '../../core/relay/notify-test.ts';
import { alertsOf } from '../../core/tenants/alerts.ts';
import type { CommandContext } from '../context.ts';
import { type DeploymentOptions, deploymentArguments } from '../deployment.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { callerArn, openConfigStore, openDeliveryLog, openPublisher, openTopicSubscriptions } from '../stores.ts';
import type { Terminal } from '../terminal.ts';
import { noTenant, UsageError } from '../usage-error.ts';

export interface TestOptions {
  readonly tenant: string;
  readonly receiver?: readonly string[];
  readonly wait?: boolean;
}

export interface ConfirmOptions {
  readonly tenant: string;
}

export interface NotifyIo {
  /** How long to wait between two looks; tests pass one that works meanwhile. */
  pause(ms: number): Promise<unknown>;
  /** The code that a person types; undefined where nobody is at a terminal. */
  askCode(): Promise<string | undefined>;
}

/** Milliseconds between two looks at the log, and how many: two minutes, in which a receiver is tried three times. */
const EVERY_MS = 2_000;
const MOST_LOOKS = 60;

/** Neither of them is taken for another: no 0, O, 1, I or L. */
const CODE_CHARACTERS = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789';
const CODE_LENGTH = 6;

export async function testNotifications(
  options: TestOptions & DeploymentOptions,
  context: CommandContext,
  io: NotifyIo = terminalIo(context),
): Promise<ExitCode> {
  const { environment, terminal, now } = context;
  const { tenant, receiver = [], wait = true } = options;
  const stored = await openConfigStore(environment).get(tenant);
  if (stored === undefined) throw noTenant(tenant, deploymentArguments(options));
  const alerts = alertsOf(stored.config);
  const unknown = receiver.filter((name) => !alerts.receivers?.some((one) => one.name === name));
  if (unknown.length > 0) throw new UsageError(`Tenant ${tenant} has no receiver ${unknown.join(', ')}.`);
  const log = openDeliveryLog(environment);
  const subscriptions = await openTopicSubscriptions(environment).list(tenant);
  const test = { tenant, receivers: receiver, code: newCode(), now };
  const event = await publishTest(test, { log, publisher: openPublisher(environment) });
  const names = chooseReceivers(event, alerts).receivers.map(({ name }) => name);
  terminal.print(`published: ${event.id}\n${subscriptionLines(subscriptions).join('\n')}`);
  if (!wait) return EXIT.clean;
  const settled = await waitForReceivers(event, names, { log, terminal, io });
  if (names.length > 0) terminal.print(receiverLines(names, settled).join('\n'));
  const isTaken = names.every((name) => settled.get(name)?.outcome === 'sent');
  const code = await io.askCode();
  const confirmation =
    code === undefined ? undefined : await confirmTest(tenant, code, log, Date.now(), await callerArn(context));
  terminal.print(
    confirmation === undefined
      ? `Whoever reads it proves the way with: plimsoll notify confirm CODE --tenant ${tenant}${deploymentArguments(options)}`
      : CONFIRMED[confirmation],
  );
  return isTaken && (confirmation === undefined || confirmation === 'confirmed') ? EXIT.clean : EXIT.partial;
}

const CONFIRMED: Readonly<Record<Confirmation, string>> = {
  confirmed: 'confirmed: the way to whoever read the code works.',
  wrong: 'That is not the code of the last test. Look at the newest message.',
  no_test: 'No test of this tenant was published.',
  expired: 'The last test is older than a day. Publish another one.',
};

export async function confirmNotifications(
  code: string,
  { tenant }: ConfirmOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const { environment, terminal, now } = context;
  const confirmation = await confirmTest(tenant, code, openDeliveryLog(environment), now, await callerArn(context));
  terminal.print(`${CONFIRMED[confirmation]}${confirmation === 'confirmed' ? ` ${formatTime(now)}` : ''}`);
  return confirmation === 'confirmed' ? EXIT.clean : EXIT.partial;
}

function newCode(): string {
  return Array.from({ length: CODE_LENGTH }, () => CODE_CHARACTERS[randomInt(CODE_CHARACTERS.length)]).join('');
}

function subscriptionLines(subscriptions: readonly Subscription[]): string[] {
  if (subscriptions.length === 0) return ['Nobody has subscribed to the topic.'];
  return subscriptions.map(
    ({ protocol, endpoint, confirmed }) =>
      `  ${confirmed ? 'confirmed    ' : 'NOT CONFIRMED'}  ${protocol}  ${endpoint}`,
  );
}

function receiverLines(names: readonly string[], settled: ReadonlyMap<string, Delivery>): string[] {
  return names.map((name) => {
    const { outcome = 'no answer yet', reason = null } = settled.get(name) ?? {};
    return `  ${outcome.padEnd(13)}  ${name}${reason === null ? '' : `: ${reason}`}`;
  });
}

async function waitForReceivers(
  { id, data }: ServiceEvent,
  names: readonly string[],
  { log, terminal, io }: { log: Pick<DeliveryLog, 'deliveries'>; terminal: Terminal; io: NotifyIo },
): Promise<ReadonlyMap<string, Delivery>> {
  let settled = new Map<string, Delivery>();
  for (let look = 0; look < MOST_LOOKS && settled.size < names.length; look++) {
    terminal.progress(`waiting for ${names.length - settled.size} of ${names.length} receivers …`);
    if (look > 0) await io.pause(EVERY_MS);
    const deliveries = await log.deliveries(data.tenant, id);
    settled = new Map(deliveries.map((delivery) => [delivery.receiver, delivery]));
  }
  return settled;
}

function terminalIo({ signal, terminal }: CommandContext): NotifyIo {
  return {
    pause: (ms) => setTimeout(ms, undefined, { signal }),
    async askCode() {
      if (!terminal.live || process.stdin.isTTY !== true) return undefined;
      const reader = createInterface({ input: process.stdin, output: process.stderr });
      try {
        const code = await reader.question('The code of the message, or nothing: ', { signal });
        return code.trim() === '' ? undefined : code;
      } finally {
        reader.close();
      }
    },
  };
}
