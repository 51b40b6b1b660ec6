/** The command, as somebody with a Prometheus types it: the scenario's server, played by Debian's. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { EXIT } from '../../../cli/exit-code.ts';
import { worldsOf } from '../../../sandbox/prometheus/fleet-worlds.ts';
import type { Expected } from '../../../sandbox/scenario/fleet.ts';
import { PROMETHEUS, PROMETHEUS_OPTIONS } from '../../../sandbox/scenario/prometheus.ts';
import { prometheusAt } from '../../../sandbox/scenario/scenario.ts';
import { HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';
import { startBoth, type TwoServers } from './two-servers.ts';

/** Scrapes each five minutes: as many samples as the blocks of a test may have. */
const FLEET = {
  ...prometheusAt(NOON),
  prometheus: { [PROMETHEUS]: { ...PROMETHEUS_OPTIONS[PROMETHEUS], scrapedEvery: 5 * MINUTE } },
};

const lineSchema = z.discriminatedUnion('kind', [
  z.looseObject({ kind: z.literal('host'), state: z.string(), host: z.looseObject({ id: z.string() }) }),
  z.looseObject({ kind: z.literal('summary') }),
]);

let servers: TwoServers;

beforeAll(async () => {
  const [world] = worldsOf(FLEET);
  if (world === undefined) throw new Error('the scenario has a Prometheus server');
  servers = await startBoth(world, { start: NOON - 101 * HOUR, end: NOON });
});
afterAll(() => servers?.[Symbol.asyncDispose]());

/** The ids of hosts by their state, of hosts that were evaluated. */
async function inspect(url: string): Promise<Record<string, string>> {
  const words = ['inspect', '--provider', 'prometheus', '--url', url, '--at', new Date(NOON).toISOString(), '--json'];
  const program = new URL('../../../cli/main.ts', import.meta.url).pathname;
  const { stdout } = await promisify(execFile)(process.execPath, [program, ...words]).catch((error: unknown) =>
    z.object({ code: z.literal(EXIT.findings), stdout: z.string() }).parse(error),
  );
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => lineSchema.parse(JSON.parse(line)));
  return Object.fromEntries(lines.flatMap((line) => (line.kind === 'host' ? [[line.host.id, line.state]] : [])));
}

function isLeaking({ expected }: { readonly expected: Expected }): boolean {
  return expected.state === 'leaking';
}

describe('plimsoll inspect --provider prometheus --url URL', () => {
  it('finds the machines and containers that leak, and no others', async () => {
    const found = await inspect(servers.real);

    const machines = FLEET.hosts.filter(isLeaking).map(({ resource }) => resource.id);
    const containers = new Set(
      (FLEET.pods ?? [])
        .filter(isLeaking)
        .map(({ cluster, namespace, controller, container }) =>
          [cluster, namespace, controller.name, container].join('/'),
        ),
    );
    const leaking = Object.keys(found).filter((id) => found[id] === 'leaking');
    expect(leaking.sort()).toEqual([...machines, ...containers].sort());
    expect(leaking.length).toBeGreaterThan(4);
  });

  it('finds the same in the sandbox', async () => {
    const [real, sandbox] = await Promise.all([inspect(servers.real), inspect(servers.sandbox)]);

    expect(sandbox).toEqual(real);
  });
});
