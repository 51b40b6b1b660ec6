/** Containers and tasks in messages: what they are called, and what restarts them. */
import { describe, expect, it } from 'vitest';
import { briefOf } from '../../../core/messages/compose-brief.ts';
import { restartCommand } from '../../../core/messages/container-host.ts';
import { emailText } from '../../../core/messages/email.ts';
import type { Resource } from '../../../core/model/series.ts';
import { aNotification, NOON } from '../../fixtures/builders.ts';

const SCOPE = { provider: 'aws', account: '111122223333', region: 'eu-west-1' } as const;

const CONTAINER: Resource = {
  ...SCOPE,
  kind: 'container',
  id: 'prod/shop/checkout/api',
  name: 'checkout/api',
  group: 'prod/shop/checkout',
  labels: {
    'k8s.cluster.name': 'prod',
    'k8s.namespace.name': 'shop',
    'k8s.deployment.name': 'checkout',
    'k8s.pod.name': 'checkout-7d9f8c6b5d-x2k9z',
    'k8s.container.name': 'api',
    'k8s.node.name': 'ip-10-0-1-17',
  },
};

const TASK: Resource = {
  ...SCOPE,
  kind: 'task',
  id: 'harbour/invoices',
  name: 'invoices',
  group: 'harbour/invoices',
  labels: { 'aws.ecs.cluster.name': 'harbour', 'aws.ecs.service.name': 'invoices' },
};

function briefAbout(resource: Resource, kind: Parameters<typeof aNotification>[1] = 'opened') {
  return briefOf(aNotification({ resource }, kind), NOON);
}

function commandsIn({ steps }: ReturnType<typeof briefOf>): string[] {
  return steps.flatMap(({ command }) => command ?? []);
}

describe('a message about a container', () => {
  it('names it, its pod and its node', () => {
    const { facts, summary, headline } = briefAbout(CONTAINER);

    expect(facts).toContainEqual({
      label: 'Which is',
      text: 'container api of pod checkout-7d9f8c6b5d-x2k9z on node ip-10-0-1-17',
    });
    expect(summary).toMatch(/of container checkout\/api /);
    expect(headline).toContain('checkout/api (prod/shop/checkout)');
  });

  it('restarts and rolls back its workload, and no node', () => {
    const brief = briefAbout(CONTAINER);

    expect(commandsIn(brief)).toEqual(
      expect.arrayContaining([
        'kubectl rollout restart deployment/checkout -n shop',
        'kubectl rollout undo deployment/checkout -n shop',
      ]),
    );
    expect(brief.steps.map(({ text }) => text).join('\n')).toMatch(/[Rr]estart deployment shop\/checkout/);
    expect(emailText(aNotification({ resource: CONTAINER }))).not.toMatch(/restart (the )?(node|host)/i);
  });

  it('states where its figures are of its node, or of several pods', () => {
    const labels = { ...CONTAINER.labels, 'plimsoll.limit': 'node', 'plimsoll.aggregate': 'average of its pods' };

    const { facts } = briefAbout({ ...CONTAINER, labels });

    expect(facts.find(({ label }) => label === 'Which is')?.text).toMatch(
      /figures are the average of its pods; it has no limit of its own: figures are of its node’s memory$/,
    );
  });

  it('states that it has no limit, and what its node has', () => {
    const labels = { ...CONTAINER.labels, 'plimsoll.limit': 'none', 'plimsoll.node.memory': String(64 * 2 ** 30) };
    const noteOf = (resource: Resource) => briefAbout(resource).facts.find(({ label }) => label === 'Which is')?.text;

    expect(noteOf({ ...CONTAINER, labels })).toMatch(
      /it has no limit of its own: its node has 64.0 GiB, which others use too$/,
    );
    expect(noteOf({ ...CONTAINER, labels: { ...CONTAINER.labels, 'plimsoll.limit': 'none' } })).toMatch(
      /it has no limit of its own$/,
    );
  });

  it.each([
    ['host_gone', 'container gone', 'the container should still be there'],
    ['no_data', 'no data', 'the container sends no samples'],
  ] as const)('is about a container where it is %s', (kind, tag, lead) => {
    const brief = briefAbout(CONTAINER, kind);

    expect(brief.headline).toContain(`[${tag}]`);
    expect(brief.lead).toContain(lead);
  });

  it('has the command that shows whether it still runs', () => {
    expect(commandsIn(briefAbout(CONTAINER, 'no_data'))).toContain('kubectl get pods -n shop -o wide');
  });
});

describe('a message about a task', () => {
  it('names its service, and deploys it again', () => {
    const brief = briefAbout(TASK);

    expect(brief.facts).toContainEqual({ label: 'Which is', text: 'the task of service invoices' });
    expect(commandsIn(brief)).toContain(
      'aws ecs update-service --cluster harbour --service invoices --force-new-deployment --region eu-west-1',
    );
    expect(commandsIn(brief).filter((command) => command.startsWith('kubectl'))).toEqual([]);
  });
});

describe('the command that restarts', () => {
  it.each([
    ['a name that begins with a dash', { 'k8s.deployment.name': '--all' }],
    ['a name with a command in it', { 'k8s.deployment.name': 'x;reboot' }],
    ['a namespace that is none', { 'k8s.namespace.name': '$(reboot)' }],
  ])('is none for %s', (_, labels) => {
    expect(restartCommand({ ...CONTAINER, labels: { ...CONTAINER.labels, ...labels } })).toBeUndefined();
  });

  it.each([
    ['a machine', { ...SCOPE, id: 'i-1', ...(CONTAINER.labels && { labels: CONTAINER.labels }) }],
    ['a Job', { ...CONTAINER, labels: { 'k8s.namespace.name': 'shop', 'k8s.job.name': 'backup' } }],
    ['a task without a service', { ...TASK, labels: { 'aws.ecs.cluster.name': 'harbour' } }],
    ['a task of a service that is none', { ...TASK, labels: { ...TASK.labels, 'aws.ecs.service.name': '--cluster' } }],
  ])('is none for %s', (_, host) => {
    expect(restartCommand(host)).toBeUndefined();
  });
});
