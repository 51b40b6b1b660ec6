import { describe, expect, it } from 'vitest';
import { fieldIssues } from '../../../core/model/issues.ts';
import { type InspectionRequest, inspectionRequestSchema, triggerOf } from '../../../core/model/message.ts';

const DUE = { scheduledTime: '2026-11-13T12:00:00.000Z' };

describe('triggerOf', () => {
  it.each<[string, Partial<InspectionRequest>]>([
    ['that only states when it was due', DUE],
    ['that names regions beside it', { ...DUE, regions: ['eu-west-1'] }],
    ['with the trigger stated', { trigger: 'schedule' }],
    ['with the trigger stated, and an id', { trigger: 'schedule', id: 'r-1' }],
  ])('takes a message %s for a schedule’s', (_, message) => {
    expect(triggerOf(message)).toBe('schedule');
  });

  it.each<[string, Partial<InspectionRequest>]>([
    ['without a time', {}],
    ['that names hosts', { ...DUE, hosts: ['i-*'] }],
    ['that names a group', { ...DUE, group: 'web-*' }],
    ['with a lookback of its own', { ...DUE, lookBackHours: 48 }],
    ['with an id', { ...DUE, id: 'r-1' }],
    ['that replays a window', { ...DUE, from: DUE.scheduledTime, to: '2026-11-14T12:00:00.000Z' }],
    ['with the trigger stated', { ...DUE, trigger: 'on_demand' }],
  ])('takes a message %s for a request on demand', (_, message) => {
    expect(triggerOf(message)).toBe('on_demand');
  });
});

describe('a request', () => {
  it.each([{ hosts: ['i-*'] }, { group: 'web-*' }, { lookBackHours: 48 }])(
    'is no run of a schedule where it has %o: it would stand for a complete one',
    (narrowed) => {
      const parsed = inspectionRequestSchema.safeParse({
        version: 1,
        tenant: 'acme',
        trigger: 'schedule',
        ...narrowed,
      });

      expect(parsed.error && fieldIssues(parsed.error)).toEqual([
        expect.objectContaining({ message: expect.stringMatching(/an inspection of the schedule/) }),
      ]);
    },
  );

  it('of one region may be a run of a schedule', () => {
    const request = { version: 1, tenant: 'acme', trigger: 'schedule', regions: ['eu-west-1'] };

    expect(inspectionRequestSchema.safeParse(request).success).toBe(true);
  });
});

describe('the times of a request', () => {
  it.each(['scheduledTime', 'from', 'to'])('refuse a %s of which nobody has samples', (field) => {
    const request = { version: 1, tenant: 'acme', from: '2026-11-13T12:00:00Z', to: '2026-11-14T12:00:00Z' };

    const parsed = inspectionRequestSchema.safeParse({ ...request, [field]: '0001-01-01T00:00:00Z' });

    expect(parsed.error && fieldIssues(parsed.error)).toContainEqual(
      expect.objectContaining({ path: [field], message: 'must be 2010 or later: no provider has older samples' }),
    );
  });
});
