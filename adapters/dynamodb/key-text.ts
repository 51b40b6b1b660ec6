/** What stands under a key, in words: for messages of errors. */
import { HASH_MARK } from './key-parts.ts';
import { DEFAULTS, DELETED, type Key, OPEN_RUNS, TENANTS } from './keys.ts';

/** What stands under a key, for people; of a partition the sort key may be the beginning of one. */
export function subjectOf({ pk, sk }: Key): string {
  const [kind, tenant = ''] = pk.split('#').map(readablePart);
  switch (kind) {
    case TENANTS:
      return 'the list of tenants';
    case DEFAULTS:
      return 'the defaults of the deployment';
    case DELETED:
      return 'the list of deleted tenants';
    case 'ACCOUNT':
      return 'the tenants of an account';
    case 'ACCESS':
      return 'who may do what';
    case 'GRANTS':
      return `who may do what for tenant ${tenant}`;
    case OPEN_RUNS:
      return 'the open runs';
    case 'INCIDENTS':
      return `the list of incidents of tenant ${tenant}`;
    case 'EVENTS':
      return `the log of incidents of tenant ${tenant}`;
    case 'OPEN':
      return `the open incidents of tenant ${tenant}`;
    case 'T':
      return ofTenant(tenant, sk);
    default:
      return 'the incidents that are not settled';
  }
}

function ofTenant(tenant: string, sk: string): string {
  const [kind = '', id = '', , , host = ''] = sk.split('#').map(readablePart);
  if (kind === 'REQUEST' || kind === 'REQUESTED') return `the request ${id} of tenant ${tenant}`;
  if (kind === 'INC') return `the incident of host ${host} of tenant ${tenant}`;
  if (kind === 'SCALING') return `the scaling events of group ${host} of tenant ${tenant}`;
  return (SUBJECTS.get(kind) ?? 'TENANT').replace('TENANT', () => `tenant ${tenant}`);
}

/** Of the other kinds of a tenant's items. */
const SUBJECTS: ReadonlyMap<string, string> = new Map([
  ['AUDIT', 'the audit log of TENANT'],
  ['EVENT', 'the log of incidents of TENANT'],
  ['MUTE', 'the mutes and labels of TENANT'],
  ['LABEL', 'the mutes and labels of TENANT'],
  ['RECORDING', 'the recordings of TENANT'],
  ['INGEST', 'the ingest tokens of TENANT'],
  ['HEALTH', 'the health of TENANT'],
  ['SHARD', 'the shards of a run of TENANT'],
  ['RUN', 'the runs of TENANT'],
  ['SPEND', 'what requests of TENANT spent'],
  ['READS', 'what reads of hosts of TENANT spent'],
  ['JOBS', 'what jobs of TENANT spent'],
  ['DELIVERY', 'what was relayed for TENANT'],
  ['RELAYED', 'what was relayed for TENANT'],
  ['RECEIVER', 'what was relayed for TENANT'],
  ['NOTIFYTEST', 'the test notification of TENANT'],
  ['WATCH', 'what TENANT was notified of'],
  ['CADENCE', 'what the cost cap of TENANT leads to'],
]);

/** A part as it was before it was encoded, or the beginning of one that was shortened. */
function readablePart(part: string): string {
  const [encoded = '', hash] = part.split(HASH_MARK);
  return decodeURIComponent(encoded) + (hash === undefined ? '' : '…');
}
