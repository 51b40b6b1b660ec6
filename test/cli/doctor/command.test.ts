import { beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../../cli/main.ts';
import { aContext } from '../a-context.ts';

describe('plimsoll doctor, of the demo’s fleet', () => {
  let code: number;
  let reported: string;
  let lines: Record<string, unknown>[];

  beforeAll(async () => {
    const people = aContext({ width: 120 });
    const programs = aContext();
    code = await run(['doctor', '--demo'], people.context);
    reported = people.out();
    await run(['doctor', '--demo', '--json'], programs.context);
    lines = programs
      .out()
      .split('\n')
      .map((line) => JSON.parse(line));
  });

  const of = (account: string) => lines.find(({ scope }) => Object(scope).account === account);

  it('examines every account of every provider, whatever the others said', () => {
    const providers = lines.map(({ scope }) => Object(scope).provider);

    expect(lines).toHaveLength(12);
    expect(new Set(providers)).toEqual(new Set(['aws', 'gcp', 'azure', 'prometheus']));
    expect(code).toBe(4);
  });

  it('separates what it cannot sign in to from what it cannot read', () => {
    expect(of('444444444444')).toMatchObject({ signIn: 'no', read: 'unknown' });
    expect(of('orchard-partner-12')).toMatchObject({ signIn: 'yes', read: 'no' });
    expect(of('222222222222')).toMatchObject({ signIn: 'yes', read: 'yes', failures: [] });
  });

  it('reports what hosts lack, how finely they are sampled, and what a run costs', () => {
    expect(of('111111111111')).toMatchObject({
      hosts: { notMonitored: 3, unreadable: 1 },
      resolutionMs: 60_000,
      consumers: { requested: 3, kinds: ['process'] },
      cost: { currency: 'USD', price: expect.stringMatching(/2026-11/) },
    });
  });

  it('names the hosts that have no memory metric', () => {
    const [main] = lines.filter(({ scope }) => Object(scope).account === '111111111111');
    const named = Object(main).advice.flatMap((one: { hosts: { id: string }[] }) => one.hosts.map(({ id }) => id));

    expect(named).toHaveLength(3);
    for (const id of named) expect(reported).toContain(id);
  });

  it('gives the advice of inspect about each host without a memory metric', async () => {
    const inspected = aContext();
    await run(['inspect', '--demo', '--json', '--account', '111111111111'], inspected.context);

    const hosts = inspected
      .out()
      .split('\n')
      .map((line) => Object(JSON.parse(line)))
      .filter(({ state }) => state === 'not_monitored');

    const advice = lines.flatMap((line) => Object(line).advice);
    const saidOf = (id: string) =>
      advice.filter(({ hosts }) => hosts.some((host: { id: string }) => host.id === id)).map(({ message }) => message);
    expect(new Set(hosts.map(({ reason }) => reason))).toEqual(new Set(['not_reported', 'stopped_reporting']));
    for (const { host, detail } of hosts) expect(saidOf(host.id)).toContain(detail);
  });

  it('prints it for people', () => {
    expect(reported).toContain('aws 444444444444 eu-west-1  tenant orchard  no sign-in');
    expect(reported).toContain('a sample every 1 min');
    expect(reported).toMatch(/12 accounts and regions examined: 3 not read, 3 in part; together at least \$\d/);
    expect(reported).toContain('to do');
  });
});
