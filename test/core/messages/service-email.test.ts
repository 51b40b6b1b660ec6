import { describe, expect, it } from 'vitest';
import { assess } from '../../../core/health/assess.ts';
import { cadenceEvent, jobsFailedEvent, jobsRestoredEvent } from '../../../core/health/compose-service-event.ts';
import { serviceEmailSubject, serviceEmailText } from '../../../core/messages/service-email.ts';
import type { FailingJob, ScopeHealth } from '../../../core/model/health.ts';
import { type ServiceEvent, serviceEventSchema } from '../../../core/model/service-event.ts';
import { anAccount, aScopeHealth, aTenantConfig, HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';

const REGIONS = Array.from({ length: 10 }, (_, index) => `eu-west-${index + 1}`);

function eventOf(kind: string, health: Partial<ScopeHealth>, failingSince: number | null = null): ServiceEvent {
  const tenant = {
    config: aTenantConfig({ accounts: [anAccount({ regions: REGIONS })] }),
    version: 1,
    externalId: 'external',
    putAt: NOON - 100 * HOUR,
  };
  const { state: first } = assess(tenant, [], undefined, NOON - 50 * HOUR);
  const state = { ...first, accounts: first.accounts.map((watched) => ({ ...watched, failingSince })) };
  const regions = REGIONS.map((region) => aScopeHealth({ scope: { ...aScopeHealth().scope, region }, ...health }));
  const { events } = assess(tenant, regions, state, NOON + MINUTE);
  const event = events.find(({ data }) => data.kind === kind);
  if (event === undefined) throw new Error(`there is no event ${kind}`);
  return event;
}

const HOSTILE = `denied: „nö“\u{1f600}\r\nX-Header: ${'y'.repeat(500)}`;
const FAILED = eventOf('inspection_failed', {
  outcome: 'partial',
  failure: HOSTILE,
  partial: { runs: 2, since: NOON - HOUR },
});
const RESTORED = eventOf('inspection_restored', {}, NOON - 9 * HOUR);
const STOPPED = eventOf('agents_stopped', { stopped: { count: 700, first: Array(5).fill(HOSTILE) } });
const ALIVE = eventOf('alive', {});

const USUAL = { quietHours: 0, jobs: 0 } as const;
const SLOWEST = { quietHours: 4, jobs: 'paused' } as const;
const CHANGE = {
  tenant: 'acme',
  before: USUAL,
  quietHours: 2,
  jobs: 0,
  capUsd: 100,
  projection: { month: '2026-11', spent: 10 },
  projected: 90,
  exceedsBy: 0,
  report: 1,
} as const;
const REDUCED = cadenceEvent(CHANGE, NOON);
const SLOWED = cadenceEvent({ ...CHANGE, quietHours: 0, jobs: 1 }, NOON);
const PAUSED = cadenceEvent({ ...CHANGE, before: { quietHours: 4, jobs: 4 }, quietHours: 0, jobs: 'paused' }, NOON);
const EXCEEDED = cadenceEvent({ ...CHANGE, before: SLOWEST, ...SLOWEST, projected: 150, exceedsBy: 50 }, NOON);
const FASTER = cadenceEvent({ ...CHANGE, before: SLOWEST, ...USUAL, projected: 140, capUsd: null }, NOON);

const SCOPE = { provider: 'aws', account: '111122223333', region: 'eu-west-1' } as const;
const JOBS = Array.from({ length: 12 }, (_, index): FailingJob => {
  return {
    job: `job-${index}`,
    scope: SCOPE,
    state: index === 1 ? 'overdue' : 'failing',
    message: index === 0 ? HOSTILE : '',
  };
});
const JOBS_FAILED = jobsFailedEvent('acme', { since: NOON - HOUR, jobs: JOBS }, NOON);
const JOBS_RESTORED = jobsRestoredEvent('acme', NOON - HOUR, NOON);

describe('a change of the cadence', () => {
  it('restores nothing where quiet hosts are slowed down in the stead of jobs', () => {
    const { data } = cadenceEvent({ ...CHANGE, before: { quietHours: 0, jobs: 4 }, quietHours: 2, jobs: 0 }, NOON);

    expect(data.kind).toBe('cadence_reduced');
  });
});

describe('the email about inspections', () => {
  it.each([
    ['a failure', FAILED],
    ['its end', RESTORED],
    ['agents that stopped', STOPPED],
    ['a reduced cadence', REDUCED],
    ['slower jobs', SLOWED],
    ['paused jobs', PAUSED],
    ['jobs that fail', JOBS_FAILED],
    ['jobs that no longer fail', JOBS_RESTORED],
    ['a cap that will be exceeded', EXCEEDED],
    ['a restored cadence', FASTER],
    ['being alive', ALIVE],
  ])('of %s is printable ASCII and short, with a subject that SNS takes', (_, event) => {
    const [subject, text] = [serviceEmailSubject(event), serviceEmailText(event)];

    expect(text).toMatch(/^[\x20-\x7e\n]+$/);
    expect(text.split('\n').length).toBeLessThan(35);
    expect(subject).toMatch(/^[\x20-\x7e]{1,99}$/);
  });

  it('states what failed, where, since when, and what to do', () => {
    expect(serviceEmailSubject(FAILED)).toBe(
      '[high] Inspections of aws 111122223333 fail since 2026-11-20 11:00 UTC in 10 of 10 regions',
    );
    const text = serviceEmailText(FAILED);
    expect(text).toContain('Where        aws 111122223333; tenant acme\n');
    expect(text).toContain('eu-west-1    inspected in part since 2026-11-20 11:00 UTC\n  denied: ');
    expect(text).toContain('and 2 more regions\n');
    expect(text).toContain('plimsoll doctor --tenant acme --stage NAME\n');
    expect(text).toContain('Event        acme/aws/111122223333/inspection_failed/2026-11-20T11:00:00.000Z\n');
  });

  it('states that nothing has to be done when a failure is over', () => {
    expect(serviceEmailText(RESTORED)).toBe(
      [
        'Inspections of aws 111122223333 are complete again.',
        '',
        'Where        aws 111122223333; tenant acme',
        'Failed since 2026-11-20 03:00 UTC',
        '',
        'There is nothing to do.',
        '',
        'Event        acme/aws/111122223333/inspection_restored/2026-11-20T03:00:00.000Z',
        '',
      ].join('\n'),
    );
  });

  it('counts the hosts that stopped, and names the first', () => {
    const text = serviceEmailText(STOPPED);

    expect(serviceEmailSubject(STOPPED)).toBe('[medium] 7,000 hosts of aws 111122223333 stopped reporting memory');
    expect(text).toContain('  and 6,995 more\n');
  });

  it('states what a cost cap changed, and what the month will cost', () => {
    expect(serviceEmailSubject(REDUCED)).toBe(
      '[medium] Quiet hosts of acme are inspected every 2 hours: $90.00 of at most $100.00 this month',
    );
    expect(serviceEmailText(REDUCED)).toContain(
      [
        'Tenant       acme',
        'Quiet hosts  every 2 hours, before: on schedule',
        'Cost cap     $100.00 a month',
        'Spent        $10.00 in 2026-11 (UTC)',
        'Month end    $90.00 expected',
        '',
        'Hosts that are steady and far from their limit are inspected less often.',
      ].join('\n'),
    );
    expect(serviceEmailSubject(EXCEEDED)).toBe(
      '[medium] The reads of acme will cost $150.00 this month, $50.00 above the cap',
    );
    expect(serviceEmailText(EXCEEDED)).toContain('Month end    $150.00 expected, $50.00 above the cap\n');
    expect(serviceEmailText(EXCEEDED)).toContain('This comes once a day while the month will end above the cap.\n');
    expect(serviceEmailText(FASTER)).toContain('Cost cap     none any more\n');
  });

  it('states which jobs inspect nothing, why, and what to do', () => {
    const text = serviceEmailText(JOBS_FAILED);

    expect(serviceEmailSubject(JOBS_FAILED)).toBe(
      '[medium] 12 jobs of acme inspect nothing since 2026-11-20 11:00 UTC',
    );
    expect(text).toContain('job-0        could read nothing: aws 111122223333 eu-west-1\n  denied: ');
    expect(text).toContain('job-1        not inspected: aws 111122223333 eu-west-1\n');
    expect(text).toContain('and 4 more\n');
    expect(text).toContain('  npx plimsoll anomalies jobs acme --stage NAME\n');
    expect(serviceEventSchema.parse(JOBS_FAILED).data).toMatchObject({ failing: 12, jobs: { length: 10 } });
  });

  it('states the coverage of the day', () => {
    expect(serviceEmailText(ALIVE)).toContain(
      [
        'Tenant       acme',
        'Accounts     1 enabled, 0 failing',
        'Regions      10 complete, 0 partial, 0 missed',
        'Hosts        100 known: 80 inspected, 20 not monitored, 0 unreadable',
        'Leaking      10 hosts',
        'Cost         $0.58 a month for reads',
        'Next         2026-11-20 13:00 UTC aws 111122223333',
      ].join('\n'),
    );
  });
});
