/** What an event may hold. */
import { describe, expect, it } from 'vitest';
import { notificationSchema } from '../../../core/model/notification.ts';
import { aNotification } from '../../fixtures/builders.ts';

/** An event whose curve has so many values. */
function withCurve(count: number) {
  const { data, ...event } = aNotification();
  const curve = { start: '2026-11-20T11:00:00.000Z', periodSeconds: 300, values: Array<number>(count).fill(0.5) };
  return { ...event, data: { ...data, leak: { ...data.leak, curve } } };
}

describe('the curve of an event', () => {
  it('has up to 300 values', () => {
    expect(notificationSchema.parse(withCurve(300)).data.leak?.curve?.values).toHaveLength(300);
  });

  it('has no more than those', () => {
    expect(notificationSchema.safeParse(withCurve(301)).error?.issues).toMatchObject([
      { code: 'too_big', path: ['data', 'leak', 'curve', 'values'] },
    ]);
  });
});
