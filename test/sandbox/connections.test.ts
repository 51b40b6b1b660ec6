/** Both ends of a connection share one process: a server that closed it while the client was busy would fail the next request. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';

let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());

describe('a connection without a request', () => {
  it('is kept for two minutes', async () => {
    const answer = await fetch(String(sandbox.clientConfig('eu-west-1').endpoint));
    await answer.arrayBuffer();

    expect(answer.headers.get('keep-alive')).toBe('timeout=120');
  });
});
