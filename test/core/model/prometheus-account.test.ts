/** What a config may state of a Prometheus server: where it is, and which credentials are sent there. */
import { describe, expect, it } from 'vitest';
import { awsServiceOf, prometheusAccountSchema } from '../../../core/model/prometheus-account.ts';

const ROLE = 'arn:aws:iam::111122223333:role/plimsoll-reader';
const WORKSPACE = 'https://aps-workspaces.eu-west-1.amazonaws.com/workspaces/ws-1';
const ID = '5b1d0000-0000-4000-8000-000000000001';

const accountOf = (fields: object = {}) =>
  prometheusAccountSchema.safeParse({
    provider: 'prometheus',
    account: 'production',
    url: 'https://prometheus.example.com/prometheus',
    ...fields,
  });

const issueOf = (fields: object) =>
  accountOf(fields)
    .error?.issues.map(({ message }) => message)
    .join('; ');

describe('the account of a Prometheus server', () => {
  it('needs a name and an address, and has containers and one region', () => {
    expect(accountOf().data).toMatchObject({ regions: ['global'], auth: { type: 'none' }, containers: true });
  });

  it.each([
    [{ url: 'http://prometheus.example.com' }, 'must begin with https://'],
    [{ url: 'https://user:secret@prometheus.example.com' }, 'must not hold a user name'],
    [{ url: 'https://prometheus.example.com/?query=up' }, 'must end with a path'],
    [{ account: 'Production' }, 'lower case letters'],
    [{ regions: ['eu-west-1'] }, 'must be global'],
    [{ auth: { type: 'bearer', token: 'abc' } }, 'expected string'],
    [{ orgId: 'a b' }, 'must be 1 to 150'],
    [{ groupLabel: 'job"}' }, 'must be the name of a label'],
    [{ containers: 'yes' }, 'expected boolean'],
    [
      { auth: { type: 'entra', directory: ID, client: ID }, url: 'https://a.b.prometheus.monitor.azure.us' },
      'must be a host of NAME.REGION.prometheus.monitor.azure.com',
    ],
  ])('is refused with %j', (fields, why) => {
    expect(issueOf(fields)).toContain(why);
  });

  it.each([
    [{ type: 'sigv4', role: ROLE }, WORKSPACE],
    [{ type: 'sigv4', role: ROLE }, 'https://monitoring.us-east-1.amazonaws.com'],
    [{ type: 'entra', directory: ID, client: ID }, 'https://main-1a2b.westeurope.prometheus.monitor.azure.com'],
    [{ type: 'bearer', secret: 'prometheus-token' }, 'https://prometheus.example.com:9090'],
  ])('takes %j at %s', (auth, url) => {
    expect(issueOf({ auth, url })).toBeUndefined();
  });

  it.each([
    [{ type: 'sigv4', role: ROLE }, 'https://aps-workspaces.eu-west-1.amazonaws.com.example.com/workspaces/ws-1'],
    [{ type: 'sigv4', role: ROLE }, 'https://aps-workspaces.eu-west-1.amazonaws.com:8443'],
    [{ type: 'entra', directory: ID, client: ID }, 'https://prometheus.example.com'],
  ])('sends the credentials of a cloud to no other host: %j at %s', (auth, url) => {
    expect(issueOf({ auth, url })).toContain('is for no other');
  });
});

describe('awsServiceOf', () => {
  it.each([
    [WORKSPACE, { service: 'aps', region: 'eu-west-1' }],
    ['https://monitoring.us-gov-west-1.amazonaws.com', { service: 'monitoring', region: 'us-gov-west-1' }],
    ['https://vpce-0a1b-2c.aps-workspaces.eu-west-1.vpce.amazonaws.com', { service: 'aps', region: 'eu-west-1' }],
    ['https://prometheus.example.com', undefined],
  ])('reads what a signature is made for from %s', (url, expected) => {
    expect(awsServiceOf(new URL(url))).toEqual(expected);
  });
});
