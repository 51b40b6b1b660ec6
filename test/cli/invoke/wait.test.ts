import { describe, expect, it } from 'vitest';
import { waitForResult } from '../../../cli/invoke/wait.ts';
import { MINUTE, NOON } from '../../fixtures/builders.ts';
import { createMemoryRequestLog } from '../../memory/stores.ts';
import { aContext } from '../a-context.ts';

describe('waiting for the result of a request', () => {
  it('ends after half an hour without one, and names what to look into', async () => {
    let waited = 0;
    const pause = async (ms: number) => {
      waited += ms;
    };
    const log = createMemoryRequestLog(() => NOON + waited);

    const result = waitForResult({ tenant: 'acme', id: 'cli-1' }, log, aContext().context.terminal, pause);

    await expect(result).rejects.toThrow(
      /is not answered after 30 minutes: nothing was dispatched[\s\S]*dead-letter queues[\s\S]*--id cli-1 --wait/,
    );
    expect(waited).toBe(30 * MINUTE);
  });
});
