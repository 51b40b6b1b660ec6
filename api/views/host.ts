/** Hosts as answers show them. */
import { versionOf } from '../../core/model/host-version.ts';
import { isoText } from '../../core/model/notation.ts';
import type { ResultLine } from '../../core/model/result-line.ts';
import type { Resource } from '../../core/model/series.ts';
import type { ExhaustionView, HostView } from '../contract/places.ts';
import { hostRef } from '../refs.ts';

/** @param version Where it is known otherwise than by its labels. */
export function hostView(host: Resource, version: string | null = versionOf(host)): HostView {
  const { provider, account, region, id, name = null, kind = null, group = null } = host;
  return { ref: hostRef(host), provider, account, region, id, name, kind, group, version };
}

/** Epoch milliseconds. */
interface Expected {
  readonly earliest: number | null;
  readonly likely: number | null;
  readonly latest: number | null;
}

/** Null where nobody knows when the memory is full. */
export function exhaustionView({ earliest, likely, latest }: Expected): ExhaustionView | null {
  return earliest === null ? null : { earliest: isoText(earliest), likely: moment(likely), latest: moment(latest) };
}

/** ISO 8601. @param at Epoch milliseconds. */
export function moment(at: number | null): string | null {
  return at === null ? null : isoText(at);
}

/** A line of a run that is about one host. */
export type HostLine = ResultLine & { readonly host: string };

export function isHostLine(line: ResultLine): line is HostLine {
  return line.host !== null;
}

export function hostOfLine({ provider, account, region, host: id, name, group, host_kind: kind }: HostLine): Resource {
  return {
    provider,
    account,
    region,
    id,
    ...(name !== null && { name }),
    ...(kind !== null && { kind }),
    ...(group !== null && { group }),
  };
}
