/** The records of a run are named by the run, and a line of its results is flat: SQL reads it as a row. */

import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { encoded } from '../../../core/model/notation.ts';
import { type ResultLine, resultLineSchema } from '../../../core/model/result-line.ts';
import { type RunHead, runHeadSchema } from '../../../core/model/run-head.ts';
import { runName, runRefSchema } from '../../../core/model/run-ref.ts';

const SCHEDULED = Date.UTC(2026, 10, 29, 5);

const line: ResultLine = {
  time: SCHEDULED,
  run: '20261129T050000Z',
  trigger: 'schedule',
  provider: 'aws',
  account: '123456789012',
  region: 'eu-west-1',
  host: 'i-1',
  name: null,
  group: null,
  version: null,
  host_kind: null,
  metric: 'system.memory.utilization',
  score: 0.123456789,
  is_anomaly: false,
  type: null,
  pattern: null,
  verdict: 'steady',
  grade: null,
  confidence: 0.123456789,
  decided_by: null,
  unit: '1',
  growth: 0,
  growth_low: 0,
  growth_high: 0,
  level: 0.5,
  since: null,
  exhaustion_earliest: null,
  exhaustion: null,
  exhaustion_latest: null,
  exhaustion_unknown: 'no_growth',
  reason: null,
  detail: null,
};

describe('the name of a run', () => {
  it('is its scheduled time', () => {
    expect(runName({ scheduledTime: SCHEDULED, request: null })).toBe('20261129T050000Z');
  });

  it('has the id of a request, which cannot reach into another path', () => {
    expect(runName({ scheduledTime: SCHEDULED, request: 'a/../b' })).toBe('20261129T050000Z.a%2F..%2Fb');
  });

  it('belongs to a tenant whose id is one', () => {
    const scope = { provider: 'aws', account: '123456789012', region: 'eu-west-1' };
    const ref = { tenant: '../other', scope, trigger: 'schedule', scheduledTime: SCHEDULED, request: null };
    expect(runRefSchema.safeParse(ref).success).toBe(false);
  });
});

describe('a line of results', () => {
  it('has ISO times, figures of six digits, and no field inside another', () => {
    const written = encoded(resultLineSchema, line);
    expect(written).toMatchObject({ time: '2026-11-29T05:00:00.000Z', score: 0.123457 });
    expect(Object.values(written).filter((value) => typeof value === 'object' && value !== null)).toEqual([]);
  });

  it('is read back as it was written', () => {
    expect(resultLineSchema.parse(encoded(resultLineSchema, line))).toEqual({
      ...line,
      score: 0.123457,
      confidence: 0.123457,
    });
  });
});

describe('a line that was written before there were containers', () => {
  it('is read as that of a machine', () => {
    const { host_kind: _, ...written } = encoded(resultLineSchema, line);

    expect(resultLineSchema.parse(written).host_kind).toBeNull();
  });
});

describe('the head of a run', () => {
  it('can be described to others as JSON Schema', () => {
    expect(z.toJSONSchema(runHeadSchema, { io: 'input' })).toHaveProperty('properties.lines');
  });

  it('holds lines as the objects of its shards do', () => {
    const head: Pick<RunHead, 'lines'> = { lines: [line] };
    expect(z.encode(runHeadSchema.unwrap().pick({ lines: true }), head).lines).toEqual([
      encoded(resultLineSchema, line),
    ]);
  });
});
