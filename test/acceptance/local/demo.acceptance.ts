/** Commands over the demo's fleet in every cloud, which takes a quarter of a minute each. */
import { describe, expect, it } from 'vitest';
import { run } from '../../../cli/main.ts';
import { aContext } from '../../cli/a-context.ts';

async function plimsoll(...args: readonly string[]) {
  const { context, out } = aContext();
  const code = await run(args, context);
  return {
    code,
    lines: out()
      .split('\n')
      .map((line) => JSON.parse(line)),
  };
}

describe('plimsoll demo', () => {
  it('finds exactly what is expected', async () => {
    const { context, out } = aContext({ width: 120 });

    const code = await run(['demo'], context);

    expect(out()).toMatch(/Found exactly the \d+ leaks of the fleet, none more/);
    expect(code).toBe(0);
    expect(out()).toContain('Subject: [');
    expect(out()).toContain('explain database-2 --demo');
  });
});

describe('the demo’s fleet', () => {
  it('is inspected in every cloud', async () => {
    const { code, lines } = await plimsoll('inspect', '--demo', '--json', '--only', 'leaking');

    const hosts = lines.filter(({ kind }) => kind === 'host');
    // Some accounts of the fleet refuse to be read.
    expect(code).toBe(4);
    expect(new Set(hosts.map(({ tenant }) => tenant))).toEqual(new Set(['harbour', 'orchard']));
    expect([...new Set(hosts.map(({ host }) => host.provider))]).toEqual(
      expect.arrayContaining(['aws', 'azure', 'gcp']),
    );
  });

  it('explains a cache that filled as steady', async () => {
    const { context, out } = aContext();

    await run(['explain', 'database-2', '--demo', '--account', '111111111111'], context);

    expect(out()).toContain('is steady');
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

  it('is replayed in every cloud', async () => {
    const { code, lines } = await plimsoll('backtest', '--demo', '--days', '1', '--json');

    const hosts = lines.filter(({ kind }) => kind === 'host');
    const reported = hosts.filter(({ replays }) => replays?.[0]?.episodes.length > 0);
    expect(code).toBe(4);
    expect(new Set(reported.map(({ tenant }) => tenant))).toEqual(new Set(['harbour', 'orchard']));
    expect([...new Set(hosts.map(({ host }) => host.provider))]).toEqual(
      expect.arrayContaining(['aws', 'azure', 'gcp']),
    );
    expect(lines.at(-1)).toMatchObject({ kind: 'summary', read: { metricsBilled: expect.any(Number) } });
  });
});
