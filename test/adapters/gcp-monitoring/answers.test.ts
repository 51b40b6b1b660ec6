/** Cloud Monitoring's answers are input from outside: pages are merged, order is not trusted, and garbage is never a series. */

import { describe, expect, it } from 'vitest';
import type { Reading } from '../../../core/model/series.ts';
import { MEMORY_UTILIZATION } from '../../../core/model/series.ts';
import { MINUTE } from '../../fixtures/builders.ts';
import { instancesPage, point, scriptedSource, seriesOf } from './scripted-server.ts';
import { readAll, SIX_HOURS } from './worlds.ts';

const { start } = SIX_HOURS.window;

/** A window of three periods, known by their ends in epoch seconds as Cloud Monitoring writes them, and by their starts. */
const SPAN = { ...SIX_HOURS, window: { start, end: start + 15 * MINUTE } };
const [E0, E1, E2] = [5, 10, 15].map((minutes) => (start + minutes * MINUTE) / 1000) as [number, number, number];

/** The only reading of a machine whose samples are these pages. */
async function readOne(...pages: readonly object[]): Promise<Reading | undefined> {
  const { source } = await scriptedSource({ pages });
  const { readings } = await readAll(source, { span: SPAN });
  expect(readings).toHaveLength(1);
  return readings[0];
}

/** Each sample as the end of its period and its value. */
function samples(reading: Reading | undefined): unknown {
  if (reading?.kind !== 'series') return reading;
  return [...reading.times].map((time, index) => [(time + SPAN.periodMs) / 1000, reading.values[index]]);
}

describe('a good answer of Cloud Monitoring', () => {
  it('is put together where a series is split over pages', async () => {
    const reading = await readOne(
      { timeSeries: [seriesOf('1', [[E2, 30]])], nextPageToken: 'more' },
      { timeSeries: [seriesOf('1', [[E1, 20]])], nextPageToken: 'still more' },
      { timeSeries: [seriesOf('1', [[E0, 10]])] },
    );

    expect(samples(reading)).toEqual([
      [E0, 0.1],
      [E1, 0.2],
      [E2, 0.3],
    ]);
  });

  it('is put together where every page holds a part of every series', async () => {
    const { source } = await scriptedSource({
      instances: [instancesPage('1', '2')],
      pages: [
        { timeSeries: [seriesOf('1', [[E2, 30]]), seriesOf('2', [[E2, 60]])], nextPageToken: 'more' },
        { timeSeries: [seriesOf('1', [[E0, 10]]), seriesOf('2', [[E0, 40]])] },
      ],
    });

    const { readings } = await readAll(source, { span: SPAN });

    expect(readings.map(samples)).toEqual([
      [
        [E0, 0.1],
        [E2, 0.3],
      ],
      [
        [E0, 0.4],
        [E2, 0.6],
      ],
    ]);
  });

  it('is yielded as soon as a series is complete, and not when all pages are there', async () => {
    const { source, requested } = await scriptedSource({
      instances: [instancesPage('1', '2')],
      pages: [
        { timeSeries: [seriesOf('1', [[E0, 10]])], nextPageToken: 'more' },
        { timeSeries: [seriesOf('2', [[E0, 10]])] },
      ],
    });

    for await (const _ of source.read({ metric: MEMORY_UTILIZATION, span: SPAN, filters: [] }, { count() {} })) break;

    expect(requested.map(({ pageToken }) => pageToken)).toEqual(['', '']);
  });

  it('is put into order, and loses what repeats and what lies outside the window', async () => {
    const outside = [
      [E0 - 300, 90],
      [E2 + 300, 91],
    ] as const;

    const reading = await readOne({
      timeSeries: [seriesOf('1', [outside[0], [E1, 20], [E0, 10], [E1, 20], outside[1], [E2, 30]])],
    });

    expect(samples(reading)).toEqual([
      [E0, 0.1],
      [E1, 0.2],
      [E2, 0.3],
    ]);
  });

  it('may hold integers, which are texts', async () => {
    const complete = { ...point(E0, 0), value: { int64Value: '40' } };

    const reading = await readOne({ timeSeries: [seriesOf('1', [], { points: [complete] })] });

    expect(samples(reading)).toEqual([[E0, 0.4]]);
  });

  it('reads a little over 100 %, which is a total that differs, as full', async () => {
    const reading = await readOne({ timeSeries: [seriesOf('1', [[E0, 104]])] });

    expect(samples(reading)).toEqual([[E0, 1]]);
  });

  it.each(['%', '', '{not_a_unit}'])('may name its unit as "%s"', async (unit) => {
    const reading = await readOne({ timeSeries: [seriesOf('1', [[E0, 40]])], unit });

    expect(samples(reading)).toEqual([[E0, 0.4]]);
  });

  it('loses series of machines that do not run', async () => {
    const reading = await readOne({ timeSeries: [seriesOf('9', [[E0, 90]]), seriesOf('1', [[E0, 10]])] });

    expect(reading).toMatchObject({ kind: 'series', resource: { id: '1' } });
  });

  it('reads on where only some of it failed and that is said', async () => {
    const { source } = await scriptedSource({
      instances: [instancesPage('1', '2', '3')],
      pages: [
        {
          timeSeries: [
            seriesOf('1', [
              [E2, 30],
              [E1, 20],
              [E0, 10],
            ]),
            seriesOf('2', [
              [E2, 30],
              [E0, 10],
            ]),
          ],
          executionErrors: [{ code: 14, message: 'zone b is away' }],
        },
      ],
    });

    const { readings } = await readAll(source, { span: SPAN });

    expect(readings).toMatchObject([
      { kind: 'series', resource: { id: '1' } },
      { kind: 'unreadable', reason: 'unavailable', scope: { id: '2' }, detail: 'UNAVAILABLE: zone b is away' },
      { kind: 'unreadable', reason: 'unavailable', scope: { id: '3' } },
    ]);
  });
});

describe('a bad answer of Cloud Monitoring', () => {
  it.each<[string, object]>([
    ['a metric that counts', seriesOf('1', [[E0, 10]], { metricKind: 'CUMULATIVE' })],
    ['a metric of differences', seriesOf('1', [[E0, 10]], { metricKind: 'DELTA' })],
    ['a value that is not finite', seriesOf('1', [[E0, Number.NaN]])],
    ['a value that is a text', seriesOf('1', [], { points: [{ ...point(E0, 0), value: { stringValue: 'ten' } }] })],
    [
      'a value that is a distribution',
      seriesOf('1', [], { points: [{ ...point(E0, 0), value: { distributionValue: {} } }] }),
    ],
    ['no value', seriesOf('1', [], { points: [{ interval: { endTime: { seconds: E0 } } }] })],
    ['no time', seriesOf('1', [], { points: [{ value: { doubleValue: 10 } }] })],
    ['more than there is', seriesOf('1', [[E0, 140]])],
    ['less than nothing', seriesOf('1', [[E0, -5]])],
    ['a time inside a period', seriesOf('1', [[E0 + 60, 10]])],
    [
      'two values for one time',
      seriesOf('1', [
        [E1, 10],
        [E1, 20],
      ]),
    ],
  ])('with %s is malformed', async (_, series) => {
    const reading = await readOne({ timeSeries: [series] });

    expect(reading).toMatchObject({ kind: 'unreadable', reason: 'malformed', scope: { id: '1' } });
  });

  it('reports that a metric which counts is not memory in use', async () => {
    const reading = await readOne({ timeSeries: [seriesOf('1', [[E0, 10]], { metricKind: 'CUMULATIVE' })] });

    expect(reading).toMatchObject({ detail: expect.stringContaining('not GAUGE') });
  });

  it('is one in another unit, all of it', async () => {
    const complete = [E2, E1, E0].map((end) => [end, 0.6] as const);

    const reading = await readOne({ timeSeries: [seriesOf('1', complete)], unit: '1' });

    expect(reading).toMatchObject({ reason: 'malformed', detail: expect.stringContaining('in 1 and not in %') });
  });

  it('spoils its own host and no other', async () => {
    const { source } = await scriptedSource({
      instances: [instancesPage('1', '2')],
      pages: [{ timeSeries: [seriesOf('1', [[E0, Number.NaN]]), seriesOf('2', [[E0, 20]])] }],
    });

    const { readings } = await readAll(source, { span: SPAN });

    expect(readings).toMatchObject([
      { kind: 'series', resource: { id: '2' } },
      { kind: 'unreadable', reason: 'malformed', scope: { id: '1' } },
    ]);
  });

  it('in the listing is malformed where it names no machine', async () => {
    const { source } = await scriptedSource({ instances: [{ timeSeries: [{ points: [point(E0, 1)] }] }], pages: [{}] });

    await expect(readAll(source)).rejects.toMatchObject({ name: 'SourceError', reason: 'malformed', retryable: false });
  });

  it('in the listing cannot put words into the next question', async () => {
    const { source } = await scriptedSource({ instances: [instancesPage('1" OR "')], pages: [{}] });

    await expect(readAll(source)).rejects.toMatchObject({ reason: 'malformed' });
  });
});
