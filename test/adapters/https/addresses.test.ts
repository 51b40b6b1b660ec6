import { describe, expect, it } from 'vitest';
import { addressRules, networkIssue } from '../../../adapters/https/addresses.ts';

const NONE = addressRules([]);

/** Every private network that an operator could allow. */
const ALL = addressRules(['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7']);

describe('an address', () => {
  it.each(['8.8.8.8', '3.120.0.1', '2606:4700::1111'])('that is public is allowed: %s', (address) => {
    expect(NONE.public(address)).toBeUndefined();
  });

  it.each([
    '127.0.0.1',
    '127.8.8.8',
    '::1',
    '0.0.0.0',
    '::',
    '169.254.169.254',
    '169.254.170.2',
    'fe80::1',
    'fd00:ec2::254',
    '100.100.100.200',
    '168.63.129.16',
    '224.0.0.1',
    'ff02::1',
    '255.255.255.255',
    '192.0.2.1',
    '240.0.0.1',
    '::ffff:127.0.0.1',
    '::ffff:169.254.169.254',
    '::ffff:10.0.0.1',
    '::ffff:8.8.8.8',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    '::7f00:1',
    '::127.0.0.1',
    '4000::1',
    'fec0::1',
    'not an address',
  ])('is refused whatever private networks are allowed: %s', (address) => {
    expect([NONE.public(address), ALL.public(address), ALL.listed(address)]).toEqual([
      expect.any(String),
      expect.any(String),
      expect.any(String),
    ]);
  });

  it.each(['10.1.2.3', '172.16.0.1', '192.168.1.1', '100.64.0.1', 'fd12::1'])(
    'that is private is refused, but for listed endpoints in an allowed network: %s',
    (address) => {
      expect([NONE.listed(address), ALL.public(address)]).toEqual([expect.any(String), expect.any(String)]);
      expect(ALL.listed(address)).toBeUndefined();
    },
  );

  it('beside the allowed network is refused', () => {
    const { listed } = addressRules(['10.20.0.0/16']);

    expect([listed('10.20.255.255'), listed('10.21.0.0')]).toEqual([undefined, 'is not public (private)']);
  });
});

describe('a private network that an operator allows', () => {
  it.each(['10.20.0.0/16', '192.168.1.7/32', '100.64.0.0/10', 'fd12:3456::/32'])('may be %s', (network) => {
    expect(networkIssue(network)).toBeUndefined();
  });

  it.each([
    '0.0.0.0/0',
    '::/0',
    '8.0.0.0/6',
    '10.0.0.0/7',
    '127.0.0.0/8',
    '169.254.0.0/16',
    '::1/128',
    'fe80::/10',
    '::ffff:10.0.0.0/104',
    '10.0.0.1',
    'all',
  ])('may not be %s', (network) => {
    expect(networkIssue(network)).toEqual(expect.any(String));
  });
});
