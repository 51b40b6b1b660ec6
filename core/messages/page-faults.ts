/** How often a host reads pages back from disk, in words. */
import type { PageFaults } from '../model/full-host.ts';
import { formatNumber } from './units.ts';

/** `read back from disk 1,204 times a second, usually 2`: to follow `Pages`. */
export function pageFaultsText({ perSecond, usual }: PageFaults): string {
  return `read back from disk ${rate(perSecond)} times a second, usually ${rate(usual)}`;
}

/** `1,204/s, usually 2`: for a table. */
export function pageFaultsCell({ perSecond, usual }: PageFaults): string {
  return `${rate(perSecond)}/s, usually ${rate(usual)}`;
}

/** Decimals matter below one alone. */
function rate(perSecond: number): string {
  return perSecond < 1 ? formatNumber(perSecond) : Math.round(perSecond).toLocaleString('en');
}
