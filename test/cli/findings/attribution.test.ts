import { describe, expect, it } from 'vitest';
import { renderWhoGrew, topConsumerText } from '../../../cli/findings/attribution.ts';
import { plain } from '../../../cli/render/text.ts';
import { topConsumerOf } from '../../../core/inspection/listed-finding.ts';
import type { Attribution } from '../../../core/model/attribution.ts';
import { aContribution, anAttribution, HOUR, NOON } from '../../fixtures/builders.ts';

function render(attribution: Attribution, width = 100): string {
  return renderWhoGrew(attribution, { width, paint: plain }).join('\n');
}

const NOBODY = { kind: 'unattributed', detail: null, traces: [] } as const;
const POD = { kind: 'pod', name: 'cart-7d9f', namespace: 'shop' } as const;

describe('renderWhoGrew', () => {
  it('lists each that grew with its levels and its share, and what is not explained', () => {
    expect(render(anAttribution())).toMatchInlineSnapshot(`
      "Who grew
      12 processes or pods compared, 2026-11-18 12:00 – 11-20 12:00 UTC; shares are of the host’s rise of
      +1000 MiB (980 to 1020).
      name     from        to                      rise            share
      node  100 MiB  1000 MiB     +900 MiB (855 to 945)  90 % (86 to 95)
      java  100 MiB   160 MiB  +60.0 MiB (57.0 to 63.0)     6 % (6 to 6)
      Not explained: +40.0 MiB (20.0 to 60.0), 4 % (2 to 6): no consumer that is collected holds it:
      memory of the kernel, shared memory and files kept in memory, or processes that nobody collects.
      Largest at the end: node 1000 MiB, java 160 MiB."
    `);
  });

  it('lists who came later and who was restarted', () => {
    const grown = [aContribution('', 500, { consumer: POD, since: NOON - 3 * HOUR, restarts: [NOON - HOUR] })];

    expect(render(anAttribution({ grown, largest: [] }))).toMatchInlineSnapshot(`
      "Who grew
      12 processes or pods compared, 2026-11-18 12:00 – 11-20 12:00 UTC; shares are of the host’s rise of
      +1000 MiB (980 to 1020).
      name                 to                   rise            share  new at       restarts
      shop/cart-7d9f  600 MiB  +500 MiB (475 to 525)  50 % (48 to 53)  11-20 09:00  1, last 11-20 11:00
      Not explained: +40.0 MiB (20.0 to 60.0), 4 % (2 to 6): no consumer that is collected holds it:
      memory of the kernel, shared memory and files kept in memory, or processes that nobody collects."
    `);
  });

  it('names what shares are of where the capacity is not known, and omits the remainder', () => {
    const text = render(anAttribution({ basis: 'consumers', unexplained: null }), 200);

    expect(text).toContain('shares are of their common rise of');
    expect(text).toContain('because the host’s capacity is not known');
    expect(text).not.toContain('Not explained');
  });

  it('names those that were not collected throughout', () => {
    const grown = [aContribution('nginx', 500, { collectedFrom: NOON - 4 * HOUR }), aContribution('java', 400)];

    const lines = render(anAttribution({ grown, largest: [] }), 200).split('\n');

    expect(lines.filter((line) => line.includes('collected since'))).toEqual([
      'nginx: collected since 2026-11-20 08:00 UTC only: its use is assumed to be constant beyond that.',
    ]);
  });

  it('states that nobody grew', () => {
    expect(render(anAttribution({ grown: [] }))).toContain('No collected consumer.');
  });

  it('explains why nobody is named, and what to do', () => {
    const detail = 'Let the agent collect processes.';

    expect(render({ kind: 'unattributed', reason: 'not_collected', detail, traces: [] })).toBe(
      'Who grew\nNot known: processes are not collected. Let the agent collect processes.',
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

describe('topConsumerText', () => {
  it.each<[string, Attribution | undefined, string]>([
    ['names the one that grew most, with its share', anAttribution(), 'node 90 %'],
    [
      'names a pod with its namespace',
      anAttribution({ grown: [aContribution('', 500, { consumer: POD })] }),
      'shop/cart-7d9f 50 %',
    ],
    [
      'leaves out a share that is not known',
      anAttribution({ grown: [aContribution('node', 1, { share: null })] }),
      'node',
    ],
    ['states that nobody grew', anAttribution({ grown: [] }), '(no collected consumer grew)'],
    ['explains why there is nobody', { ...NOBODY, reason: 'denied' }, '(no right to read, or not signed in)'],
    ['is empty where there cannot be anybody', { ...NOBODY, reason: 'unsupported' }, ''],
    ['is empty where it was not requested', undefined, ''],
  ])('%s', (_, attribution, text) => {
    expect(topConsumerText(attribution === undefined ? null : topConsumerOf(attribution))).toBe(text);
  });
});
