import { describe, expect, it } from 'vitest';
import type { Alerts } from '../../../core/model/alerts.ts';
import type { Receiver } from '../../../core/model/receiver.ts';
import type { PublishedEvent } from '../../../core/model/service-event.ts';
import type { Outgoing, SendOutcome } from '../../../core/ports/receiver-gateway.ts';
import { relayEvent } from '../../../core/relay/relay-event.ts';
import { anAccount, HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';
import {
  ALERTS,
  aFailedEvent,
  anEventFor,
  aTenantWith,
  aTestEvent,
  CHAT,
  HOOK,
  PAGER,
  SENT,
} from '../../fixtures/receivers.ts';
import { createMemoryPublisher } from '../../memory/messaging.ts';
import { createMemoryConfigStore, createMemoryDeliveryLog } from '../../memory/stores.ts';

const DOWN: SendOutcome = { kind: 'failed', reason: 'it answered HTTP 503' };
const NO_SECRET: SendOutcome = { kind: 'refused', reason: 'there is no secret plimsoll/dev/acme/slack-token' };

/** A tenant with four receivers; what each answers can be changed as a test goes. */
async function aWorld(alerts: Alerts = {}, overrides: Record<string, unknown> = {}) {
  const configs = createMemoryConfigStore();
  const receivers = [CHAT, PAGER, ALERTS, HOOK];
  const routes = [{ receivers: ['chat', 'hook'], continue: false }];
  await configs.put(aTenantWith({ receivers, routes, ...alerts }, overrides), 0, 'external', NOON);
  const publisher = createMemoryPublisher();
  await publisher.ensureTopic('acme');
  const [sent, answers] = [[] as Outgoing[], new Map<string, SendOutcome>()];
  const gateway = {
    async send(outgoing: Outgoing) {
      sent.push(outgoing);
      return answers.get(outgoing.receiver.name) ?? SENT;
    },
    renew: async () => SENT,
  };
  const log = createMemoryDeliveryLog();
  const relay = (event: PublishedEvent, { at = NOON, attempts = 1 } = {}) =>
    relayEvent(event, { configs, publisher, gateway, log }, { now: at, attempts });
  const sentTo = (name: string) =>
    sent.filter(({ receiver }) => receiver.name === name).map(({ event }) => event.data.kind);
  const reported = () => (publisher.serviceEvents.get('acme') ?? []).map(({ data }) => data.kind);
  return { answers, log, publisher, relay, reported, sent, sentTo };
}

describe('an event that is relayed', () => {
  it('goes once to each of its receivers, however often it comes', async () => {
    const { relay, sent } = await aWorld();

    const first = await relay(anEventFor(['chat', 'hook']));
    const second = await relay(anEventFor(['chat', 'hook']));

    expect(sent.map(({ receiver }) => receiver.name)).toEqual(['chat', 'hook']);
    expect([first.againAfterMs, second.againAfterMs]).toEqual([undefined, undefined]);
  });

  it('comes again where one receiver is down, and then goes to that one alone', async () => {
    const { answers, relay, sentTo } = await aWorld();
    answers.set('hook', DOWN);

    const report = await relay(anEventFor(['chat', 'hook']));
    answers.delete('hook');
    const again = await relay(anEventFor(['chat', 'hook']), { at: NOON + MINUTE, attempts: 2 });

    expect(report.againAfterMs).toBe(15_000);
    expect(again.againAfterMs).toBeUndefined();
    expect([sentTo('chat'), sentTo('hook')]).toEqual([['opened'], ['opened', 'opened']]);
  });

  it('waits longer from try to try, and as long as a receiver wants', async () => {
    const { answers, relay } = await aWorld();
    answers.set('hook', DOWN);
    const waits = [];
    for (const attempts of [1, 2, 5, 12])
      waits.push((await relay(anEventFor(['hook']), { at: NOON + attempts * HOUR, attempts })).againAfterMs);
    answers.set('hook', { ...DOWN, retryAfterMs: 300_000 });
    waits.push((await relay(anEventFor(['hook']), { at: NOON + 13 * HOUR })).againAfterMs);

    expect(waits).toEqual([15_000, 30_000, 240_000, 1_800_000, 300_000]);
  });

  it('replies to the first message of its incident', async () => {
    const { answers, relay, sent } = await aWorld();
    answers.set('chat', { kind: 'sent', thread: '1732.1', firing: null });

    await relay(anEventFor(['chat']));
    await relay(anEventFor(['chat'], { transition: 2, kind: 'worse' }));
    await relay(aFailedEvent());

    expect(sent.map(({ receiver, thread }) => [receiver.name, thread])).toEqual([
      ['chat', null],
      ['chat', '1732.1'],
      ['chat', null],
      ['hook', null],
    ]);
  });

  it('waits for an earlier one of its incident that was not taken, for an hour at the most', async () => {
    const { answers, relay, sentTo } = await aWorld();
    const [opened, worse] = [anEventFor(['chat']), anEventFor(['chat'], { transition: 2, kind: 'worse' })];
    answers.set('chat', DOWN);
    await relay(opened);
    answers.delete('chat');

    const early = await relay(worse, { at: NOON + MINUTE });
    const late = await relay(worse, { at: NOON + 61 * MINUTE });

    expect(early.relayed.map(({ attempt }) => attempt.kind)).toEqual(['waits']);
    expect(late.relayed.map(({ attempt }) => attempt.kind)).toEqual(['settled']);
    expect(sentTo('chat')).toEqual(['opened', 'worse']);
  });

  it('waits for an earlier one in a few steps, so that its own tries are left', async () => {
    const { answers, relay, sentTo } = await aWorld();
    const [opened, recovered] = [anEventFor(['chat']), anEventFor(['chat'], { transition: 2, kind: 'recovered' })];
    answers.set('chat', DOWN);
    await relay(opened);

    const waits = [];
    for (let at = NOON, attempts = 1; at < NOON + HOUR; attempts++) {
      const { againAfterMs = 0 } = await relay(recovered, { at, attempts });
      waits.push(againAfterMs / 1000);
      at += againAfterMs;
    }

    expect(waits).toEqual([15, 30, 60, 120, 240, 480, 960, 1695]);
    expect(sentTo('chat')).toEqual(['opened']);
  });

  it('comes again for one receiver before another one wants it, and passes that one over', async () => {
    const { answers, relay, sentTo } = await aWorld();
    answers.set('chat', DOWN);
    answers.set('hook', { ...DOWN, retryAfterMs: HOUR });

    const report = await relay(anEventFor(['chat', 'hook']));
    answers.clear();
    const again = await relay(anEventFor(['chat', 'hook']), { at: NOON + MINUTE, attempts: 2 });
    const last = await relay(anEventFor(['chat', 'hook']), { at: NOON + HOUR, attempts: 3 });

    expect([report, again, last].map(({ againAfterMs }) => againAfterMs)).toEqual([15_000, 59 * MINUTE, undefined]);
    expect([sentTo('chat'), sentTo('hook')]).toEqual([
      ['opened', 'opened'],
      ['opened', 'opened'],
    ]);
  });

  it('waits for no event of another incident, and none of another receiver', async () => {
    const { answers, relay } = await aWorld();
    answers.set('chat', DOWN);
    await relay(anEventFor(['chat']));

    const other = await relay(anEventFor(['hook'], { transition: 2, kind: 'worse' }));

    expect(other.againAfterMs).toBeUndefined();
  });

  it.each([PAGER, ALERTS])('never undoes a later one where the receiver keeps a state: $type', async ({ name }) => {
    const { log, relay, sentTo } = await aWorld();
    const [opened, recovered] = [anEventFor([name]), anEventFor([name], { transition: 2, kind: 'recovered' })];

    await relay(recovered);
    await relay(opened);

    expect(sentTo(name)).toEqual(['recovered']);
    expect(await log.delivery('acme', opened.id, name)).toMatchObject({ outcome: 'superseded' });
  });

  it('is not sent while another one of its incident is', async () => {
    const { log, relay, sent } = await aWorld();
    const event = anEventFor(['chat']);
    const lease = { event: 'other', until: NOON + MINUTE };
    const progress = { subject: event.data.incident, thread: null, order: 0, lease, waiting: null, alert: null };
    await log.putProgress('acme', 'chat', progress, 0);

    const report = await relay(event);
    const after = await relay(event, { at: NOON + 2 * MINUTE });

    expect(report.againAfterMs).toBe(5_000);
    expect(after.againAfterMs).toBeUndefined();
    expect(sent).toHaveLength(1);
  });

  it('is not sent again where what sent it was ended before it could note that', async () => {
    const { log, relay, sent } = await aWorld();
    const event = anEventFor(['chat']);
    const progress = { subject: event.data.incident, thread: '1', order: 1, lease: null, waiting: null, alert: null };
    await log.putProgress('acme', 'chat', progress, 0);

    await relay(event);

    expect(sent).toEqual([]);
    expect(await log.delivery('acme', event.id, 'chat')).toMatchObject({ outcome: 'sent' });
  });

  it('is two runs of its account ahead of the end of its alert', async () => {
    const { relay, sent } = await aWorld();

    await relay(anEventFor(['alerts']));
    await relay(aTestEvent({ receivers: ['hook'] }));

    expect(sent.map(({ firesUntil }) => (firesUntil - NOON) / MINUTE)).toEqual([135, 60]);
  });

  it('goes to the receivers of its account, where that has its own', async () => {
    const own: Receiver = { ...HOOK, name: 'chat' };
    const { relay, sent } = await aWorld({}, { accounts: [{ ...anAccount(), alerts: { receivers: [own] } }] });

    await relay(anEventFor(['chat']));

    expect(sent.map(({ receiver }) => receiver)).toEqual([own]);
  });

  it('of a tenant that is gone goes nowhere', async () => {
    const { relay, sent } = await aWorld();
    const event = anEventFor(['chat']);

    const report = await relay({ ...event, data: { ...event.data, tenant: 'gone' } });

    expect(report).toEqual({ relayed: [], unknown: [], againAfterMs: undefined });
    expect(sent).toEqual([]);
  });
});

describe('a receiver that takes nothing', () => {
  it('is reported to its tenant once, with the reason, and the event does not come again', async () => {
    const { answers, publisher, relay, reported } = await aWorld();
    answers.set('chat', NO_SECRET);

    const first = await relay(anEventFor(['chat']));
    const second = await relay(anEventFor(['chat'], { transition: 2, kind: 'worse' }), { at: NOON + MINUTE });

    expect([first, second].map(({ againAfterMs }) => againAfterMs)).toEqual([undefined, undefined]);
    expect([first, second].flatMap(({ relayed }) => relayed.map(({ beganToFail }) => beganToFail))).toEqual([
      true,
      false,
    ]);
    expect(reported()).toEqual(['receiver_failing']);
    expect(publisher.serviceEvents.get('acme')?.[0]?.data).toMatchObject({
      receiver: 'chat',
      type: 'slack',
      message: 'there is no secret plimsoll/dev/acme/slack-token',
    });
  });

  it('is reported to the other receivers and not to itself', async () => {
    const { answers, publisher, relay, sentTo } = await aWorld();
    answers.set('chat', NO_SECRET);
    await relay(anEventFor(['chat']));

    const [report] = publisher.serviceEvents.get('acme') ?? [];
    if (report) await relay(report);

    expect([sentTo('chat'), sentTo('hook')]).toEqual([['opened'], ['receiver_failing']]);
  });

  it('is reported when it did not answer for minutes, and not at its first failure', async () => {
    const { answers, relay, reported } = await aWorld();
    answers.set('hook', DOWN);

    await relay(anEventFor(['hook']));
    const before = reported();
    await relay(anEventFor(['hook']), { at: NOON + 5 * MINUTE, attempts: 4 });

    expect([before, reported()]).toEqual([[], ['receiver_failing']]);
  });

  it('is reported to work again, once', async () => {
    const { answers, relay, reported } = await aWorld();
    answers.set('chat', NO_SECRET);
    await relay(anEventFor(['chat']));
    answers.delete('chat');

    for (const transition of [2, 3]) await relay(anEventFor(['chat'], { transition, kind: 'worse' }));

    expect(reported()).toEqual(['receiver_failing', 'receiver_restored']);
  });

  it('is reported by the next event where the topic did not accept the report', async () => {
    const { answers, publisher, relay, reported } = await aWorld();
    answers.set('chat', NO_SECRET);
    publisher.down = true;

    const report = await relay(anEventFor(['chat']));
    publisher.down = false;
    await relay(anEventFor(['chat'], { transition: 2, kind: 'worse' }), { at: NOON + MINUTE });

    expect(report.relayed.map(({ reportFailure }) => reportFailure)).toEqual(['the topic does not answer']);
    expect(reported()).toEqual(['receiver_failing']);
  });

  it('hides no other receiver', async () => {
    const { answers, relay, sentTo } = await aWorld();
    answers.set('chat', NO_SECRET);
    answers.set('pager', DOWN);

    await relay(anEventFor(['chat', 'pager', 'hook']));

    expect(sentTo('hook')).toEqual(['opened']);
  });
});
