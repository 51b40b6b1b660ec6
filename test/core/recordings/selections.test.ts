/** What a host samples for recordings. */
import { describe, expect, it } from 'vitest';
import { hostSelectionsSchema } from '../../../core/model/recording.ts';
import { selectionsFor } from '../../../core/recordings/selections.ts';
import { HOUR, NOON } from '../../fixtures/builders.ts';
import { aRecording } from '../../fixtures/recordings.ts';

const WEB = { tenant: 'acme', account: 'lab', id: 'web-1' };
const [first, second] = [aRecording(), aRecording({ id: 'r-bbbbbbbbbbbbbbbb' }, { from: NOON + HOUR })];

describe('the selections of a host', () => {
  it('are those of recordings that run, and that will', () => {
    const { answer } = selectionsFor([second, first], WEB, NOON);

    const { from, to, everyS, processes } = first.selection;
    expect(hostSelectionsSchema.parse(answer)).toEqual(answer);
    expect(answer.selections).toEqual([
      { recording: first.id, processes, from, to, everyS },
      { recording: second.id, processes, from: NOON + HOUR, to, everyS },
    ]);
  });

  it('leave out recordings that are over, and those of others', () => {
    const over = [
      aRecording({ stoppedAt: NOON }),
      aRecording({ deletedAt: NOON }),
      aRecording({}, { from: NOON - HOUR, to: NOON }),
      aRecording({}, { hosts: [{ id: 'db-*' }] }),
      aRecording({}, { account: 'other' }),
      aRecording({ tenant: 'bolt' }),
    ];

    expect(selectionsFor(over, WEB, NOON).answer.selections).toEqual([]);
  });

  it('have an ETag that changes with them and with nothing else', () => {
    const { etag } = selectionsFor([first, second], WEB, NOON);
    const other = aRecording({ id: 'r-cccccccccccccccc' }, { hosts: [{ id: 'db-1' }] });

    expect(etag).toMatch(/^"[\w-]{22}"$/);
    expect(selectionsFor([other, second, first], WEB, NOON + 1).etag).toBe(etag);
    expect(selectionsFor([first], WEB, NOON).etag).not.toBe(etag);
    expect(selectionsFor([{ ...first, stoppedAt: NOON }, second], WEB, NOON).etag).not.toBe(etag);
  });

  it('are requested once a minute while something is recorded on the host or soon will be, else every seven', () => {
    const later = aRecording({}, { from: NOON + HOUR });
    const elsewhere = aRecording({}, { hosts: [{ id: 'db-1' }] });

    expect(selectionsFor([first], WEB, NOON).maxAgeS).toBe(60);
    expect(selectionsFor([later], WEB, NOON + HOUR - 420_000).maxAgeS).toBe(60);
    for (const recordings of [[later], [elsewhere], []]) expect(selectionsFor(recordings, WEB, NOON).maxAgeS).toBe(420);
    expect(selectionsFor([], WEB, NOON, 60).maxAgeS).toBe(60);
  });
});
