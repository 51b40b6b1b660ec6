import { describe, expect, it } from 'vitest';
import { confirmTest, publishTest } from '../../../core/relay/notify-test.ts';
import { HOUR, NOON } from '../../fixtures/builders.ts';
import { createMemoryPublisher } from '../../memory/messaging.ts';
import { createMemoryDeliveryLog } from '../../memory/stores.ts';

async function aWorld() {
  const [log, publisher] = [createMemoryDeliveryLog(), createMemoryPublisher()];
  await publisher.ensureTopic('acme');
  const test = (code = 'K7QX2M', receivers: readonly string[] = []) =>
    publishTest({ tenant: 'acme', receivers, code, now: NOON }, { log, publisher });
  const confirm = (code: string, at = NOON + HOUR) => confirmTest('acme', code, log, at, 'arn:aws:iam::1:user/ops');
  return { confirm, log, publisher, test };
}

describe('a test notification', () => {
  it('is published with its code, for the receivers that it names', async () => {
    const { publisher, test } = await aWorld();

    await test('K7QX2M', ['pager']);

    expect(publisher.serviceEvents.get('acme')).toMatchObject([
      { type: 'plimsoll.test', data: { kind: 'test', code: 'K7QX2M', receivers: ['pager'] } },
    ]);
  });

  it('is confirmed by its code, however that is written', async () => {
    const { confirm, log, test } = await aWorld();
    await test();

    expect(await confirm(' k7qx2m ')).toBe('confirmed');
    expect((await log.test('acme'))?.value).toMatchObject({
      confirmedAt: NOON + HOUR,
      confirmedBy: 'arn:aws:iam::1:user/ops',
    });
  });

  it('is confirmed by the code of the last one alone, for a day', async () => {
    const { confirm, test } = await aWorld();
    const before = await confirm('K7QX2M');
    await test();
    await test('ABCDEF');

    expect([
      before,
      await confirm('K7QX2M'),
      await confirm('ABCDEF', NOON + 25 * HOUR),
      await confirm('ABCDEF'),
    ]).toEqual(['no_test', 'wrong', 'expired', 'confirmed']);
  });

  it('is reported where its topic does not accept it', async () => {
    const { publisher, test } = await aWorld();
    publisher.down = true;

    await expect(test()).rejects.toThrow('The test was not published: the topic does not answer');
  });
});
