/** What the config of a tenant states about the hosts that send for one of its accounts. */

import type { SenderAccounts } from '../core/ingest/sender.ts';
import { sendingAccountOf } from '../core/ingest/sending-account.ts';
import { POINT_SAMPLE_METRICS } from '../core/model/sample.ts';
import type { ConfigStore } from '../core/ports/config-store.ts';

export function createSenderAccounts(configs: Pick<ConfigStore, 'get'>): SenderAccounts {
  return {
    async settingsOf(tenant, account) {
      const stored = await configs.get(tenant);
      if (stored === undefined || !stored.config.enabled) return undefined;
      const found = sendingAccountOf(stored.config.accounts, account);
      if (found === undefined || !found.enabled) return undefined;
      const { groupAttribute, keepAttributes = [], commandPatterns = [], anomalies = [] } = found;
      const inspected = anomalies.filter(({ enabled }) => enabled).flatMap(({ metrics }) => metrics);
      return {
        ...(groupAttribute !== undefined && { groupAttribute }),
        keepAttributes,
        commandPatterns: commandPatterns.map((pattern) => new RegExp(pattern, 'u')),
        pointMetrics: new Set(POINT_SAMPLE_METRICS.filter((name) => inspected.includes(name))),
      };
    },
  };
}
