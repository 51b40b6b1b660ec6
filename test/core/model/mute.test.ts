import { describe, expect, it } from 'vitest';
import { labelSchema, muteSchema } from '../../../core/model/mute.ts';

const MUTE = { id: 'm1', tenant: 'acme', subject: { group: 'batch*' }, reason: 'known', by: 'ops', at: 1, until: 2 };

describe('a mute', () => {
  it('needs a subject and a reason', () => {
    expect(muteSchema.safeParse(MUTE).success).toBe(true);
    expect(muteSchema.safeParse({ ...MUTE, subject: {} }).success).toBe(false);
    expect(muteSchema.safeParse({ ...MUTE, reason: ' ' }).success).toBe(false);
  });
});

describe('a label', () => {
  it('may be about a time of a group, without an incident', () => {
    const { until: _, ...label } = { ...MUTE, kind: 'normal-period', from: 1, to: 2, likeness: null };

    expect(labelSchema.safeParse(label).success).toBe(true);
  });
});
