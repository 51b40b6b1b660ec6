import { describe, expect, it } from 'vitest';
import { detect } from '../../../core/detector/detect.ts';
import { insufficientText } from '../../../core/messages/insufficient.ts';
import type { Series } from '../../../core/model/series.ts';
import type { InsufficientData } from '../../../core/model/verdict.ts';
import { anInsufficientVerdict, aSeries } from '../../fixtures/builders.ts';

/** Samples of 15 minutes over 100 hours up to noon, where `has` is true. */
function sampled(has: (index: number) => boolean): Series {
  return aSeries(Array.from({ length: 400 }, (_, index) => (has(index) ? 0.4 : null)));
}

function textOf(series: Series): string {
  const verdict = detect(series, { threshold: 0.7 });
  if (verdict.state !== 'insufficient_data') throw new Error(`${verdict.state} and not insufficient_data`);
  return insufficientText(verdict, series);
}

describe('insufficientText', () => {
  it.each<[string, Series, string]>([
    ['no sample', sampled(() => false), 'there is no sample in 2026-11-16 08:00 – 11-20 12:00 UTC'],
    [
      'a short history',
      sampled((index) => index >= 380),
      'only 5 h since the last restart or gap; at least 9 h are needed to distinguish a leak from a warm-up',
    ],
    [
      'an old newest sample',
      sampled((index) => index < 380),
      'its newest sample is of 2026-11-20 06:45 UTC, 5 h 15 min before the window’s end: it is too old to describe the present',
    ],
    [
      'samples that are hours apart',
      sampled((index) => index % 56 === 399 % 56),
      'its samples are too sparse: 8 samples, one every 14 h on average; one every 15 min is enough',
    ],
    [
      'samples that are too sparse for the few hours there are',
      sampled((index) => index >= 352 && index % 12 === 11),
      'its samples are too sparse: 4 samples, one every 3 h on average; one every 15 min is enough',
    ],
    [
      'a single sample',
      sampled((index) => index === 399),
      'there is only one sample in 2026-11-16 08:00 – 11-20 12:00 UTC',
    ],
  ])('explains %s', (_, series, text) => {
    expect(textOf(series)).toBe(text);
  });

  it('lists which samples were dropped where none is left', () => {
    const cleaned = { notFinite: 1, outOfRange: 4, outsideWindow: 0, duplicate: 0 };

    expect(
      insufficientText(
        anInsufficientVerdict({ reason: 'no_samples', cleaned }),
        sampled(() => false),
      ),
    ).toBe('none of its samples can be used: 1 not finite, 4 out of range');
  });

  it.each<[InsufficientData['reason'], string]>([
    ['too_short', 'its history since the last restart or gap is too short'],
    ['malformed', 'its samples, or its limit, make no sense'],
  ])('has words for %s where no check has numbers', (reason, text) => {
    expect(
      insufficientText(
        anInsufficientVerdict({ reason }),
        sampled(() => true),
      ),
    ).toBe(text);
  });
});
