/** Tunings at the prompt, over a deployment: what is stored, listed and given back. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createConfigStore } from '../../../adapters/dynamodb/config-store.ts';
import { createLabelStore, createTuningStore } from '../../../adapters/dynamodb/tenant-items.ts';
import { isolatedVariables } from '../../../cli/environment.ts';
import { run } from '../../../cli/main.ts';
import { renderAdvice } from '../../../cli/policy/tuning-text.ts';
import { plain } from '../../../cli/render/text.ts';
import type { Label } from '../../../core/model/mute.ts';
import type { PolicyOverride } from '../../../core/model/policy.ts';
import { type Deployment, deploy } from '../../../sandbox/deployment.ts';
import { type Sandbox, startSandbox } from '../../../sandbox/sandbox.ts';
import { aLabel, aTenantConfig, aTuning, HOUR, NOON } from '../../fixtures/builders.ts';
import { aContext } from '../a-context.ts';

let sandbox: Sandbox;
let deployment: Deployment;
let settings: Disposable;

beforeAll(async () => {
  sandbox = await startSandbox();
  deployment = await deploy(sandbox);
  settings = isolatedVariables(deployment.environment);
});

afterAll(async () => {
  settings[Symbol.dispose]();
  await sandbox.close();
});

async function plimsoll(...args: string[]) {
  const { CONFIGS_TABLE, TOPIC_ARN_PREFIX, TABLE } = deployment.environment;
  const variables = {
    PLIMSOLL_CONFIGS_TABLE: CONFIGS_TABLE,
    PLIMSOLL_TOPIC_ARN_PREFIX: TOPIC_ARN_PREFIX,
    PLIMSOLL_TABLE: TABLE,
  };
  const { context, out, err } = aContext({ variables });
  const code = await run(args, context);
  return { code, out: out(), err: err() };
}

function configs() {
  return createConfigStore({ client: deployment.dynamodb, table: deployment.environment.CONFIGS_TABLE });
}

function ofTable() {
  return { client: deployment.dynamodb, table: deployment.environment.TABLE };
}

/** A tenant whose threshold was tuned to 0.8. */
async function aTunedTenant(tenant: string, before: PolicyOverride | null, after: PolicyOverride = { threshold: 0.8 }) {
  await configs().put(aTenantConfig({ tenant, policy: after }), 0, 'external', NOON - HOUR);
  await createTuningStore(ofTable()).put(aTuning({ tenant, at: NOON - HOUR, version: 1, before, after }));
}

async function policyOf(tenant: string) {
  return (await configs().get(tenant))?.config.policy;
}

describe('plimsoll policy tune --undo', () => {
  it('gives back exactly what was, as a new version, and lists both', async () => {
    await aTunedTenant('undone', null);

    const undone = await plimsoll('policy', 'tune', '--tenant', 'undone', '--undo');
    const history = await plimsoll('policy', 'tune', '--tenant', 'undone', '--history');
    const again = await plimsoll('policy', 'tune', '--tenant', 'undone', '--undo');

    expect(undone).toMatchObject({ code: 0, out: expect.stringContaining('as it was before the tuning t-1') });
    expect(await policyOf('undone')).toBeUndefined();
    expect((await configs().get('undone'))?.version).toBe(2);
    expect(history.out).toMatch(/^t-1 .* none of its own +0\.80 +5 → 1 +3 → 3 of 3/m);
    expect(history.out).toMatch(/0\.80 +none of its own .*takes back t-1/);
    expect(again).toMatchObject({ code: 1, err: expect.stringContaining('not undone already') });
  });

  it('stores nothing where the policy was changed since', async () => {
    await aTunedTenant('changed', { threshold: 0.6 });
    await configs().put(aTenantConfig({ tenant: 'changed', policy: { threshold: 0.9 } }), 1, 'external', NOON);

    const refused = await plimsoll('policy', 'tune', '--tenant', 'changed', '--undo');

    expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('Nothing was stored') });
    expect(await policyOf('changed')).toEqual({ threshold: 0.9 });
  });
});

describe('plimsoll policy tune', () => {
  it('changes nothing where nothing is labelled', async () => {
    await configs().put(aTenantConfig({ tenant: 'silent' }), 0, 'external', NOON - HOUR);

    const tuned = await plimsoll('policy', 'tune', '--tenant', 'silent', '--apply');

    expect(tuned.code).toBe(0);
    expect(tuned.out).toContain('threshold 0.70, the default.');
    expect(tuned.out).toContain('Nothing is changed, because only what is labelled is learned from');
    expect((await configs().get('silent'))?.version).toBe(1);
  });

  it('takes what could not be read neither for a leak nor for health', async () => {
    await configs().put(aTenantConfig({ tenant: 'unread' }), 0, 'external', NOON - HOUR);
    const label: Label = { ...aLabel('unread'), kind: 'known-leak', likeness: null };
    await createLabelStore(ofTable()).put(label);
    sandbox.inject({ service: 'sts', action: 'AssumeRole', kind: 'denied' });

    const tuned = await plimsoll('policy', 'tune', '--tenant', 'unread', '--json');

    expect(tuned.code).toBe(4);
    expect(JSON.parse(tuned.out)).toMatchObject({
      kind: 'unchanged',
      figures: { healthy: 0, leaks: 0 },
      unread: expect.any(Number),
      stored: null,
    });
  });

  it('prints what the present and the better threshold come to, and what stores it', () => {
    const config = aTenantConfig();
    const stored = { config, version: 1, externalId: 'external', putAt: NOON };
    const figures = aTuning().figures ?? never();
    const facts = { stored, advice: { kind: 'better', threshold: 0.8, figures }, weights: [], unread: 0 } as const;

    const dry = renderAdvice({ ...facts, tuning: null, deployment: ' --stage prod' }, 30, { width: 200, paint: plain });
    const applied = renderAdvice({ ...facts, tuning: aTuning(), deployment: '' }, 30, { width: 200, paint: plain });

    expect(dry).toMatch(/ 0\.70 +5 +3 of 3\n +0\.80 +1 +3 of 3\n/);
    expect(dry).toContain(
      'Nothing was stored; `npx plimsoll policy tune --tenant acme --stage prod --apply` stores it.',
    );
    expect(applied).toContain('Stored as version 2 of tenant acme: threshold 0.80 (tuning t-1).');
  });
});

describe('plimsoll policy show', () => {
  it('shows the threshold with its origin, its last tuning, and what labels left of weights', async () => {
    await aTunedTenant('shown', null);
    const labels = createLabelStore(ofTable());
    for (let index = 0; index < 8; index++) {
      const votes = [{ evaluator: 'siblings', logLikelihood: 2 }] as const;
      await labels.put({ ...aLabel('shown', `l-${index}`, index), subject: { incident: `incident-${index}` }, votes });
    }

    const text = await plimsoll('policy', 'show', '--tenant', 'shown');
    const json = await plimsoll('policy', 'show', '--tenant', 'shown', '--json');

    expect(text.out).toMatch(/threshold 0\.80, of the tenant’s config\.\s+Tuned\s+from none of its own to 0\.80/);
    expect(text.out).toMatch(/^siblings +50 % +0 +8 {2}2026-11-20 19:00/m);
    expect(JSON.parse(json.out)).toMatchObject({
      threshold: 0.8,
      origin: 'tenant',
      weights: [{ evaluator: 'siblings', weight: 0.5, right: 0, wrong: 8 }],
      tuned: { id: 't-1' },
    });
  });
});

function never(): never {
  throw new Error('the tuning has no figures');
}
