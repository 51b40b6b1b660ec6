/**
 * Reads the consumers of hosts as evidence: of those that leak, and of those that may. A leak must be somebody's, and a process that grows shows
 * one where the host is noisy or full. Consumers are billed one by one, so that each read has its reason and its price (decision 81).
 */
import type { FullHost } from '../model/full-host.ts';
import type { Verdict } from '../model/verdict.ts';

/**
 * The confidence from which a host's consumers are worth reading. Of generated hosts whose consumers are known nearly nothing was found below
 * it; on recorded hosts without a leak 3 % of the hours are above it.
 */
export const VOTED_FROM = 0.05;

/** Whether consumers may change the verdict on a host or name its leak. */
export function mayNeedConsumers(verdict: Verdict, full?: FullHost | null): boolean {
  if (verdict.state === 'insufficient_data') return false;
  return verdict.state === 'leaking' || verdict.evidence.confidence >= VOTED_FROM || (full ?? null) !== null;
}
