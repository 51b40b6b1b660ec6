/** A tenant with one account in memory, whose source has a host that leaks and one that is flat. */
import { replayRegion } from '../../../core/backtest/replay-region.ts';
import { sendEverything } from '../../../core/incidents/decide.ts';
import type { Deadline } from '../../../core/inspection/deadline.ts';
import type { InspectionPorts } from '../../../core/inspection/inspect-regions.ts';
import type { InspectMessage } from '../../../core/model/message.ts';
import type { Reading } from '../../../core/model/series.ts';
import type { MemorySource } from '../../../core/ports/memory-source.ts';
import { aResource, aSeries, aTenantConfig, NOON } from '../../fixtures/builders.ts';
import { createMemoryPublisher, createMemoryQueue } from '../../memory/messaging.ts';
import { createMemoryPointStores } from '../../memory/point-stores.ts';
import { createMemoryRunStores } from '../../memory/run-stores.ts';
import {
  createMemoryConfigStore,
  createMemoryEventLog,
  createMemoryHealthStore,
  createMemoryIncidentStore,
  createMemoryRequestLog,
  createMemoryRunLog,
  type MemoryEventLog,
} from '../../memory/stores.ts';

export const SCOPE = { provider: 'aws', account: '111122223333', region: 'eu-west-1' } as const;
const POINTS = 400;

const curve = (value: (point: number) => number) =>
  Array.from({ length: POINTS }, (_, point) => value(point) + 0.001 * Math.sin(point * 12.9898));
const host = (id: string, value: (point: number) => number) => aSeries(curve(value), { resource: aResource({ id }) });
export const LEAK = host('i-leak', (point) => 0.2 + (0.6 * point) / POINTS);
export const FLAT = host('i-flat', () => 0.4);

/** A source without ingestion delay, whose windows end when the inspection is due. */
export function aSource(region: string, ...readings: readonly Reading[]): MemorySource {
  return {
    scope: { ...SCOPE, region },
    ingestionDelayMs: 0,
    async *read({ span: { window } }) {
      for (const reading of readings) yield reading.kind === 'series' ? { ...reading, window } : reading;
    },
  };
}

export interface World extends InspectionPorts, ReturnType<typeof createMemoryPointStores> {
  readonly publisher: ReturnType<typeof createMemoryPublisher>;
  readonly queue: ReturnType<typeof createMemoryQueue>;
  readonly log: MemoryEventLog;
}

export async function aWorld(overrides: Partial<InspectionPorts> = {}, config = aTenantConfig()): Promise<World> {
  const configs = createMemoryConfigStore();
  await configs.put(config, 0, 'external', NOON);
  const publisher = createMemoryPublisher();
  await publisher.ensureTopic('acme');
  return {
    configs,
    incidents: createMemoryIncidentStore(),
    runs: createMemoryRunLog(() => NOON),
    health: createMemoryHealthStore(),
    requests: createMemoryRequestLog(() => NOON),
    provider: 'aws',
    replay: replayRegion,
    ...createMemoryRunStores(),
    ...createMemoryPointStores(),
    openSource: (_tenant, _account, region) => aSource(region, FLAT, LEAK),
    decide: sendEverything,
    ...overrides,
    log: createMemoryEventLog(),
    publisher,
    queue: createMemoryQueue(),
  };
}

export function aMessage(overrides: Partial<InspectMessage> = {}): InspectMessage {
  const { provider, account } = SCOPE;
  const scheduledTime = new Date(NOON).toISOString();
  return { version: 1, tenant: 'acme', provider, account, scheduledTime, ...overrides };
}

export const ON_DEMAND: Partial<InspectMessage> = { trigger: 'on_demand', id: 'request-1' };
export const REQUEST = { tenant: 'acme', id: 'request-1' };

export const inTime: Deadline = { now: NOON, remainingMs: () => 300_000 };

export const eventsOf = ({ publisher }: World) => (publisher.published.get('acme') ?? []).map(({ data }) => data.kind);
