/** What the events of each provider are read as. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAutoScalingEvent } from '../../../adapters/scaling-events/aws.ts';
import { readEventGridDelivery } from '../../../adapters/scaling-events/azure.ts';
import { readPubSubPush } from '../../../adapters/scaling-events/gcp.ts';
import {
  aCloudEvent,
  aGridEvent,
  aLogEntry,
  anAutoScalingEvent,
  aPubSubPush,
  PROJECT,
  SUBSCRIPTION,
} from '../../fixtures/scaling-events.ts';

const TIME = Date.UTC(2026, 10, 20, 12, 3);

describe('an event of EC2 Auto Scaling', () => {
  it('is read with its group, its instance and its time', () => {
    expect(readAutoScalingEvent(anAutoScalingEvent())).toEqual({
      kind: 'event',
      event: {
        version: 1,
        id: '3e3c153a-8339-4e30-8c35-687ebef853fe',
        provider: 'aws',
        account: '111122223333',
        region: 'eu-west-1',
        group: 'web',
        kind: 'launched',
        time: TIME,
        hosts: ['i-1234567890abcdef0'],
      },
    });
  });

  it.each([
    ['EC2 Instance Launch Unsuccessful', 'launch_failed'],
    ['EC2 Instance Terminate Successful', 'terminated'],
    ['EC2 Instance Terminate Unsuccessful', 'terminate_failed'],
    ['EC2 Instance Detach Successful', 'detached'],
    ['EC2 Auto Scaling Instance Refresh Started', 'refresh_started'],
    ['EC2 Auto Scaling Instance Refresh Checkpoint Reached', 'refresh_checkpoint'],
    ['EC2 Auto Scaling Instance Refresh Started Baking', 'refresh_baking'],
    ['EC2 Auto Scaling Instance Refresh Succeeded', 'refresh_succeeded'],
    ['EC2 Auto Scaling Instance Refresh Failed', 'refresh_failed'],
    ['EC2 Auto Scaling Instance Refresh Cancelled', 'refresh_cancelled'],
    ['EC2 Auto Scaling Instance Refresh Rollback Started', 'rollback_started'],
    ['EC2 Auto Scaling Instance Refresh Rollback Succeeded', 'rollback_succeeded'],
    ['EC2 Auto Scaling Instance Refresh Rollback Failed', 'rollback_failed'],
  ])('%s is of the kind %s', (type, kind) => {
    expect(readAutoScalingEvent(anAutoScalingEvent({ 'detail-type': type }))).toMatchObject({ event: { kind } });
  });

  it.each(['1960-01-01T00:00:00Z', '9999-01-01T00:00:00Z'])('cannot be kept where it is of %s', (time) => {
    expect(readAutoScalingEvent(anAutoScalingEvent({ time }))).toMatchObject({
      kind: 'malformed',
      reason: expect.stringContaining('time'),
    });
  });

  it('names no host where it is about the group', () => {
    const { EC2InstanceId: _, ...detail } = anAutoScalingEvent().detail;
    const event = anAutoScalingEvent({ 'detail-type': 'EC2 Auto Scaling Instance Refresh Started', detail });

    expect(readAutoScalingEvent(event)).toMatchObject({ event: { kind: 'refresh_started', hosts: [] } });
  });

  it.each([
    ['a launch that waits', { 'detail-type': 'EC2 Instance-launch Lifecycle Action' }, 'ignored'],
    ['an event of somebody else', { source: 'acme.autoscaling' }, 'malformed'],
    ['one without an account', { account: undefined }, 'malformed'],
    ['one without a group', { detail: {} }, 'malformed'],
  ])('%s is no event of a group', (_, overrides, kind) => {
    expect(readAutoScalingEvent(anAutoScalingEvent(overrides))).toMatchObject({ kind });
  });
});

describe('an entry of Compute Engine’s audit log', () => {
  it('is read with its group, its region and the id of its operation', () => {
    expect(readPubSubPush(aPubSubPush())).toEqual({
      kind: 'event',
      event: {
        version: 1,
        id: 'operation-1763640180-6401',
        provider: 'gcp',
        account: PROJECT,
        region: 'europe-west1',
        group: 'web',
        kind: 'resized',
        time: Date.UTC(2026, 10, 20, 12, 3, 0, 123),
        hosts: [],
      },
    });
  });

  it.each([
    ['v1.compute.instanceGroupManagers.createInstances', 'launched'],
    ['v1.compute.regionInstanceGroupManagers.deleteInstances', 'terminated'],
    ['beta.compute.instanceGroupManagers.patch', 'changed'],
    ['v1.compute.instanceGroupManagers.delete', 'deleted'],
  ])('%s is of the kind %s', (methodName, kind) => {
    expect(readPubSubPush(aPubSubPush(aLogEntry({}, { methodName })))).toMatchObject({ event: { kind } });
  });

  it('of a regional group is in its region', () => {
    const resourceName = `projects/${PROJECT}/regions/us-east1/instanceGroupManagers/api`;

    expect(readPubSubPush(aPubSubPush(aLogEntry({}, { resourceName })))).toMatchObject({
      event: { region: 'us-east1', group: 'api' },
    });
  });

  it.each([
    ['the end of an operation', aLogEntry({ operation: { id: 'operation-1', last: true } }), 'ignored'],
    ['a call that was refused', aLogEntry({}, { status: { code: 7 } }), 'ignored'],
    ['another method', aLogEntry({}, { methodName: 'v1.compute.instances.insert' }), 'ignored'],
    ['another service', aLogEntry({}, { serviceName: 'storage.googleapis.com' }), 'ignored'],
    ['another resource', aLogEntry({}, { resourceName: 'projects/p/zones/z/disks/d' }), 'malformed'],
    ['no log of a project', aLogEntry({ logName: 'folders/1/logs/x' }), 'malformed'],
    ['a text', 'resize', 'malformed'],
  ])('%s is no event of a group', (_, entry, kind) => {
    expect(readPubSubPush(aPubSubPush(entry))).toMatchObject({ kind });
  });
});

describe('a delivery of Event Grid', () => {
  const event = {
    version: 1,
    id: '6c6c3b5a-7d0f-4f0d-9a6e-0d0f3a1f2b3c',
    provider: 'azure',
    account: SUBSCRIPTION,
    region: null,
    group: 'web',
    kind: 'changed',
    time: Date.UTC(2026, 10, 20, 12, 3, 0, 123),
    hosts: [],
  };

  it.each([
    ['a CloudEvent', aCloudEvent()],
    ['a batch of CloudEvents', [aCloudEvent()]],
    ['an event in its own schema', [aGridEvent()]],
  ])('as %s is read with its group in lower case', (_, body) => {
    expect(readEventGridDelivery(body)).toEqual({ kind: 'events', events: [{ kind: 'event', event }] });
  });

  it.each([
    ['Microsoft.Compute/virtualMachineScaleSets/delete', '', 'deleted'],
    ['Microsoft.Compute/virtualMachineScaleSets/delete/action', '', 'terminated'],
    ['Microsoft.Compute/virtualMachineScaleSets/start/action', '', 'launched'],
    ['microsoft.compute/virtualmachinescalesets/manualUpgrade/action', '', 'changed'],
    ['Microsoft.Compute/virtualMachineScaleSets/virtualMachines/delete', '/virtualMachines/3', 'terminated'],
    ['Microsoft.Compute/virtualMachineScaleSets/virtualMachines/reimage/action', '/virtualMachines/3', 'changed'],
  ])('of %s is of a kind of ours', (operationName, suffix, kind) => {
    const subject = `${aCloudEvent().subject}${suffix}`;

    expect(readEventGridDelivery(aCloudEvent({ subject }, { operationName }))).toMatchObject({
      events: [{ event: { kind, group: 'web', hosts: suffix === '' ? [] : [subject.toLowerCase()] } }],
    });
  });

  it('begins with a validation code in its own schema', () => {
    const eventType = 'Microsoft.EventGrid.SubscriptionValidationEvent';

    expect(readEventGridDelivery([aGridEvent({ eventType, data: { validationCode: 'c0de' } })])).toEqual({
      kind: 'validation',
      code: 'c0de',
    });
  });

  it.each([
    ['a failed write', aCloudEvent({ type: 'Microsoft.Resources.ResourceWriteFailure' }), 'ignored'],
    ['a virtual machine', aCloudEvent({ subject: `/subscriptions/${SUBSCRIPTION}/resourceGroups/r/x/y` }), 'ignored'],
    ['two subscriptions', aCloudEvent({}, { subscriptionId: '99999999-3f40-4152-8637-48596a7b8c9d' }), 'malformed'],
    ['no time', aCloudEvent({ time: 'yesterday' }), 'malformed'],
  ])('of %s is no event of a group', (_, body, kind) => {
    expect(readEventGridDelivery(body)).toMatchObject({ events: [{ kind }] });
  });

  it.each([
    ['a text', 'hello'],
    ['nothing', []],
    ['more than a hundred events', new Array(101).fill(aCloudEvent())],
  ])('that is %s is malformed', (_, body) => {
    expect(readEventGridDelivery(body)).toMatchObject({ kind: 'malformed' });
  });
});

describe('whatever comes', () => {
  it('is read without an exception', () => {
    fc.assert(
      fc.property(fc.anything(), fc.jsonValue(), (anything, json) => {
        for (const content of [anything, json, [json], { message: { data: json } }]) {
          readAutoScalingEvent(content);
          readPubSubPush(content);
          readPubSubPush(aPubSubPush(json));
          readEventGridDelivery(content);
        }
      }),
    );
  });
});
