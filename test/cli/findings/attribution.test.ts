import { describe, expect, it } from 'vitest';
import { renderWhoGrew, topConsumerText } from '../../../cli/findings/attribution.ts';
import { plain } from '../../../cli/render/text.ts';
import type { Attribution } from '../../../core/model/attribution.ts';
import { aContribution, anAttribution, HOUR, NOON } from '../../fixtures/builders.ts';

function render(attribution: Attribution, width = 100): string {
  return renderWhoGrew(attribution, { width, paint: plain }).join('\n');
}

const POD = { kind: 'pod', name: 'cart-7d9f', namespace: 'shop' } as const;

describe('renderWhoGrew', () => {
  it('tells each that grew from where to where, with its share, and what is not explained', () => {
    expect(render(anAttribution())).toMatchInlineSnapshot(`
      "Who grew
      12 processes or pods compared, 2026-11-18 12:00 – 11-20 12:00 UTC; shares are of the host’s rise of
      +1000 MiB (980 to 1020).
      name     from        to                      rise            share
      node  100 MiB  1000 MiB     +900 MiB (855 to 945)  90 % (86 to 95)
      java  100 MiB   160 MiB  +60.0 MiB (57.0 to 63.0)     6 % (6 to 6)
      Not explained: +40.0 MiB (20.0 to 60.0), 4 % (2 to 6): no consumer that is collected holds it.
      Largest at the end: node 1000 MiB, java 160 MiB."
    `);
  });

  it('tells who came later and who was restarted', () => {
    const grown = [aContribution('', 500, { consumer: POD, since: NOON - 3 * HOUR, restarts: [NOON - HOUR] })];

    expect(render(anAttribution({ grown, largest: [] }))).toMatchInlineSnapshot(`
      "Who grew
      12 processes or pods compared, 2026-11-18 12:00 – 11-20 12:00 UTC; shares are of the host’s rise of
      +1000 MiB (980 to 1020).
      name                 to                   rise            share  new at       restarts
      shop/cart-7d9f  600 MiB  +500 MiB (475 to 525)  50 % (48 to 53)  11-20 09:00  1, last 11-20 11:00
      Not explained: +40.0 MiB (20.0 to 60.0), 4 % (2 to 6): no consumer that is collected holds it."
    `);
  });

  it('says what shares are of where the capacity is not known, and says nothing of a remainder', () => {
    const text = render(anAttribution({ basis: 'consumers', unexplained: null }));

    expect(text).toContain('that they grew by together, because the host’s capacity is not known');
    expect(text).not.toContain('Not explained');
  });

  it('says which figures are not whole', () => {
    const message = 'collected since 2026-11-20 08:00 UTC only: taken to have used as much beyond that';
    const grown = [aContribution('nginx', 500, { message }), aContribution('java', 400)];

    const lines = render(anAttribution({ grown, largest: [] }), 200).split('\n');

    expect(lines.filter((line) => line.includes('collected since'))).toEqual([`nginx: ${message}.`]);
  });

  it('says that nobody grew', () => {
    expect(render(anAttribution({ grown: [] }))).toContain('Nobody that is collected.');
  });

  it('says why it cannot be said, and what to do', () => {
    const message = 'Let the agent collect processes.';

    expect(render({ kind: 'unattributed', reason: 'not_collected', message })).toBe(
      'Who grew\nCannot be said: processes are not collected. Let the agent collect processes.',
    );
  });

  it('lets no name rewrite the terminal', () => {
    const evil = aContribution('', 900, { consumer: { kind: 'process', name: 'no\x1b[2Jde\nx' } });

    expect(render(anAttribution({ grown: [evil], largest: [evil] }))).not.toContain('\x1b');
  });

  it('fits a narrow terminal', () => {
    const long = aContribution('a-process-with-a-very-long-name-that-goes-on', 900, { restarts: [NOON] });

    const lines = render(anAttribution({ grown: [long] }), 70).split('\n');

    expect(lines.filter((line) => line.length > 70)).toEqual([]);
  });
});

describe('culpritText', () => {
  it.each<[string, Attribution | undefined, string]>([
    ['names the one that grew most, with its share', anAttribution(), 'node 90 %'],
    [
      'names a pod with its namespace',
      anAttribution({ grown: [aContribution('', 500, { consumer: POD })] }),
      'shop/cart-7d9f 50 %',
    ],
    [
      'leaves out a share that cannot be said',
      anAttribution({ grown: [aContribution('node', 1, { share: null })] }),
      'node',
    ],
    ['says that nobody grew', anAttribution({ grown: [] }), '(nobody collected grew)'],
    ['says why there is nobody', { kind: 'unattributed', reason: 'denied', message: '' }, '(access was denied)'],
    ['is empty where there cannot be anybody', { kind: 'unattributed', reason: 'unsupported', message: '' }, ''],
    ['is empty where nobody asked', undefined, ''],
  ])('%s', (_, attribution, text) => {
    expect(topConsumerText(attribution)).toBe(text);
  });
});
