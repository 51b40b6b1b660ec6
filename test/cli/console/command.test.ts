import { describe, expect, it } from 'vitest';
import { run } from '../../../cli/main.ts';
import { aContext } from '../a-context.ts';

describe('plimsoll console on the command line', () => {
  it.each([
    [['--port', '70000'], 'Give a port from 1 to 65535.'],
    [['--speed', 'fast'], 'Give an integer'],
    [['--speed', '100000'], 'Give seconds, up to 86400.'],
    [['--stage', 'prod', '--stack', 'other'], 'cannot be used with'],
    [['--receive', 'x', '--speed', '1'], 'cannot be used with'],
    [['--token-file', 'x'], '--token-file belongs to --receive'],
  ])('refuses %s', async (args, message) => {
    const { context, err } = aContext();

    expect(await run(['console', ...args], context)).toBe(1);
    expect(err()).toContain(message);
  });

  it('names the variable that is missing where the environment names a part of a deployment', async () => {
    const { context, err } = aContext({ variables: { PLIMSOLL_TABLE: 'plimsoll-prod' } });

    expect(await run(['console'], context)).toBe(1);
    expect(err()).toContain('The environment variable PLIMSOLL_TOPIC_ARN_PREFIX is not set.');
  });
});

describe('plimsoll mcp on the command line', () => {
  it.each([
    [['--demo', '--stage', 'prod'], '--demo shows a simulated fleet, and --stage a deployment: give one of them.'],
    [['--demo', '--traces', 'a/memory.csv', '--traces', 'b/memory.csv'], 'have the same name'],
  ])('refuses %s', async (args, message) => {
    const { context, err } = aContext();

    expect(await run(['mcp', ...args], context)).toBe(1);
    expect(err()).toContain(message);
  });
});
