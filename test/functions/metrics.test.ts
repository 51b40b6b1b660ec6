import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMetrics, METRICS, type MetricsOptions, type MetricValues, runMetrics } from '../../functions/metrics.ts';
import { aRunSummary } from '../fixtures/builders.ts';

/** The lines that are written for these values. */
function emitted(values: MetricValues, options: Partial<MetricsOptions> = {}) {
  const lines: string[] = [];
  createMetrics({
    stage: 'prod',
    function: 'inspect-aws',
    provider: 'aws',
    write: (line) => lines.push(line),
    ...options,
  })(values);
  return lines.map((line) => JSON.parse(line));
}

describe('the metrics of a function', () => {
  it('are a line in the embedded metric format', () => {
    expect(emitted({ Runs: 2, RunSeconds: 1.5 })).toEqual([
      {
        _aws: {
          Timestamp: expect.any(Number),
          CloudWatchMetrics: [
            {
              Namespace: 'Plimsoll',
              Dimensions: [['stage', 'function', 'provider']],
              Metrics: [
                { Name: 'Runs', Unit: 'Count' },
                { Name: 'RunSeconds', Unit: 'Seconds' },
              ],
            },
          ],
        },
        stage: 'prod',
        function: 'inspect-aws',
        provider: 'aws',
        Runs: 2,
        RunSeconds: 1.5,
      },
    ]);
  });

  it('have stage, function and provider as dimensions and nothing else, whatever they are', () => {
    const names = Object.keys(METRICS);
    const anyValues = fc.dictionary(fc.constantFrom(...names), fc.double(), { minKeys: 1 });
    const anyProvider = fc.constantFrom<MetricsOptions['provider'][]>('aws', 'gcp', 'azure', undefined);
    fc.assert(
      fc.property(anyValues, anyProvider, (values, provider) => {
        for (const line of emitted(values, provider === undefined ? {} : { provider })) {
          const { _aws, ...facts } = line;
          for (const dimension of _aws.CloudWatchMetrics[0].Dimensions.flat())
            expect(['stage', 'function', 'provider']).toContain(dimension);
          expect(
            Object.keys(facts)
              .filter((name) => !names.includes(name))
              .toSorted(),
          ).toEqual(['function', 'provider', 'stage']);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('have no provider where the function has none', () => {
    const lines: string[] = [];

    createMetrics({ stage: 'prod', function: 'watch', write: (line) => lines.push(line) })({ Tenants: 0 });

    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      _aws: { CloudWatchMetrics: [{ Dimensions: [['stage', 'function']] }] },
      Tenants: 0,
    });
  });

  it('are not emitted where no stage is deployed, or there is no value', () => {
    expect(emitted({ Runs: 1 }, { stage: undefined })).toEqual([]);
    expect(emitted({})).toEqual([]);
    expect(emitted({ RunSeconds: Number.NaN })).toEqual([]);
  });

  it('keep no result from its caller where they cannot be composed', () => {
    const lines = emitted({ Runs: 1 }, { stage: '', function: '' });

    expect(lines.length).toBeLessThanOrEqual(1);
  });

  it('add up the regions of a message, and count the hosts of a comparison to none', () => {
    const delivery = {
      published: 1,
      held: 0,
      crowdedOut: [],
      failed: [{ kind: 'failed' as const, id: 'acme/1/1', retryable: true, detail: 'throttled' }],
      undeliverable: [{ id: 'acme/1', detail: 'too large' }],
    };
    const partial = aRunSummary({
      outcome: 'partial',
      hosts: { known: 5, inspected: 2, notMonitored: 1, unreadable: 2, notDue: 0 },
      verdicts: { confirmed: 1, suspected: 2, steady: 0, insufficientData: 0 },
    });

    const runs = [aRunSummary(), partial].map((summary) => ({
      summary,
      delivery,
      superseded: false,
      findings: [],
      found: 0,
      recorded: 0,
      unrecorded: 0,
    }));
    const compared = { early: 3, alike: 9, notCompared: 0, outOfTime: 0, older: 0 };
    const comparison = { ...runs[1], summary: partial, compared, delivery, superseded: false, findings: [], found: 0 };

    const regions = [...runs, { ...comparison, recorded: 3, unrecorded: 0 }];
    expect(runMetrics({ regions, open: [], gaveWay: [] }, 12.5)).toEqual({
      Runs: 2,
      Comparisons: 1,
      PartialRuns: 1,
      HostsKnown: 15,
      HostsInspected: 10,
      HostsNotMonitored: 3,
      HostsUnreadable: 2,
      Leaking: 4,
      EventsFailed: 6,
      EventsDropped: 3,
      RunSeconds: 12.5,
    });
  });

  it('count an earlier run that gave way, without its hosts', () => {
    const gaveWay = [aRunSummary({ outcome: 'partial' })];

    const metrics = runMetrics({ regions: [], open: [], gaveWay }, 1);

    expect(metrics).toMatchObject({ Runs: 1, PartialRuns: 1, HostsKnown: 0 });
  });
});
