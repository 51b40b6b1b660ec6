/** The rows of the report on evidence: what a host's own curve, its siblings and its consumers make of it, and peers beside them. */
import type { Verdict } from '../core/model/verdict.ts';
import { windowEnds } from './data.ts';
import { AS_ADAPTERS, feedable, windowOf } from './feeds.ts';
import { GROUP_PEERS } from './group-peers.ts';
import { type Evidence, type GroupMember, groupVerdicts, type OwnVerdicts } from './group-verdicts.ts';
import { PEER_HOURS, PEERS } from './peers.ts';
import { peerFlags } from './replay.ts';

const ROWS: readonly { readonly name: string; readonly evidence: Evidence }[] = [
  { name: 'host alone', evidence: { siblings: false, consumers: false } },
  { name: '+ siblings', evidence: { siblings: true, consumers: false } },
  { name: '+ consumers', evidence: { siblings: false, consumers: true } },
  { name: 'all', evidence: { siblings: true, consumers: true } },
];

/** Peers that take milliseconds a window would take hours here. */
const COMPARED = PEERS.filter(({ slow }) => slow !== true);

/** Those that have confidences. */
export const OWN_ROWS = ROWS.map(({ name }) => name);

export const ROW_NAMES = [...ROWS, ...COMPARED, ...GROUP_PEERS].map(({ name }) => name);

export interface EvidenceTask {
  readonly members: readonly GroupMember[];
}

/** One host under one row. */
export interface RowFlags {
  readonly flags: readonly boolean[];
  /** Null where nothing could be evaluated, and of peers. */
  readonly confidence: readonly (number | null)[];
}

export interface EvaluatedRow {
  /** By member. */
  readonly hosts: readonly RowFlags[];
  readonly elapsedMs: number;
}

/** In the order of `ROW_NAMES`. */
export function evaluatedRows({ members }: EvidenceTask): EvaluatedRow[] {
  const own: OwnVerdicts = new Map();
  const [alone, ...others] = ROWS.map(({ evidence }) =>
    timed(() => groupVerdicts(members, evidence, own).map(flagsOf)),
  );
  // All rows begin with the verdicts by the hosts' own curves, which are evaluated once.
  const ours = others.map((row) => ({ ...row, elapsedMs: row.elapsedMs + (alone?.elapsedMs ?? 0) }));
  const peers = COMPARED.map((peer) =>
    timed(() =>
      members.map(({ series }) => {
        const given = feedable(series, AS_ADAPTERS);
        const flags = windowEnds(series).map((now) => peerFlags(peer, windowOf(given, now, PEER_HOURS)));
        return { flags, confidence: [] };
      }),
    ),
  );
  const groupPeers = GROUP_PEERS.map((peer) =>
    timed(() => peer.flags(members).map((flags) => ({ flags, confidence: [] }))),
  );
  return [...(alone ? [alone] : []), ...ours, ...peers, ...groupPeers];
}

function timed(evaluate: () => RowFlags[]): EvaluatedRow {
  const began = performance.now();
  const hosts = evaluate();
  return { hosts, elapsedMs: performance.now() - began };
}

function flagsOf(verdicts: readonly Verdict[]): RowFlags {
  return {
    flags: verdicts.map(({ state }) => state === 'leaking'),
    confidence: verdicts.map((verdict) => ('evidence' in verdict ? verdict.evidence.confidence : null)),
  };
}
