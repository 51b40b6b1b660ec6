import { describe, expect, it } from 'vitest';
import { notEvaluated, renderNotEvaluated } from '../../../cli/findings/not-evaluated.ts';
import { plain } from '../../../cli/render/text.ts';
import type { Inspected } from '../../../core/model/inspected-host.ts';
import { aLeakingVerdict, anInsufficientVerdict, aResource, aSeries, aSteadyVerdict } from '../../fixtures/builders.ts';

const { provider, account, region } = aResource();

const UNEVALUATED: readonly Inspected[] = [
  { kind: 'unreadable', scope: { provider, account, region }, reason: 'denied', detail: 'no such\nrole' },
  { kind: 'unreadable', scope: aResource({ name: 'web-1' }), reason: 'throttled', detail: 'Rate exceeded' },
  {
    kind: 'not_monitored',
    resource: aResource({ id: 'i-1' }),
    reason: 'stopped_reporting',
    hint: 'See whether it runs.',
  },
  { kind: 'evaluated', series: aSeries([0.5]), verdict: anInsufficientVerdict() },
];

describe('notEvaluated', () => {
  it('has no row for hosts with a verdict', () => {
    const series = aSeries([0.5]);

    expect(notEvaluated({ kind: 'evaluated', series, verdict: aSteadyVerdict() })).toBeUndefined();
    expect(notEvaluated({ kind: 'evaluated', series, verdict: aLeakingVerdict() })).toBeUndefined();
  });
});

describe('renderNotEvaluated', () => {
  const rows = UNEVALUATED.map(notEvaluated).filter((row) => row !== undefined);

  it('explains for each host why nothing is known', () => {
    expect(renderNotEvaluated(rows, { paint: plain })).toMatchInlineSnapshot(`
      "no verdict         host                        why
      unreadable         aws 111122223333 eu-west-1  no right to read, or not signed in                      no such role
      unreadable         web-1                       the provider throttled the request                      Rate exceeded
      not monitored      i-1                         its memory used to be reported and no longer is         See whether it runs.
      insufficient data  i-0a1b2c3d                  its history since the last restart or gap is too short"
    `);
  });

  it('lists what to do below the table, where a terminal would truncate a column', () => {
    expect(renderNotEvaluated(rows, { paint: plain, width: 80 })).toMatchInlineSnapshot(`
      "no verdict         host                        why
      unreadable         aws 111122223333 eu-west-1  no right to read, or not signed
                                                     in
      unreadable         web-1                       the provider throttled the
                                                     request
      not monitored      i-1                         its memory used to be reported
                                                     and no longer is
      insufficient data  i-0a1b2c3d                  its history since the last
                                                     restart or gap is too short
      i-1: See whether it runs."
    `);
  });

  it('gives each advice once, with its hosts', () => {
    const stoppedReporting = (id: string): Inspected => {
      const hint = 'Install the agent.';
      return { kind: 'not_monitored', resource: aResource({ id }), reason: 'not_reported', hint };
    };
    const three = ['i-1', 'i-2', 'i-3']
      .map((id) => notEvaluated(stoppedReporting(id)))
      .filter((row) => row !== undefined);

    const lines = renderNotEvaluated(three, { paint: plain, width: 80 }).split('\n');

    expect(lines.slice(4)).toEqual(['i-1 and 2 more: Install the agent.']);
  });

  it('names what failed where nothing else does', () => {
    const lines = renderNotEvaluated(rows, { paint: plain, width: 80 }, ['unreadable']).split('\n');

    expect(lines.slice(-2)).toEqual(['aws 111122223333 eu-west-1: no such role', 'web-1: Rate exceeded']);
  });

  it('lists twenty and counts the rest', () => {
    const many = Array.from({ length: 25 }, () => rows)
      .flat()
      .slice(0, 25);
    const lines = renderNotEvaluated(many, { paint: plain }).split('\n');

    expect(lines).toHaveLength(22);
    expect(lines.at(-1)).toBe('and 5 more; --json lists all');
  });
});
