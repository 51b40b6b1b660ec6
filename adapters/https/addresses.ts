/** Which addresses a request may go to: public ones, and those of the private networks that the operator allows. */
import ipaddr from 'ipaddr.js';

/** Why the address is refused; undefined where it is not. */
export type AddressRule = (address: string) => string | undefined;

export interface AddressRules {
  readonly public: AddressRule;
  /** As `public`, and the operator's private networks too. */
  readonly listed: AddressRule;
}

type Network = [ipaddr.IPv4 | ipaddr.IPv6, number];

/** Ranges that an operator may open. No other network can be: a loopback or link-local address never leads to a receiver. */
const PRIVATE_RANGES: ReadonlySet<string> = new Set(['private', 'uniqueLocal', 'carrierGradeNat']);

/**
 * Where clouds answer their machines with credentials, outside the link-local ranges.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html
 * https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16
 */
const METADATA: readonly Network[] = ['fd00:ec2::/32', '168.63.129.16/32', '100.100.100.200/32'].map((network) =>
  ipaddr.parseCIDR(network),
);

/** All that is assigned for the public of IPv6: https://www.iana.org/assignments/ipv6-address-space */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

/** @param privateNetworks In CIDR notation; see `networkIssue`. */
export function addressRules(privateNetworks: readonly string[]): AddressRules {
  const networks = privateNetworks.map((network): Network => ipaddr.parseCIDR(network));
  return { public: (address) => refusal(address, []), listed: (address) => refusal(address, networks) };
}

/** Whether it is an address of this machine, or of a private network. False for a name. */
export function isPrivateAddress(text: string): boolean {
  if (!ipaddr.isValid(text)) return false;
  const range = ipaddr.process(text).range();
  return range === 'loopback' || PRIVATE_RANGES.has(range);
}

/** What is wrong with a private network that an operator allows; undefined where nothing is. */
export function networkIssue(network: string): string | undefined {
  if (!ipaddr.isValidCIDR(network)) return 'is not a network in CIDR notation, for example 10.20.0.0/16';
  const [first, prefix] = ipaddr.parseCIDR(network);
  const last = lastOf(first, prefix);
  const ranges = [first.range(), last.range()];
  return ranges.every((range) => PRIVATE_RANGES.has(range) && range === ranges[0])
    ? undefined
    : 'is not within a private network (10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10 or fc00::/7)';
}

function lastOf(address: ipaddr.IPv4 | ipaddr.IPv6, prefix: number): ipaddr.IPv4 | ipaddr.IPv6 {
  const bytes = address
    .toByteArray()
    .map((byte, index) => byte | (0xff >> Math.min(8, Math.max(0, prefix - 8 * index))));
  return ipaddr.fromByteArray(bytes);
}

function refusal(text: string, networks: readonly Network[]): string | undefined {
  if (!ipaddr.isValid(text)) return 'is not an address';
  const address = ipaddr.parse(text);
  const isIn = ([network, prefix]: Network) => network.kind() === address.kind() && address.match([network, prefix]);
  if (METADATA.some(isIn)) return 'serves credentials to machines';
  // A mapped address is of a range of its own, so that it hides none.
  const range = address.range();
  if (range === 'unicast')
    return address.kind() === 'ipv4' || isIn(GLOBAL_UNICAST) ? undefined : 'is not public (unassigned)';
  if (PRIVATE_RANGES.has(range) && networks.some(isIn)) return undefined;
  return `is not public (${range})`;
}
