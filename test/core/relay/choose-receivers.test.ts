import { describe, expect, it } from 'vitest';
import { chooseReceivers } from '../../../core/relay/choose-receivers.ts';
import { ALERTS, aFailedEvent, anEventFor, aTestEvent, CHAT, HOOK, PAGER } from '../../fixtures/receivers.ts';

const RECEIVERS = [CHAT, PAGER, ALERTS, HOOK];

const namesOf = (...parameters: Parameters<typeof chooseReceivers>) =>
  chooseReceivers(...parameters).receivers.map(({ name }) => name);

describe('the receivers of an event', () => {
  it('about a host are those that it names', () => {
    expect(namesOf(anEventFor(['pager', 'chat']), { receivers: RECEIVERS })).toEqual(['chat', 'pager']);
  });

  it('about a host are none where it names none', () => {
    const routes = [{ receivers: ['chat'], continue: false }];

    expect(namesOf(anEventFor([]), { receivers: RECEIVERS, routes })).toEqual([]);
  });

  it('that the config has no longer are reported', () => {
    expect(chooseReceivers(anEventFor(['gone', 'chat']), { receivers: RECEIVERS })).toEqual({
      receivers: [CHAT],
      unknown: ['gone'],
    });
  });

  it('about Plimsoll itself are those of the first route without a condition', () => {
    const routes = [
      { match: { groups: ['web'] }, receivers: ['hook'], continue: false },
      { kinds: ['opened' as const], receivers: ['hook'], continue: false },
      { receivers: ['pager'], continue: false },
      { receivers: ['alerts'], continue: false },
    ];

    expect(namesOf(aFailedEvent(), { receivers: RECEIVERS, routes })).toEqual(['pager']);
  });

  it('about Plimsoll itself are those of further routes too, where a route lets them', () => {
    const routes = [
      { receivers: ['pager'], continue: true },
      { receivers: ['alerts'], continue: false },
    ];

    expect(namesOf(aFailedEvent(), { receivers: RECEIVERS, routes })).toEqual(['pager', 'alerts']);
  });

  it('about Plimsoll itself are all where there are no routes, as those of incidents are', () => {
    expect(namesOf(aFailedEvent(), { receivers: RECEIVERS })).toEqual(['chat', 'pager', 'alerts', 'hook']);
    expect(namesOf(aFailedEvent(), { receivers: RECEIVERS, routes: [] })).toEqual([]);
  });

  it('of a test are all, or those that it names', () => {
    expect(namesOf(aTestEvent(), { receivers: RECEIVERS })).toEqual(['chat', 'pager', 'alerts', 'hook']);
    expect(namesOf(aTestEvent({ receivers: ['hook'] }), { receivers: RECEIVERS })).toEqual(['hook']);
  });
});
