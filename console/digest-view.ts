/** The digest as the API has it: the data of the event `digest`, whose schema is published with the events. */

export interface DigestLine {
  readonly incident: string;
  readonly ref: string;
  readonly host: string;
  readonly group: string | null;
  readonly severity: 'low' | 'medium' | 'high' | 'critical';
  readonly since: string;
}

interface DigestIncidents {
  readonly count: number;
  readonly first: readonly DigestLine[];
}

export interface DigestHeld {
  readonly changes: number;
  readonly first: readonly { stage: string; changes: number; reason: string }[];
}

export interface DigestView {
  readonly summary: string;
  readonly from: string;
  readonly to: string;
  readonly open: DigestIncidents;
  readonly opened: DigestIncidents;
  readonly recovered: DigestIncidents;
  readonly held: DigestHeld;
  readonly putOff: DigestHeld;
  readonly mutes: {
    readonly count: number;
    readonly first: readonly { subject: string; reason: string; until: string }[];
  };
  readonly accounts: { readonly enabled: number; readonly failing: number };
  readonly hosts: {
    readonly known: number;
    readonly inspected: number;
    readonly notMonitored: number;
    readonly unreadable: number;
  };
  readonly cost: { readonly month: string; readonly spentUsd: number; readonly projectedUsd: number };
}

const PARTS = ['open', 'opened', 'recovered', 'held', 'putOff', 'mutes', 'accounts', 'hosts', 'cost'];

/** Whether the answer has the parts that the page shows: a digest of another version may lack some. */
export function isDigest(value: object): value is DigestView {
  return PARTS.every((part) => typeof Reflect.get(value, part) === 'object' && Reflect.get(value, part) !== null);
}
