import { describe, expect, it } from 'vitest';
import { run } from '../../../cli/main.ts';
import { aContext } from '../a-context.ts';

describe('plimsoll demo', () => {
  it('ends cleanly when it is interrupted', async () => {
    const { context, err } = aContext({ signal: AbortSignal.abort() });

    expect(await run(['demo'], context)).toBe(130);
    expect(err()).toBe('Interrupted.');
  });
});
