import { describe, expect, it } from 'vitest';
import { renderEpisode } from '../../../cli/backtest/episode.ts';
import { plain } from '../../../cli/render/text.ts';
import type { Episode } from '../../../core/backtest/episode.ts';
import { anEvidence, aResource, aSeries, HOUR, NOON } from '../../fixtures/builders.ts';

const POLICY = { lookBackHours: 30 };

/** Flat for 50 h, then up to 99 % within 30 h, and there for 20 h. */
const FILLING = aSeries(
  Array.from({ length: 400 }, (_, index) => Math.min(0.99, 0.39 + Math.max(0, index - 200) * 0.005)),
  { resource: aResource({ name: 'web-7' }) },
);

function anEpisode(overrides: Partial<Episode> = {}): Episode {
  const openedAt = NOON - 40 * HOUR;
  return {
    suspectedAt: NOON - 43 * HOUR,
    openedAt,
    worse: [{ at: NOON - 30 * HOUR, severity: 'high' }],
    endedAt: NOON - 10 * HOUR,
    severity: 'high',
    evidence: anEvidence({
      evaluated: { start: openedAt - 30 * HOUR, end: openedAt },
      onset: { start: NOON - 51 * HOUR, end: NOON - 49 * HOUR, leftCensored: false },
      exhaustion: { kind: 'expected', earliest: openedAt, likely: openedAt + 20 * HOUR, latest: null },
    }),
    story: 1,
    cycle: 1,
    end: null,
    underWay: false,
    outcome: { kind: 'exhausted', at: NOON - 21 * HOUR },
    ...overrides,
  };
}

describe('renderEpisode', () => {
  it('lists what happened in order and the page’s figures, and draws the curve with all of it', () => {
    const text = renderEpisode(FILLING, anEpisode(), POLICY, { width: 80, paint: plain });

    expect(text).toMatchInlineSnapshot(`
      "web-7 (i-0a1b2c3d)  aws 111122223333 eu-west-1
      suspected 11-18 17:00, opened 11-18 20:00 (high), worse 11-19 06:00 (high),
      recovered 11-20 02:00 after 33 h. Its memory was used up 11-19 15:00, 19 h after
      the page.
      When it paged: 62.0 % used, +0.40 %/h, linear, used up in 20 h (0 min or more);
      90 % sure.
      100 % ┤                                                ⣀⡠⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤
            │                                           ⣀⣠⠴⠒⠉
       80 % ┤                                      ⢀⣠⠤⠒⠊⠁
            │                                  ⣀⠤⠔⠊⠉
       60 % ┤                             ⣀⡠⠴⠒⠉
            │                        ⢀⣠⠤⠒⠉⠁
       40 % ┤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠒⠋⠉
            │
       20 % ┤
            └─────────────────────────────────────────────────────────────────────
                                 ▲▲▲     ?  !        ↑        ×         ✓
             11-17 11:00                  11-18 23:30              11-20 12:00 UTC
      bright: the evaluated segment   ▲ onset   ? suspected   ↑ worse   × used up
      ✓ recovered   ! opened"
    `);
  });

  it('names a page that came late, an episode that may be older, and one that has not ended', () => {
    const late = renderEpisode(FILLING, anEpisode({ outcome: { kind: 'restarted', at: NOON - 42 * HOUR } }), POLICY, {
      paint: plain,
    });
    const older = renderEpisode(FILLING, anEpisode({ underWay: true, endedAt: null, outcome: null }), POLICY, {
      paint: plain,
    });

    expect(late.replaceAll('\n', ' ')).toContain(
      'Its memory was given back at once (a restart?) 11-18 18:00, 2 h before the page.',
    );
    expect(late).toContain('┊\u00a0restart');
    expect(older.replaceAll('\n', ' ')).toContain(
      'not over at the end; reported by the first verdict, so it may be older.',
    );
    expect(older).not.toContain('used up 1');
  });

  it('describes a suspicion without a page', () => {
    const text = renderEpisode(FILLING, anEpisode({ openedAt: null, worse: [] }), POLICY, { width: 100, paint: plain });

    expect(text).toContain('suspected 11-18 17:00, cleared 11-20 02:00 after 33 h.');
    expect(text).toContain('When it was suspected: ');
    expect(text).not.toContain('!\u00a0opened');
  });

  it('explains why it is not known when the memory is used up', () => {
    const evidence = anEvidence({ exhaustion: { kind: 'cannot_say', reason: 'capacity_unknown' } });

    const text = renderEpisode(FILLING, anEpisode({ evidence }), POLICY, { width: 100, paint: plain });

    expect(text.replaceAll('\n', ' ')).toContain(
      'when it is used up is not known: the capacity of the host is not known; 90 % sure.',
    );
  });

  it('fits the terminal', () => {
    for (const width of [60, 80, 160]) {
      const text = renderEpisode(FILLING, anEpisode(), POLICY, { width, paint: plain });
      for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(width);
    }
  });
});
