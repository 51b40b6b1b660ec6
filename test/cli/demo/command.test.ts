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

/** Of AWS alone: `plimsoll demo` reads the other clouds, and test/acceptance/local has the commands read all. */
const ONE_REGION = ['--region', 'eu-west-1'];

describe('the demo’s fleet', () => {
  it('is there for inspect and explain', async () => {
    const inspected = aContext();
    const explained = aContext();

    const code = await run(['inspect', '--demo', ...ONE_REGION, '--json', '--only', 'leaking'], inspected.context);
    await run(['explain', 'database-2', '--demo', '--account', '111111111111'], explained.context);

    const lines = inspected
      .out()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(code).toBe(4);
    expect(new Set(lines.map(({ tenant }) => tenant))).toEqual(new Set(['harbour', 'orchard']));
    expect(explained.out()).toContain('is steady');
  });

  it('has hosts of one name, of which --account or --region takes one as the message advises', async () => {
    const both = aContext();
    const one = aContext();

    const refused = await run(['explain', 'twin-leak', '--demo'], both.context);
    const explained = await run(['explain', 'twin-leak', '--demo', '--region', 'europe-west1'], one.context);

    expect(refused).toBe(1);
    expect(both.err()).toContain('narrow the source with --account or --region');
    expect(explained).toBe(0);
    expect(one.out()).toMatch(/^twin-leak .* grows like a leak/);
  });
});
