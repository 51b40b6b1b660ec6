import { describe, expect, it } from 'vitest';
import { answerOf } from '../../../cli/mcp/envelope.ts';

describe('an answer to an assistant', () => {
  it('has a bounded length, and states that something was left out', () => {
    const items = Array.from({ length: 5000 }, (_, index) => ({ name: `host-${index}`.padEnd(300, 'x') }));

    const { content, structuredContent } = answerOf({ items });

    expect(JSON.stringify(content).length).toBeLessThan(150_000);
    expect(structuredContent).toMatchObject({ truncated: true });
  });

  it('shortens a text that is too long', () => {
    const { structuredContent } = answerOf({ detail: 'x'.repeat(100_000) });

    expect(structuredContent).toEqual(
      expect.objectContaining({ truncated: true, data: { detail: `${'x'.repeat(2999)}…` } }),
    );
  });

  it('is complete where it is short', () => {
    const data = { level: 0.5, since: null, hosts: ['web-1'] };

    expect(answerOf(data).structuredContent).toMatchObject({ truncated: false, data });
  });
});
