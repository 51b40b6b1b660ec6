import { describe, expect, it } from 'vitest';
import { stepsOf } from '../../../core/messages/brief-steps.ts';
import type { NotificationData } from '../../../core/model/notification.ts';
import { aNotification, HOUR, NOON } from '../../fixtures/builders.ts';

const at = (hours: number) => new Date(NOON + hours * HOUR).toISOString();
const WINDOW = { name: 'nightly', start: at(60), end: at(62) };
const DATA: NotificationData = { ...aNotification().data, restartBy: { at: at(70), window: WINDOW } };

function restartAt(hours: number, data = DATA): string | undefined {
  return stepsOf(data, NOON + hours * HOUR).find(({ text }) => /restart/i.test(text))?.text;
}

describe('the step that restarts', () => {
  it.each([
    [0, 'Restart what leaks before 2026-11-23 10:00 UTC, best from 2026-11-23 00:00 UTC on, or raise its limit.'],
    [61, 'Restart what leaks before 2026-11-23 10:00 UTC, best now, or raise its limit.'],
    [62, 'Restart what leaks before 2026-11-23 10:00 UTC, or raise its limit.'],
    [
      71,
      'The safe time for a restart was 2026-11-23 10:00 UTC: restart what leaks as soon as you can, or raise its limit.',
    ],
  ])('states %i hours later what is left of the window and the time', (hours, text) => {
    expect(restartAt(hours)).toBe(`${text} It gains time and cures nothing.`);
  });

  it('states since when the memory may have been full where no time for a restart is known', () => {
    const { restartBy: _, ...data } = DATA;

    expect(restartAt(1000, data)).toMatch(/^The memory may have been full since .* UTC: restart what leaks as soon as/);
  });
});
