import { describe, expect, it } from 'vitest';
import { renderExplanation } from '../../../cli/explain/report.ts';
import { plain } from '../../../cli/render/text.ts';
import { counterfactualOf } from '../../../core/detector/counterfactual.ts';
import { detect } from '../../../core/detector/detect.ts';
import type { Inspected } from '../../../core/model/inspected-host.ts';
import { DEFAULT_POLICY } from '../../../core/model/policy.ts';
import {
  aLeakingVerdict,
  anAttribution,
  anEvidence,
  anInsufficientVerdict,
  aResource,
  aSeries,
  aSteadyVerdict,
  HOUR,
  MINUTE,
  NOON,
} from '../../fixtures/builders.ts';

const RESOURCE = aResource({ name: 'web-7', group: 'web' });
const GROWING = aSeries(
  Array.from({ length: 400 }, (_, index) => 0.3 + Math.max(0, index - 200) * 0.0016),
  { resource: RESOURCE },
);

function explain(inspected: Inspected, width = 100): string {
  return renderExplanation(inspected, { width, paint: plain, policy: DEFAULT_POLICY });
}

describe('renderExplanation', () => {
  it('shows samples that come every 15 minutes without gaps between them', () => {
    const recent = aSeries(new Array(24).fill(0.6));

    const text = explain({ kind: 'evaluated', series: GROWING, verdict: aLeakingVerdict(), recent });

    expect(text).toMatch(/^last 6 h ▄{24}$/m);
  });

  it('puts an id that is a path on a line of its own', () => {
    const id = '/subscriptions/5b1d/resourcegroups/fleet/providers/microsoft.compute/virtualmachines/api-az-1';
    const resource = aResource({ provider: 'azure', id, name: 'api-az-1' });

    const lines = renderExplanation(
      { kind: 'not_monitored', resource, reason: 'not_reported', hint: 'Turn it on.' },
      { width: 200, paint: plain, policy: DEFAULT_POLICY },
    ).split('\n');

    expect(lines[0]).toBe('api-az-1 has no verdict: its memory has never been reported.');
    expect(lines.at(-1)).toBe(id);
  });

  it('begins with the answer of a leak, then what would have turned it, the reasons and the curve', () => {
    const recent = aSeries(
      Array.from({ length: 72 }, (_, index) => 0.55 + index * 0.001),
      { periodMs: 5 * MINUTE },
    );
    const evidence = anEvidence({
      restarts: [NOON - 90 * HOUR],
      cleaned: { notFinite: 1, outOfRange: 0, outsideWindow: 0, duplicate: 2 },
    });

    const counterfactual = counterfactualOf(GROWING, DEFAULT_POLICY);

    expect(
      explain({
        kind: 'evaluated',
        series: GROWING,
        verdict: aLeakingVerdict({ evidence }),
        recent,
        counterfactual,
      }),
    ).toMatchInlineSnapshot(`
      "web-7 (i-0a1b2c3d) grows like a leak: +0.40 %/h (0.30 to 0.50) over 48 h; if it goes on, its memory
      is used up in 3 d 23 h (3–5 d). Steady growth may be legitimate: compare with what changed when it
      began.

      aws 111122223333 eu-west-1, group web

      verdict    leaking, confirmed, severity medium, confidence that it leaks 90 %
      used       62.0 % at 2026-11-20 12:00 UTC
      growth     +0.40 %/h (0.30 to 0.50), linear (confidence in the shape 80 %)
      exhausted  in 3 d 23 h (3–5 d), likely at 2026-11-24 11:00 UTC
      onset      between 2026-11-18 10:00 and 2026-11-18 16:00 UTC

      It would be steady had it grown by +0.024 %/h or less in the last 49 h (it grew by +0.64 %/h). With
      a threshold above 90 % in its policy (it is 70 %) it would be steady.

      Strongest reasons
      Weights are log-odds and add up to the score: + suggests a leak, − suggests none. The score is
      +4.99; without any feature it is +0.22. A limit holds for its feature alone.
        +0.62  trend_48h
          how steadily the floor rose for 48 h: 1 when every floor is above all before it, 0 when as many
          lie below
        +0.60  above_same_hour
          the smallest rise of the floor above the same hour of the last three days
        +0.56  flat_share_24h
          share of the time since the change point of the last day for which the floor has stood still at
          the top
        +0.46  line_over_two_steps_24h
          how many times better the line explains the last day than two steps do
        +0.43  change_point_to_noise
          the rise since the change point over what the line leaves unexplained

      70 % ┤      ┊
           │      ┊
           │      ┊                                                    ⢀
      60 % ┤      ┊                                                 ⢀⡤⠞⠉
           │      ┊                                              ⢀⡤⠚⠉
           │      ┊                                           ⣀⡴⠚⠁
      50 % ┤      ┊                                        ⣀⠴⠚⠁
           │      ┊                                     ⣠⠴⠊⠁
           │      ┊                                 ⢀⣠⠔⠋
      40 % ┤      ┊                              ⢀⣠⠖⠋
           │      ┊                           ⢀⡠⠖⠉
           │      ┊                        ⢀⡤⠖⠉
      30 % ┤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠞⠉
           └────────────────────────────────────────────────────────────
                  ┊                       ▲▲▲▲
            11-16 08:00             11-18 10:00          11-20 12:00 UTC
      bright: the evaluated segment   ▲ onset   ┊ restart
      last 6 h ▁▁▁▂▂▂▂▂▃▃▃▃▃▄▄▄▄▄▅▅▅▅▅▆▆▆▆▆▇▇▇▇▇███

      evaluated  2026-11-16 08:00 – 11-20 12:00 UTC; horizon 48 h, history 100 h, 100 % covered
      restarts   2026-11-16 18:00 UTC
      dropped    samples that were not evaluated: 1 not finite, 2 duplicate

      --checks lists all checks with value and limit."
    `);
  });

  it('speaks of a suspicion more carefully, and explains why exhaustion is not known', () => {
    const evidence = anEvidence({ exhaustion: { kind: 'cannot_say', reason: 'capacity_unknown' } });
    const text = explain(
      { kind: 'evaluated', series: GROWING, verdict: aLeakingVerdict({ grade: 'suspected', evidence }) },
      500,
    );

    expect(text.split('\n')[0]).toBe(
      'web-7 (i-0a1b2c3d) may grow like a leak: +0.40 %/h (0.30 to 0.50) over 48 h; when its memory is used up is not known: the capacity of the host is not known. Steady growth may be legitimate: compare with what changed when it began.',
    );
    expect(text).toContain('exhausted  not known: the capacity of the host is not known');
  });

  it('states that memory is used up when it is', () => {
    const exhaustion = { kind: 'expected', earliest: NOON, likely: NOON, latest: NOON } as const;
    const verdict = aLeakingVerdict({ evidence: anEvidence({ exhaustion }) });

    expect(explain({ kind: 'evaluated', series: GROWING, verdict }, 500)).toContain(
      'over 48 h; its memory is used up. ',
    );
  });

  it('explains a steady host', () => {
    const [sentence] = explain({ kind: 'evaluated', series: GROWING, verdict: aSteadyVerdict() }).split('\n');

    expect(sentence).toBe('web-7 (i-0a1b2c3d) is steady: its memory does not grow like a leak.');
  });

  it('does not state when the memory of a steady host would be used up', () => {
    expect(explain({ kind: 'evaluated', series: GROWING, verdict: aSteadyVerdict() })).not.toContain('exhausted');
  });

  it('states until when a host whose memory was given back is evaluated by what lay before', () => {
    const { evaluated } = anEvidence();
    const textOf = (hoursAgo: number) => {
      const restarts = [evaluated.end - hoursAgo * HOUR];
      return explain({ kind: 'evaluated', series: GROWING, verdict: aSteadyVerdict({ restarts }) }).replaceAll(
        '\n',
        ' ',
      );
    };

    expect(textOf(2)).toMatch(
      /Memory was given back at once at .* \(a restart\?\): from .* on what came since is evaluated/,
    );
    expect(textOf(12)).not.toContain('given back');
  });

  it('explains why there is insufficient data, with the few samples there are', () => {
    const series = aSeries([0.3, 0.31, 0.33, 0.34], { resource: RESOURCE });

    expect(explain({ kind: 'evaluated', series, verdict: anInsufficientVerdict() }, 60)).toMatchInlineSnapshot(`
      "web-7 (i-0a1b2c3d) has no verdict: its history since the
      last restart or gap is too short.

      aws 111122223333 eu-west-1, group web

      38 % ┤
           │
           │
      36 % ┤
           │
           │
      34 % ┤                                ⣀⣀⠤⠤⠒
           │                        ⣀⣀⠤⠤⠒⠒⠉⠉
           │                    ⣀⠤⠒⠉
      32 % ┤                ⣀⠤⠒⠉
           │           ⢀⣀⠤⠒⠉
           │    ⢀⣀⡠⠤⠒⠊⠉⠁
      30 % ┤⠤⠒⠒⠉⠁
           └─────────────────────────────────────────────────
            11-20 11:00        11-20 11:30    11-20 12:00 UTC

      samples    4 samples in 2026-11-20 11:00 – 11-20 12:00 UTC"
    `);
  });

  it('draws nothing where there is no sample', () => {
    const series = aSeries([null, null], { resource: RESOURCE });
    const text = explain({ kind: 'evaluated', series, verdict: anInsufficientVerdict({ reason: 'no_samples' }) });

    expect(text).not.toContain('┤');
  });

  it('explains that a host is not monitored, and what its owner can do', () => {
    const hint = 'Install the agent.';

    expect(explain({ kind: 'not_monitored', resource: RESOURCE, reason: 'not_reported', hint })).toBe(
      'web-7 (i-0a1b2c3d) has no verdict: its memory has never been reported.\n\nInstall the agent.\n\naws 111122223333 eu-west-1, group web',
    );
  });

  it('explains that a host could not be read, in the words of the provider', () => {
    expect(explain({ kind: 'unreadable', scope: RESOURCE, reason: 'throttled', detail: 'Rate exceeded' })).toBe(
      'web-7 (i-0a1b2c3d) has no verdict, because it could not be read: the provider throttled the request\n(Rate exceeded).\n\naws 111122223333 eu-west-1, group web',
    );
  });

  it('explains in one sentence that nobody is signed in, and not that access was denied', () => {
    const detail = 'cannot sign in to Azure: run `az login`';

    const text = explain({ kind: 'unreadable', scope: RESOURCE, reason: 'denied', detail });

    expect(text.replaceAll('\n', ' ')).toContain(`because it could not be read: ${detail}.`);
    expect(text).not.toContain('denied');
  });

  it('shows which evaluators voted, what each adds, and which of them decided', () => {
    const curve = {
      evaluator: 'statistical',
      confidence: 0.6,
      logOdds: 0.41,
      weight: 1,
      reason: 'curve',
      facts: {},
    } as const;
    const siblings = { ...curve, evaluator: 'siblings', confidence: 0.12, logOdds: 1.5, weight: 0.5 } as const;
    const evidence = anEvidence({ votes: [curve, siblings], decidedBy: 'siblings' });

    const text = explain({ kind: 'evaluated', series: GROWING, verdict: aLeakingVerdict({ evidence }) });

    expect(text).toMatch(/Together\s+they make a confidence of 90 %; the hosts beside it decided\./);
    expect(text).toMatch(/^ {3}curve +60 % +100 % +\+0\.41 {2}The shape/m);
    expect(text).toMatch(/^→ {2}siblings +12 % +50 % +\+1\.50 {2}\w/m);
    expect(explain({ kind: 'evaluated', series: GROWING, verdict: aLeakingVerdict() })).not.toContain('Who decided');
  });

  it('states which evaluators count for a host with half a day of history', () => {
    const evidence = anEvidence({ historyHours: 12 });

    const text = explain({ kind: 'evaluated', series: GROWING, verdict: aLeakingVerdict({ evidence }) });

    expect(text).toContain('its own curve alone counts');
  });

  it('lists the checks where they are requested alone', () => {
    const host = { kind: 'evaluated', series: GROWING, verdict: aLeakingVerdict() } as const;
    const options = { width: 100, paint: plain, policy: DEFAULT_POLICY };

    const listed = renderExplanation(host, { ...options, checks: true });

    expect(listed).toMatch(/\nChecks\n.*\n {2}✓ new_highs {2}0\.9, limit ≥ 0\.3\n/);
    expect(listed).not.toContain('--checks');
    expect(explain(host)).not.toContain('\nChecks\n');
  });

  it('shows value and limit of each of the strongest reasons', () => {
    const verdict = detect(GROWING, DEFAULT_POLICY);

    const reasons = explain({ kind: 'evaluated', series: GROWING, verdict }).split('Strongest reasons')[1] ?? '';

    expect(reasons.match(/^ {2}[+−]\d\.\d\d {2}\w+ +\S+( %)?, limit [≥≤] \S+/gm)).toHaveLength(5);
  });

  it('names the consumer that most of the rise is of', () => {
    const attribution = anAttribution();
    const host = { kind: 'evaluated', series: GROWING, verdict: aLeakingVerdict() } as const;

    expect(explain({ ...host, attribution }, 500)).toContain('Most of the rise is of node (90 %). Steady growth');
    expect(explain({ ...host, attribution: anAttribution({ grown: [] }) })).not.toContain('Most of the rise');
  });

  it('explains why the finer samples could not be read', () => {
    const recent = { kind: 'unreadable', scope: RESOURCE, reason: 'timeout', detail: '' } as const;

    expect(explain({ kind: 'evaluated', series: GROWING, verdict: aLeakingVerdict(), recent })).toContain(
      'finer samples: the provider did not answer in time',
    );
  });

  it('makes the chart narrower on a narrow terminal', () => {
    const text = explain({ kind: 'evaluated', series: GROWING, verdict: aSteadyVerdict() }, 50);
    const widest = Math.max(
      ...text
        .split('\n')
        .filter((line) => /[┤│└]/.test(line))
        .map((line) => line.length),
    );

    expect(widest).toBeLessThanOrEqual(50);
  });
});
