/** Collects what one invocation records of a run, and settles the changes of the run when it closes. */
import type { ContextRequest } from '../incidents/context-of.ts';
import { type Delivery, startDeliveries } from '../incidents/outbox.ts';
import { type SettleOptions, type SettlePorts, settleInto } from '../incidents/settle.ts';
import { type Incident, incidentKeyText } from '../model/incident.ts';
import type { Scope } from '../model/series.ts';
import type { Versioned } from '../ports/conditional-put.ts';
import { ItemError } from '../ports/errors.ts';
import { type Deadline, whenOnlyLeft } from './deadline.ts';

/** Incidents that are settled together. An incident with a change has some 20 KB. */
const TOGETHER = 1_000;

export interface RunSettler {
  /** Takes what was recorded. */
  add(changed: readonly Versioned<Incident>[]): void;
  /**
   * Settles what was taken, and what other invocations have recorded of the scope. Throws `StoreError` after what could be settled is
   * published. A single item that cannot be read or stored fails no run: the sweep throws it as `ItemError` for as long as it lies there.
   * Doing it again is harmless.
   *
   * @param lines The results of the run, where it closes: messages compare the hosts of a group.
   */
  settle(lines?: ContextRequest['lines']): Promise<Delivery>;
}

export function createRunSettler(
  { tenant, scope }: { readonly tenant: string; readonly scope: Scope },
  ports: SettlePorts,
  deadline: Deadline,
): RunSettler {
  /** Of those for which there is no more room the index has the key. */
  const known = new Map<string, Versioned<Incident>>();

  /**
   * The index may not have yet what was just written. Of what others have decided an outbox may be left: they are publishing it, or the
   * sweep will.
   */
  async function* unsettled(): AsyncGenerator<Versioned<Incident>> {
    yield* known.values();
    for await (const incident of ports.incidents.unsettledIn(tenant, scope)) {
      const { key, undecided } = incident.value;
      if (undecided.length > 0 && !known.has(incidentKeyText(key))) yield incident;
    }
  }

  return {
    add(changed) {
      for (const incident of changed) {
        const key = incidentKeyText(incident.value.key);
        if (known.has(key) || known.size < TOGETHER) known.set(key, incident);
      }
    },
    async settle(lines) {
      const timeIsUp = whenOnlyLeft(deadline, 'publishUntil');
      const { delivery, failure } = await settleAll(unsettled(), ports, { now: deadline.now, timeIsUp, lines });
      known.clear();
      if (failure) throw failure.error;
      return delivery;
    },
  };
}

/** Settles incidents in batches, until time is up. Of what fails beside single items the first is the failure. */
async function settleAll(incidents: AsyncIterable<Versioned<Incident>>, ports: SettlePorts, options: SettleOptions) {
  const deliveries = startDeliveries(ports, options.timeIsUp);
  let batch: Versioned<Incident>[] = [];
  let failure: { readonly error: unknown } | undefined;
  const flush = async () => {
    const settling = batch;
    batch = [];
    const failed = await settleInto(deliveries, settling, ports, options);
    if (failed && !(failed.error instanceof ItemError)) failure ??= failed;
  };
  try {
    for await (const incident of incidents) {
      if (options.timeIsUp?.aborted) break;
      batch.push(incident);
      if (batch.length >= TOGETHER) await flush();
    }
  } catch (error) {
    if (!(error instanceof ItemError)) throw error;
  }
  await flush();
  return { delivery: deliveries.total(), failure };
}
