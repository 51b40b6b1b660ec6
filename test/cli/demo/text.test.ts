import { describe, expect, it } from 'vitest';
import { type DemoReport, renderDemo } from '../../../cli/demo/text.ts';
import { plain } from '../../../cli/render/text.ts';
import {
  aFinding,
  aFleetNotification,
  aNotification,
  aResource,
  aRunSummary,
  aSeries,
  HOUR,
  NOON,
} from '../../fixtures/builders.ts';

const FOUND = {
  finding: aFinding({ resource: aResource({ id: 'i-leak' }) }),
  series: aSeries(Array.from({ length: 400 }, (_, index) => 0.3 + Math.max(0, index - 200) * 0.002)),
  expected: 'web-1: leaks',
};

function aReport(overrides: Partial<DemoReport> = {}): DemoReport {
  const undisturbed = { failed: 0, rejected: 0 };
  return {
    hosts: 12,
    tenants: [{ name: 'Acme Ltd', found: [FOUND] }],
    inspections: [
      { at: NOON, events: [aNotification()], ...undisturbed },
      { at: NOON + HOUR, events: [], ...undisturbed },
    ],
    runs: [aRunSummary()],
    email: { subject: '[medium] Memory of i-leak', text: 'Memory of i-leak grows.\n\n  plimsoll explain i-leak\n' },
    topConsumers: 1,
    expected: { leaking: 1, steady: 7, insufficient_data: 1, not_monitored: 1, unreadable: 1, absent: 1 },
    differences: [],
    ...overrides,
  };
}

describe('renderDemo', () => {
  it('offers a host of each cloud to explain, by a name that no other has', () => {
    const named = (provider: 'gcp' | 'azure', name: string) => ({
      ...FOUND,
      finding: aFinding({ resource: aResource({ provider, id: `/path/${name}`, name }) }),
    });
    const found = [named('gcp', 'twin'), named('azure', 'twin'), named('azure', 'api-az-1'), FOUND];

    const text = renderDemo(aReport({ tenants: [{ name: 'Acme Ltd', found }] }), { paint: plain });

    expect(text).toContain('explain i-leak --demo');
    expect(text).toContain('explain api-az-1 --demo');
    expect(text).not.toContain('explain twin --demo');
  });

  it('shows what was found, published and spent, and that it is what is expected', () => {
    expect(renderDemo(aReport(), { paint: plain, width: 100 })).toMatchInlineSnapshot(`
      "A simulated fleet: 12 hosts of 1 tenant, inspected twice by the functions that run in the cloud,
      with the real clients of AWS, Google Cloud, Azure and Prometheus, against stand-ins of the services
      on this machine. Nothing leaves it.

      Acme Ltd: what grows like a leak at 2026-11-20 12:00 UTC
      severity  grade      host      used     growth  exhausted    between  at (UTC)     confidence
      medium    confirmed  i-leak  62.0 %  +0.40 %/h  in 3 d 23 h  3–5 d    11-24 11:00        90 %

      The runs, as the functions logged them
      account and region          run       hosts  leaking  steady  not monitored  unreadable  a month
      aws 111122223333 eu-west-1  complete     10        1       6              2           0    $0.06
      price: 0.01 USD per 1,000 metrics on 2026-11-01

      What the tenants’ topics sent
      2026-11-20 12:00 UTC  1 opened
        opened: Memory of i-0a1b2c3d grows like a leak (medium, aws 111122223333 eu-west-1)
      2026-11-20 13:00 UTC  nothing: what was reported before is not reported again

      One event, as an email subscriber reads it
      │ Subject: [medium] Memory of i-leak
      │
      │ Memory of i-leak grows.
      │
      │   plimsoll explain i-leak

      What to try next
      # why this host of AWS was found, check by check
      npx plimsoll explain i-leak --demo
      # why a cache that filled was not
      npx plimsoll explain database-2 --demo
      # which processors of the same fleet are anomalous
      npx plimsoll inspect --demo --metric system.cpu.utilization
      # a config to start from, for your own accounts
      npx plimsoll tenants template
      # your own account, or recorded series from files
      npx plimsoll inspect --help

      Found exactly the 1 leak of the fleet, none more; named the right top consumer of 1; 7 hosts refused
      as healthy; 1 reported as not monitored, 1 as unreadable, 1 as insufficient data; left out 1 that
      are gone or no hosts."
    `);
  });

  it('names a fleet whose message covers many hosts, however many other events there are', () => {
    const events = [...new Array(5).fill(aNotification()), aFleetNotification()];

    const text = renderDemo(
      aReport({ inspections: [{ at: NOON, events, failed: 0, rejected: 0 }, aReport().inspections[1]] }),
      { paint: plain },
    );

    expect(text).toContain('6 opened\n  opened: Memory of 6 hosts of group web rises alike');
    expect(text).toContain(': one message instead of 6\n');
    expect(text).not.toContain('i-0a1b2c3d grows');
  });

  it('lists every difference from what is expected', () => {
    const differences = ['web-1 (i-leak) leaks and was not published', 'i-x was found and is not expected'];

    const lines = renderDemo(aReport({ differences }), { paint: plain }).split('\n');

    expect(lines.slice(-3)).toEqual([
      '2 differences from what is expected:',
      '  web-1 (i-leak) leaks and was not published',
      '  i-x was found and is not expected',
    ]);
  });

  it('leaves the email out where there was none', () => {
    expect(renderDemo(aReport({ email: undefined }), { paint: plain })).not.toContain('email');
  });
});
