/** From listed dimension sets to hosts. */
import { describe, expect, it } from 'vitest';
import { hostsOf } from '../../../adapters/cloudwatch/hosts.ts';

const SCOPE = { provider: 'aws', account: '111122223333', region: 'eu-west-1' } as const;

function set(named: Readonly<Record<string, string>>) {
  return Object.entries(named).map(([Name, Value]) => ({ Name, Value }));
}

describe('the hosts of listed dimension sets', () => {
  it('has one host per instance, asked for by its most specific set', () => {
    const whole = set({ InstanceId: 'i-1', InstanceType: 'm7g.large', AutoScalingGroupName: 'web' });
    const rollUp = set({ App: 'shop', InstanceId: 'i-1' });
    const listed = [rollUp, whole, set({ AutoScalingGroupName: 'web' }), []];

    const hosts = hostsOf(listed, SCOPE);

    expect(hosts).toMatchObject([{ id: 'i-1', best: { dimensions: whole }, others: [{ dimensions: rollUp }] }]);
  });

  it('chooses the same set in whichever order they are listed', () => {
    const sets = ['m7g.large', 'm7g.xlarge'].map((InstanceType) => set({ InstanceId: 'i-1', InstanceType }));

    expect(hostsOf(sets.toReversed(), SCOPE)).toEqual(hostsOf(sets, SCOPE));
  });

  it('counts a set that is listed twice once', () => {
    const hosts = hostsOf([set({ InstanceId: 'i-1' }), set({ InstanceId: 'i-1' })], SCOPE);

    expect(hosts).toMatchObject([{ id: 'i-1', others: [] }]);
  });

  it('takes a host name beside an instance for its name, and alone for a roll-up of it', () => {
    const hosts = hostsOf([set({ InstanceId: 'i-1', host: 'ip-10-0-0-1' }), set({ host: 'ip-10-0-0-1' })], SCOPE);

    expect(hosts.map(({ id, best }) => [id, best.resource.name])).toEqual([['i-1', 'ip-10-0-0-1']]);
  });

  it('keeps dimensions that are not AWS’s as labels under their own names', () => {
    const [host] = hostsOf([set({ host: 'db-7', ImageId: 'ami-1', stage: 'production' })], SCOPE);

    expect(host?.best.resource).toEqual({
      ...SCOPE,
      id: 'db-7',
      name: 'db-7',
      labels: { 'host.image.id': 'ami-1', stage: 'production' },
    });
  });
});
