import { describe, expect, it } from 'vitest';
import { type FoundHost, renderFindings } from '../../../cli/findings/findings.ts';
import { plain } from '../../../cli/render/text.ts';
import { aFinding, aLeakingVerdict, anEvidence, aResource, aSeries, HOUR, NOON } from '../../fixtures/builders.ts';

const GROWING = aSeries(Array.from({ length: 400 }, (_, index) => 0.3 + Math.max(0, index - 200) * 0.002));

const WEB: FoundHost = { finding: aFinding({ resource: aResource({ name: 'web-7', group: 'web' }) }), series: GROWING };

const CRITICAL: FoundHost = {
  finding: aFinding({
    resource: aResource({ id: 'i-0ffffffff', region: 'us-east-1' }),
    severity: 'critical',
    verdict: aLeakingVerdict({
      grade: 'suspected',
      evidence: anEvidence({
        level: 0.91,
        pattern: null,
        exhaustion: { kind: 'expected', earliest: NOON + HOUR, likely: NOON + 3 * HOUR, latest: null },
      }),
    }),
  }),
  series: GROWING,
};

const UNBOUNDED: FoundHost = {
  finding: aFinding({
    resource: aResource({ name: 'evil\x1b[2J\nname' }),
    severity: 'low',
    verdict: aLeakingVerdict({
      evidence: anEvidence({ exhaustion: { kind: 'cannot_say', reason: 'capacity_unknown' } }),
    }),
  }),
  series: GROWING,
};

describe('renderFindings', () => {
  it('lists the worst first, with everything where there is room', () => {
    expect(renderFindings([UNBOUNDED, WEB, CRITICAL], { paint: plain })).toMatchInlineSnapshot(`
      "severity    grade      host         group  region     last 100 h              used     growth  exhausted    between         at (UTC)     confidence  pattern
      (critical)  suspected  i-0ffffffff         us-east-1  ▁▁▁▁▁▁▁▁▁▁▁▂▃▃▄▅▆▇██  91.0 %  +0.40 %/h  in 3 h       60 min or more  11-20 15:00        90 %
      medium      confirmed  web-7        web    eu-west-1  ▁▁▁▁▁▁▁▁▁▁▁▂▃▃▄▅▆▇██  62.0 %  +0.40 %/h  in 3 d 23 h  3–5 d           11-24 11:00        90 %  linear
      low         confirmed  evil name           eu-west-1  ▁▁▁▁▁▁▁▁▁▁▁▂▃▃▄▅▆▇██  62.0 %  +0.40 %/h  not known                                       90 %  linear
      (severity): suspected only, and does not page"
    `);
  });

  it('leaves out the columns that are empty or the same for all', () => {
    const [head] = renderFindings([UNBOUNDED], { paint: plain }).split('\n');

    expect(head).not.toContain('where');
    expect(head).not.toContain('group');
    expect(head).not.toContain('at (UTC)');
    expect(head).not.toContain('expected');
  });

  it('keeps what matters most on a terminal of 80 columns', () => {
    const text = renderFindings([WEB, CRITICAL], { paint: plain, width: 80 });

    expect(text).toMatchInlineSnapshot(`
      "severity    grade      host         group  region        growth  exhausted
      (critical)  suspected  i-0ffffffff         us-east-1  +0.40 %/h  in 3 h
      medium      confirmed  web-7        web    eu-west-1  +0.40 %/h  in 3 d 23 h
      (severity): suspected only, and does not page"
    `);
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it('names the cloud of hosts that have one name, also on 80 columns', () => {
    const twin = (provider: 'gcp' | 'azure') => ({
      ...WEB,
      finding: aFinding({
        resource: aResource({ provider, name: 'twin-leak', account: `of-${provider}`, region: 'x' }),
      }),
    });

    const [head, first, second] = renderFindings([twin('gcp'), twin('azure')], { paint: plain, width: 80 }).split('\n');

    expect(head).toMatch(/^severity +grade +host +cloud +account +used +growth +exhausted/);
    expect([first, second]).toEqual([expect.stringContaining(' gcp '), expect.stringContaining(' azure ')]);
  });

  it('shows the complete id of a host below its row where there is no room', () => {
    const ids = [
      'prod-eu-west-1-checkout-canary-000001.example.com',
      'prod-eu-west-1-checkout-canary-000002.example.com',
    ];
    const found = ids.map((id) => ({ ...WEB, finding: aFinding({ resource: aResource({ id }) }) }));

    const lines = renderFindings(found, { paint: plain, width: 80 }).split('\n');

    for (const id of ids) expect(lines).toContain(`  ${id}`);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it('begins all sparklines at the earliest sample of any of them', () => {
    const grown = [...Array(20).fill(0.3), ...Array(20).fill(0.6)];
    const older: FoundHost = { ...CRITICAL, series: aSeries(grown) };
    const young: FoundHost = { ...WEB, series: aSeries([...Array(20).fill(null), ...Array(20).fill(0.3)]) };
    const [head, first, second] = renderFindings([young, older], { paint: plain }).split('\n');

    expect(head).toContain('  last 10 h  ');
    expect(first).toContain('  ▁▁▁▁▁▁▁▁▁▁██████████  ');
    expect(second).toContain(`  ${' '.repeat(10)}▄▄▄▄▄▄▄▄▄▄  `);
  });

  it('shows what is expected beside what was found', () => {
    expect(renderFindings([{ ...WEB, expected: 'web-7: leaks' }], { paint: plain })).toMatch(
      /expected\n.*web-7: leaks$/,
    );
  });
});
