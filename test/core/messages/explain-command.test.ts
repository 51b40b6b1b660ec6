import { describe, expect, it } from 'vitest';
import { run } from '../../../cli/main.ts';
import { explainCommand, explainNeeds } from '../../../core/messages/explain-command.ts';
import type { Resource } from '../../../core/model/series.ts';
import { aContext } from '../../cli/a-context.ts';
import { aResource } from '../../fixtures/builders.ts';

const SUBSCRIPTION = '5b1d0000-0000-4000-8000-000000000001';

const HOSTS: readonly [Resource, string][] = [
  [aResource(), 'i-0a1b2c3d --provider aws --account 111122223333 --region eu-west-1'],
  [
    aResource({ provider: 'gcp', account: 'orchard-prod-31', region: 'europe-west1', id: '731' }),
    '731 --provider gcp --account orchard-prod-31 --region europe-west1',
  ],
  [
    aResource({ provider: 'azure', account: SUBSCRIPTION, region: 'westeurope', id: '/subscriptions/x/vm' }),
    `/subscriptions/x/vm --provider azure --account ${SUBSCRIPTION} --region westeurope`,
  ],
];

describe('explainCommand', () => {
  it.each(HOSTS)('names provider, account and region of %j', (host, rest) => {
    expect(explainCommand(host, 'acme')).toBe(`npx plimsoll explain ${rest}`);
    expect(explainNeeds(host)).toMatch(/login/);
  });

  it('leaves the address of a Prometheus server, which no event carries, to the environment', () => {
    const host = aResource({ provider: 'prometheus', account: 'production', region: 'global', id: 'web-1:9100' });

    expect(explainCommand(host, 'acme')).toBe(
      'npx plimsoll explain web-1:9100 --provider prometheus --account production',
    );
    expect(explainNeeds(host)).toContain('PROMETHEUS_URL');
  });

  it('names the tenant of a host that has sent its memory itself: it is kept by tenant, in the deployment alone', () => {
    const host = aResource({ provider: 'otlp', account: 'production', region: 'global', id: 'web-1' });

    expect(explainCommand(host, 'acme')).toBe(
      'npx plimsoll explain web-1 --provider otlp --tenant acme --account production',
    );
    expect(explainNeeds(host)).toContain('--stage');
  });

  it('puts a name that begins with a dash behind the options', () => {
    expect(explainCommand(aResource({ id: '--tenant' }), 'acme')).toBe(
      'npx plimsoll explain --provider aws --account 111122223333 --region eu-west-1 -- --tenant',
    );
  });

  it.each([
    ['$(reboot)', `'$(reboot)'`],
    ["it's", String.raw`'it'\''s'`],
    ['a b', `'a b'`],
    ['', `''`],
    ['line\nbreak', `'line break'`],
  ])('quotes the name %j for a shell', (id, quoted) => {
    expect(explainCommand(aResource({ id }), 'acme')).toContain(`explain ${quoted} --provider`);
  });

  it.each([...HOSTS.map(([host]) => host), aResource({ id: '--tenant' })])(
    'is understood by the command line: %j',
    async (host) => {
      const args = explainCommand({ ...host, account: 'no/account' }, 'acme')
        .split(' ')
        .slice(2);

      const { context, err } = aContext();

      // The account is refused before anything is read: everything before it was taken as it was meant.
      expect(await run(args, context)).toBe(1);
      expect(err()).toContain('--account no/account: it must be');
    },
  );
});
