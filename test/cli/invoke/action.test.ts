/** `plimsoll invoke` against the deployed functions' own code, in the sandbox. */
import { Logger } from '@aws-lambda-powertools/logger';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isolatedVariables } from '../../../cli/environment.ts';
import { type InvokeOptions, invokeInspection } from '../../../cli/invoke/action.ts';
import { inspectionResultSchema } from '../../../core/model/inspection-result.ts';
import { InvalidFieldsError } from '../../../core/ports/errors.ts';
import { openPorts } from '../../../functions/dispatch.ts';
import { dispatchMessages } from '../../../functions/dispatch-messages.ts';
import { dispatchVariables } from '../../../functions/environment.ts';
import { NOON } from '../../fixtures/builders.ts';
import { ACCOUNT, anSqsEvent, type Pipeline, startPipeline } from '../../functions/pipeline.ts';
import { aContext } from '../a-context.ts';

let pipeline: Pipeline;
let variables: Disposable;

beforeAll(async () => {
  pipeline = await startPipeline();
  variables = isolatedVariables(pipeline.deployment.environment);
});
afterAll(async () => {
  variables[Symbol.dispose]();
  await pipeline[Symbol.asyncDispose]();
});

/** Lets the functions work on what waits for them, at the sandbox's noon. */
async function work(): Promise<void> {
  const { deployment, inspect } = pipeline;
  const { environment, requestQueueUrl } = deployment.dispatch;
  const ports = openPorts(dispatchVariables(environment));
  const logger = new Logger({ logLevel: 'SILENT' });
  for (const { message, done } of await deployment.receive(requestQueueUrl)) {
    await dispatchMessages(anSqsEvent(message.Body ?? ''), { ports, logger, now: NOON });
    await done();
  }
  for (const { message, done } of await deployment.receive(deployment.environment.INSPECT_QUEUE_URL)) {
    await inspect(message.Body ?? '');
    await done();
  }
}

async function invoke(target: string, options: InvokeOptions = {}, pause = work) {
  const { deployment } = pipeline;
  const { context, out, progress } = aContext({
    live: true,
    variables: {
      PLIMSOLL_TABLE: deployment.environment.TABLE,
      PLIMSOLL_REQUEST_QUEUE_URL: deployment.dispatch.requestQueueUrl,
    },
  });
  const code = await invokeInspection(target, options, context, pause);
  return { code, out: out(), progress: progress() };
}

describe('plimsoll invoke', () => {
  it('waits for the functions, and shows the findings as inspect does', async () => {
    const { code, out, progress } = await invoke(`acme/${ACCOUNT}`, { wait: true });

    expect(code).toBe(3);
    expect(out).toMatch(/severity +.*host[\s\S]*leaker|severity[\s\S]*i-/);
    expect(out).toMatch(/1 of 3 hosts grows? like a leak/);
    expect(progress[0]).toMatch(/waiting for the request to be dispatched/);
  });

  it('gives a program the same result that the log holds', async () => {
    const { out } = await invoke('acme', { wait: true, json: true, id: 'nightly-1' });

    const result = inspectionResultSchema.parse(JSON.parse(out));
    expect(result).toMatchObject({ id: 'nightly-1', tenant: 'acme', outcome: 'complete', regions: [{ found: 1 }] });
  });

  it('shows the first result to the same id, without another inspection', async () => {
    await invoke('acme', { wait: true, id: 'twice' });
    const before = pipeline.sandbox.calls.count('cloudwatch', 'GetMetricData');

    const { code } = await invoke('acme', { wait: true, id: 'twice' });

    expect(code).toBe(3);
    expect(pipeline.sandbox.calls.count('cloudwatch', 'GetMetricData')).toBe(before);
  });

  it('sends nothing again while the same id is still worked on', async () => {
    const { deployment } = pipeline;
    await invoke('acme', { id: 'running' });
    await work();

    await invoke('acme', { wait: true, id: 'running' }, async () => {});

    expect(await deployment.receive(deployment.dispatch.requestQueueUrl)).toEqual([]);
  });

  it('refuses the id of another request, whose results would not be those of this one', async () => {
    await invoke('acme', { wait: true, id: 'taken' });

    const other = invoke('acme', { wait: true, id: 'taken', hosts: ['i-0a*'] });

    await expect(other).rejects.toThrow(InvalidFieldsError);
    await expect(other).rejects.toThrow(/id: taken was the id of another request/);
  });

  it.each([
    ['an unknown tenant', 'nobody', {}, /The request was refused: tenant: there is no tenant nobody/],
    ['an unknown account', 'acme/999900001111', {}, /has no account 999900001111/],
    ['an unknown region', 'acme', { regions: ['eu-wst-1'] }, /no account of tenant acme has eu-wst-1/],
  ])('reports why %s is not inspected', async (_, target, options, reason) => {
    const { code, out } = await invoke(target, { wait: true, ...options });

    expect(code).toBe(1);
    expect(out.replaceAll(/\s+/g, ' ')).toMatch(reason);
  });

  it('requests nothing that the config of the tenant refuses, where it can be read', async () => {
    const { deployment } = pipeline;
    const { context } = aContext({
      variables: {
        PLIMSOLL_CONFIGS_TABLE: deployment.environment.CONFIGS_TABLE,
        PLIMSOLL_REQUEST_QUEUE_URL: deployment.dispatch.requestQueueUrl,
      },
    });

    const unknown = invokeInspection('acm', {}, context);
    const abroad = invokeInspection('acme', { provider: 'gcp' }, context);

    await expect(unknown).rejects.toThrow('Nothing was requested: tenant: there is no tenant acm.');
    await expect(abroad).rejects.toThrow('tenant acme has no account of Google Cloud');
    expect(await deployment.receive(deployment.dispatch.requestQueueUrl)).toEqual([]);
  });

  it('is partial where a region is unknown beside those that are inspected', async () => {
    const { code, out } = await invoke('acme', { wait: true, regions: ['eu-west-1', 'eu-wst-1'] });

    expect(code).toBe(4);
    expect(out).toMatch(/Set aside: regions: no account of tenant acme has eu-wst-1/);
  });

  it('replays a past window', async () => {
    const { code, out } = await invoke('acme', { wait: true, from: NOON - 3 * 3_600_000, to: NOON });

    expect(code).toBe(3);
    expect(out).toMatch(/4 inspections of 3 hosts would have sent 1 notification/);
  });

  it('returns at once without --wait, and explains how to get the results', async () => {
    const { code, out } = await invoke('acme', { id: 'later' }, () => {
      throw new Error('nobody waits');
    });

    expect(code).toBe(0);
    expect(out).toBe('Requested as later. The same command with --id later --wait shows the results.');
  });

  it('gives a request an id of its own where none is given', async () => {
    const { out } = await invoke('acme');

    expect(out).toMatch(/^Requested as (cli-\S+)\. The same command with --id \1 --wait shows the results\.$/);
  });

  it.each<[string, string, InvokeOptions, RegExp]>([
    ['a tenant that cannot be one', 'Acme', {}, /tenant: must be 1 to 40/],
    ['half a window', 'acme', { from: NOON }, /to: from and to belong together/],
    ['an account without a name', 'acme/', {}, /account: must not be empty/],
  ])('refuses %s before anything is sent', async (_, target, options, message) => {
    const refused = invoke(target, options);

    await expect(refused).rejects.toThrow(InvalidFieldsError);
    await expect(refused).rejects.toThrow(message);
  });
});
