/** Which hosts of a group grow and which do not, in one run, by the version that they run. Pure. */
import type { Change } from '../model/change.ts';
import { versionOf } from '../model/host-version.ts';
import type { Incident } from '../model/incident.ts';
import type { NotificationData } from '../model/notification.ts';
import type { ResultLine } from '../model/result-line.ts';
import type { ScalingEvent } from '../model/scaling-event.ts';

type Counted = NonNullable<NonNullable<NotificationData['context']>['siblings']>;

/** A host of a group with a verdict and a version. */
export interface Sibling {
  readonly host: string;
  readonly version: string;
  readonly grows: boolean;
}

/** Versions that a message states. */
const STATED = 5;

/** The groups of these incidents, for `createSiblings`. */
export function groupKeyOf({ key, resource: { group } }: Incident): string | undefined {
  return group === undefined ? undefined : groupKey({ ...key, group });
}

/** Azure writes one name in several cases. */
function groupKey(of: Pick<ResultLine, 'provider' | 'account' | 'region' | 'group' | 'metric'>): string {
  const { provider, account, region, group, metric } = of;
  return JSON.stringify([provider, account, region, provider === 'azure' ? group?.toLowerCase() : group, metric]);
}

/** Collects the siblings of some groups from the lines of a run: of other groups nothing is kept. */
export function createSiblings(wanted: ReadonlySet<string>) {
  const groups = new Map<string, Sibling[]>();
  return {
    add(line: ResultLine): void {
      const { host, group, version, verdict } = line;
      if (host === null || group === null || version === null) return;
      if (verdict !== 'leaking' && verdict !== 'steady') return;
      const key = groupKey(line);
      if (!wanted.has(key)) return;
      const known = groups.get(key) ?? [];
      known.push({ host, version, grows: verdict === 'leaking' });
      groups.set(key, known);
    },
    of: (key: string): readonly Sibling[] => groups.get(key) ?? [],
  };
}

/**
 * How many of a group's hosts grow, by version: that of the incident's host first, then those of which most grow. Compared at equal age: a
 * host that does not grow counts where it, and its version, are older than the growth surely is; a younger one may still begin to.
 *
 * @param events Of the group, from the onset on.
 * @returns Undefined where nothing can be compared: the host's version is not known, or it is alone.
 */
export function siblingsByVersion(
  { incident, change }: { readonly incident: Incident; readonly change: Change },
  siblings: readonly Sibling[],
  events: readonly ScalingEvent[],
): Counted | undefined {
  const own = versionOf(incident.resource);
  const isYoung = youngSince(change, events);
  const compared = siblings.filter((sibling) => sibling.grows || !isYoung(sibling));
  if (own === null || compared.length < 2) return undefined;
  const byVersion = [...Map.groupBy(compared, ({ version }) => version)].map(([version, hosts]) => {
    return { version, grow: hosts.filter(({ grows }) => grows).length, of: hosts.length };
  });
  const share = ({ grow, of }: Counted[number]) => grow / of;
  const isOwn = ({ version }: Counted[number]) => Number(version === own);
  return byVersion.toSorted((a, b) => isOwn(b) - isOwn(a) || share(b) - share(a) || b.of - a.of).slice(0, STATED);
}

/** Whether a host was launched, or its version deployed, after the growth had surely begun. */
function youngSince({ leak }: Change, events: readonly ScalingEvent[]): (sibling: Sibling) => boolean {
  const began = leak?.onset ? Date.parse(leak.onset.latest) : Number.POSITIVE_INFINITY;
  const later = events.filter(({ time }) => time > began);
  const versions = new Set(
    later.flatMap(({ kind, name }) => (kind === 'deployed' && name !== undefined ? [name] : [])),
  );
  const hosts = new Set(later.flatMap((event) => (event.kind === 'launched' ? event.hosts : [])));
  return ({ host, version }) => versions.has(version) || hosts.has(host);
}
