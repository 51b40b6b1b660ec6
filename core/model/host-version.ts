/** Which version of its software a host runs, where one of its labels names it. */
import type { Resource } from './series.ts';

/** Labels that name a version. Of a host with several the first of these counts. */
const VERSION_LABELS = ['version', 'app.kubernetes.io/version', 'release', 'service.version'] as const;

/** Characters of a version that is kept and compared: labels may be far longer. */
const VERSION_LENGTH = 200;

/** Null where no label names one. */
export function versionOf({ labels = {} }: Pick<Resource, 'labels'>): string | null {
  const name = VERSION_LABELS.find((label) => Object.hasOwn(labels, label) && labels[label] !== '');
  return name === undefined ? null : (labels[name]?.slice(0, VERSION_LENGTH) ?? null);
}
