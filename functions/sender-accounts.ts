/** What the config of a tenant states about the hosts that send for one of its accounts. */
import type { SenderAccounts } from '../core/ingest/sender.ts';
import { sendingAccountOf } from '../core/ingest/sending-account.ts';
import type { ConfigStore } from '../core/ports/config-store.ts';

export function createSenderAccounts(configs: Pick<ConfigStore, 'get'>): SenderAccounts {
  return {
    async settingsOf(tenant, account) {
      const stored = await configs.get(tenant);
      if (stored === undefined || !stored.config.enabled) return undefined;
      const found = sendingAccountOf(stored.config.accounts, account);
      if (found === undefined || !found.enabled) return undefined;
      const { groupAttribute, keepAttributes = [], commandPatterns = [] } = found;
      return {
        ...(groupAttribute !== undefined && { groupAttribute }),
        keepAttributes,
        commandPatterns: commandPatterns.map((pattern) => new RegExp(pattern, 'u')),
      };
    },
  };
}
