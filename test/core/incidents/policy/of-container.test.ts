/** A node that grows by a container whose leak was reported. */
import { describe, expect, it } from 'vitest';
import { decideAll } from '../../../../core/incidents/policy/decide-all.ts';
import type { Incident } from '../../../../core/model/incident.ts';
import { HOUR, NOON } from '../../../fixtures/builders.ts';
import { aContext, alertsOf } from './changes.ts';
import { aContainer, aNode, LABELS } from './nodes.ts';

function decide(node: ReturnType<typeof aNode>, container: Partial<Incident> | undefined = { lastNotifiedAt: NOON }) {
  const { incident } = aContainer();
  const known = { ...incident, undecided: [], ...container };
  const { decisions } = decideAll([node], aContext({ containers: [known] }));
  return decisions[0]?.decision;
}

describe('a node that grows by one of its containers', () => {
  it('is put off while the incident of the container is open, and the reason names that', () => {
    expect(decide(aNode())).toMatchObject({
      outcome: 'put_off',
      stage: 'container',
      page: false,
      until: NOON + 6 * HOUR,
      reason: expect.stringContaining('prod%2Fshop%2Fcheckout%2Fapi'),
    });
  });

  it.each([
    ['has ended', { lastNotifiedAt: NOON, status: 'closed' }],
    ['has recovered', { lastNotifiedAt: NOON, status: 'watched' }],
    ['was reported to nobody', { lastNotifiedAt: null }],
    ['was reported in a cycle before', { lastNotifiedAt: NOON - HOUR, cycleSince: NOON }],
    ['is a suspicion', { lastNotifiedAt: NOON, status: 'suspected' }],
    ['is less urgent', { lastNotifiedAt: NOON, severity: 'low' }],
  ] as const)('is sent where the incident of the container %s', (_what, container) => {
    expect(decide(aNode(), container)).toMatchObject({ outcome: 'sent', page: true });
  });

  it.each([
    ['most of it grew elsewhere', aNode({ share: 0.4 })],
    ['it is a process', aNode({ kind: 'process' })],
  ])('is sent where %s', (_what, node) => {
    expect(decide(node)).toMatchObject({ outcome: 'sent' });
  });

  it.each([
    ['another namespace', { ...LABELS, 'k8s.namespace.name': 'test' }],
    ['another node', { ...LABELS, 'k8s.node.name': 'node-b' }],
    ['another cluster', { ...LABELS, 'k8s.cluster.name': 'test' }],
  ])('is sent where the container is of %s', (_what, labels) => {
    const { incident } = aContainer({ labels });

    expect(decide(aNode(), { ...incident, lastNotifiedAt: NOON })).toMatchObject({ outcome: 'sent' });
  });

  it('is put off for an hour where the container is decided in the same run, of which one alone pages', () => {
    const { decisions } = decideAll([aNode(), aContainer()], aContext());

    const outcomes = decisions.map(({ incident, decision }) => [incident.key.host, decision.outcome, decision.until]);
    expect(outcomes.sort()).toEqual([
      ['i-node-a', 'put_off', NOON + HOUR],
      ['prod/shop/checkout/api', 'sent', null],
    ]);
  });

  it('is sent an hour later where the container was held back', () => {
    const container = aContainer();
    const alerts = alertsOf({ rules: [{ name: 'known', match: { hosts: ['prod/*'] }, action: 'hold' }] });
    const { decisions } = decideAll([aNode(), container], aContext({ alerts }));
    const held = { ...container.incident, undecided: [] };
    const later = aContext({ alerts, now: NOON + HOUR, containers: [held] });

    const again = decideAll([aNode()], later).decisions;

    expect(decisions.map(({ decision }) => decision.outcome).sort()).toEqual(['held', 'put_off']);
    expect(again[0]?.decision).toMatchObject({ outcome: 'sent', page: true });
  });

  it('is dropped where it is over with its container', () => {
    const node = aNode();
    const over = { ...node.change, number: 2, kind: 'recovered', at: NOON + HOUR } as const;
    const incident: Incident = {
      ...node.incident,
      status: 'closed',
      undecided: [{ ...node.change, notBefore: NOON }, over],
    };

    const { decisions } = decideAll([{ incident, change: over }], aContext({ now: NOON + HOUR }));

    expect(decisions.map(({ decision }) => [decision.outcome, decision.stage])).toEqual([
      ['held', 'order'],
      ['held', 'order'],
    ]);
  });
});
