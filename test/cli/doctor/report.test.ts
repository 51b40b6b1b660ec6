import { describe, expect, it } from 'vitest';
import { renderExamination, renderExaminations, renderNotFromHere } from '../../../cli/doctor/report.ts';
import { plain } from '../../../cli/render/text.ts';
import type { Examination } from '../../../core/inspection/doctor.ts';
import { aResource, MINUTE } from '../../fixtures/builders.ts';

const COST = { perRun: 0.0001, perMonth: 0.07, currency: 'USD', price: 'made up, 2026-11' } as const;

function anExamination(overrides: Partial<Examination> = {}): Examination {
  return {
    scope: { provider: 'azure', account: 'a-subscription', region: 'westeurope' },
    signIn: 'yes',
    read: 'yes',
    names: { read: 'yes', detail: null },
    trust: null,
    facts: [],
    hosts: { known: 3, withMemory: 3, notMonitored: 0, unreadable: 0 },
    resolutionMs: MINUTE,
    consumers: { requested: 3, collected: 3, kinds: ['process'] },
    cost: COST,
    weeks: { days: 60, perMonth: 0.003 },
    jobs: [],
    failures: [],
    advice: [],
    ...overrides,
  };
}

const EMPTY = anExamination({ hosts: { known: 0, withMemory: 0, notMonitored: 0, unreadable: 0 } });
const REFUSED = anExamination({
  signIn: 'no',
  read: 'unknown',
  failures: ['azure/x: denied: no'],
  cost: { ...COST, perMonth: 0 },
});

const render = (examination: Examination) => renderExamination('acme', examination, { paint: plain });

describe('renderExamination', () => {
  it('states what reading weeks costs of a month', () => {
    expect(render(anExamination())).toContain('60 days of hours are read once a day, $0.003 of that month');
  });

  it('states what reading the metrics of each job costs, or why they cannot be read', () => {
    const jobs = [
      { job: 'resident', perMonth: 2191.7, issue: null },
      { job: 'own', perMonth: 0, issue: null },
      { job: 'never', perMonth: 1, issue: 'CloudWatch has no periods of 45 s' },
    ];

    const text = render(anExamination({ jobs }));

    expect(text).toMatch(/job +resident: reading it costs about \$2191\.70 a month/);
    expect(text).toMatch(/job +own: reading it costs nothing/);
    expect(text).toMatch(/job +never: CloudWatch has no periods of 45 s/);
  });

  it('names the hosts that something is to be done about', () => {
    const hosts = [aResource({ name: 'web-1' }), aResource({ id: 'i-2' })];

    expect(render(anExamination({ advice: [{ hosts, message: 'Install it.' }] }))).toContain(
      'to do        2 hosts (web-1, i-2): Install it.',
    );
  });

  it('names five of many hosts', () => {
    const hosts = Array.from({ length: 17 }, (_, index) => aResource({ id: `i-${index + 1}` }));

    expect(render(anExamination({ advice: [{ hosts, message: 'Install it.' }] }))).toContain(
      '17 hosts (i-1, i-2, i-3, i-4, i-5 and 12 more; --json names all): Install it.',
    );
  });

  it('states why hosts have no names, and does not call that partial', () => {
    const text = render(anExamination({ names: { read: 'no', detail: 'not authorized; allow tag:GetResources' } }));

    expect(text).toContain('names        no, hosts go by their ids: not authorized; allow tag:GetResources');
    expect(text.split('\n')[0]).toMatch(/ok$/);
    expect(render(anExamination())).toContain('names        yes');
  });

  it('warns of a trust that is too wide, though the account can be read', () => {
    const text = render(anExamination({ trust: 'the role was assumed with another external id' }));

    expect(text).toContain('trust        the role was assumed with another external id');
    expect(text.split('\n')[0]).toMatch(/ {2}trust$/);
  });

  it('does not call it well where no host shows', () => {
    const [head] = render(EMPTY).split('\n');

    expect(head).toMatch(/no host$/);
    expect(render(EMPTY)).toContain('hosts        none shows: are account and region the right ones?');
  });
});

describe('renderExaminations', () => {
  it('adds them up', () => {
    expect(renderExaminations([anExamination(), anExamination()], 0, { paint: plain })).toBe(
      '2 accounts and regions can be read; together $0.14 a month on these schedules.',
    );
  });

  it('names an account in which no host shows', () => {
    expect(renderExaminations([anExamination(), EMPTY], 0, { paint: plain })).toMatch(
      /can be read; no host shows in 1 of them;/,
    );
  });

  it('does not price what could not be seen', () => {
    expect(renderExaminations([REFUSED], 0, { paint: plain })).toBe(
      '1 account and region examined: 1 not read; what inspecting will cost is not known.',
    );
    expect(renderExaminations([REFUSED, anExamination()], 0, { paint: plain })).toContain(
      'together at least $0.07 a month',
    );
  });

  it('separates what was not read from what was read in part, and counts what only the functions can sign in to', () => {
    const inPart = anExamination({ failures: ['azure/x/web-1: throttled: no'] });

    expect(renderExaminations([REFUSED, inPart, anExamination()], 2, { paint: plain })).toMatch(
      /^3 accounts and regions examined: 1 not read, 1 in part; 2 not from here; together/,
    );
  });
});

describe('renderNotFromHere', () => {
  it('names the reason and the commands that show the account', () => {
    const scope = { provider: 'azure', account: 'a-subscription' } as const;

    const text = renderNotFromHere({ tenant: 'acme', scope, why: 'Nobody else may' }, ' --stage prod', {
      paint: plain,
    });

    expect(text).toBe(
      'azure a-subscription  tenant acme  not from here\n' +
        '  Nobody else may. `npx plimsoll status acme --account a-subscription --stage prod` shows how the functions fare, ' +
        'and --provider azure --account a-subscription reads it with your own credentials.',
    );
  });
});
