import { describe, expect, it } from 'vitest';
import { type LoggedChange, type ReplayPolicy, replayPolicy } from '../../../../core/incidents/policy/replay.ts';
import { HOUR, NOON } from '../../../fixtures/builders.ts';
import { alertsOf, anItem, aStorm, type ItemOptions } from './changes.ts';

function logged(options: ItemOptions): LoggedChange {
  const { incident, change } = anItem(options);
  return { key: incident.key, resource: incident.resource, change };
}

function aPolicy(alerts: unknown = {}): ReplayPolicy {
  return { mutes: [], labels: [], alertsOf: () => alertsOf(alerts), environmentOf: () => 'staging' };
}

function outcomes(log: readonly LoggedChange[], policy: ReplayPolicy) {
  return replayPolicy(log, policy).map(({ key, change, decision }) => [
    key.host,
    change.kind,
    decision.page ? 'page' : (decision.stage ?? decision.outcome),
  ]);
}

const STORY = [
  logged({ change: { number: 1, kind: 'opened', at: NOON } }),
  logged({ change: { number: 2, kind: 'worse', severity: 'high', at: NOON + 2 * HOUR } }),
  logged({ change: { number: 3, kind: 'recovered', at: NOON + 5 * HOUR } }),
];

describe('a replay of the log', () => {
  it('decides every change again, in its order', () => {
    expect(outcomes(STORY.toReversed(), aPolicy())).toEqual([
      ['i-0a1b2c3d', 'opened', 'page'],
      ['i-0a1b2c3d', 'worse', 'sent'],
      ['i-0a1b2c3d', 'recovered', 'sent'],
    ]);
  });

  it('decides what is put off when it is due', () => {
    const quiet = aPolicy({ quietHours: [{ from: '11:00', to: '13:00' }] });

    const [opened] = replayPolicy(STORY, quiet);

    expect(opened).toMatchObject({ at: NOON + HOUR, decision: { outcome: 'sent', page: true } });
  });

  it('leaves put off what waits at the end of the log', () => {
    const quiet = aPolicy({ quietHours: [{ from: '11:00', to: '13:00' }] });

    expect(outcomes(STORY.slice(0, 1), quiet)).toEqual([['i-0a1b2c3d', 'opened', 'quiet_hours']]);
  });

  it('finds the storms of the policy, and passes over those that were recorded', () => {
    const log = aStorm(10).map(({ incident, change }) => ({ key: incident.key, resource: incident.resource, change }));
    const fleet = logged({});
    const recorded = { ...fleet, key: { ...fleet.key, finding: 'fleet' as const } };

    const paged = replayPolicy([...log, recorded], aPolicy()).filter(({ decision }) => decision.page);

    expect(paged.map(({ key }) => key.host)).toEqual(['group:web-blue']);
    expect(outcomes(log, aPolicy({ storm: false })).filter(([, , what]) => what === 'page')).toHaveLength(10);
  });
});
