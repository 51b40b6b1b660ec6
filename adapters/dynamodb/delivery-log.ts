/** What the relay sent, in the table: forgotten after weeks (events) and months (incidents) by the table's own time to live. */
import type { DeliveryLog } from '../../core/ports/delivery-log.ts';
import { createExpiry, type ExpiringOptions } from './expiry.ts';
import { deliveryItem, notifyTestItem, progressItem, receiverStatusItem } from './items.ts';
import {
  deliveryKey,
  deliveryPrefix,
  notifyTestKey,
  progressKey,
  progressPrefix,
  receiverStatusKey,
  tenantPartition,
} from './keys.ts';
import { readable } from './readable.ts';
import { openTable, type Table } from './table.ts';

/** Longer than a queue and its dead-letter queue keep a message. */
const DELIVERIES_KEPT_DAYS = 30;

/** A leak that takes longer to its next message begins a thread of its own. */
const PROGRESS_KEPT_DAYS = 90;

const PAGE_SIZE = 200;

export function createDeliveryLog({ now = Date.now, ...options }: ExpiringOptions): DeliveryLog {
  const table = openTable(options);
  const ofDelivery = createExpiry(now, DELIVERIES_KEPT_DAYS);
  const ofProgress = createExpiry(now, PROGRESS_KEPT_DAYS);
  return {
    ...testAndStatus(table),

    async delivery(tenant, event, receiver) {
      const item = await table.get(deliveryKey(tenant, event, receiver), deliveryItem);
      return item && ofDelivery.isKept(item) ? item.delivery : undefined;
    },

    async deliveries(tenant, event) {
      const lookup = { partition: tenantPartition(tenant), beginsWith: deliveryPrefix(event), pageSize: PAGE_SIZE };
      const pages = await Array.fromAsync(table.pages(lookup));
      const items = pages.flat().map((item) => table.parse(item, deliveryItem));
      return items.filter(ofDelivery.isKept).map(({ delivery }) => delivery);
    },

    async putDelivery(tenant, delivery) {
      const key = deliveryKey(tenant, delivery.event, delivery.receiver);
      await table.put({ ...key, ttl: ofDelivery.ttl(), delivery }, deliveryItem, 'always');
    },

    async progress(tenant, receiver, subject) {
      const item = await table.get(progressKey(tenant, receiver, subject), progressItem);
      return item && { value: item.progress, version: item.version };
    },

    putProgress(tenant, receiver, progress, expectedVersion) {
      const key = progressKey(tenant, receiver, progress.subject);
      const item = { ...key, version: expectedVersion + 1, ttl: ofProgress.ttl(), progress };
      return table.put(item, progressItem, expectedVersion === 0 ? 'new' : expectedVersion);
    },

    firing(tenant, receiver) {
      const lookup = { partition: tenantPartition(tenant), beginsWith: progressPrefix(receiver), pageSize: PAGE_SIZE };
      return readable(table.pages(lookup), async (raw) => {
        const item = table.parse(raw, progressItem);
        const isFiring = item.progress.alert !== null && ofProgress.isKept(item);
        return isFiring ? { value: item.progress, version: item.version } : undefined;
      });
    },
  };
}

function testAndStatus(table: Table): Pick<DeliveryLog, 'status' | 'putStatus' | 'test' | 'putTest'> {
  return {
    async status(tenant, receiver) {
      const item = await table.get(receiverStatusKey(tenant, receiver), receiverStatusItem);
      return item && { value: item.status, version: item.version };
    },

    putStatus(tenant, status, expectedVersion) {
      const item = { ...receiverStatusKey(tenant, status.receiver), version: expectedVersion + 1, status };
      return table.put(item, receiverStatusItem, expectedVersion === 0 ? 'new' : expectedVersion);
    },

    async test(tenant) {
      const item = await table.get(notifyTestKey(tenant), notifyTestItem);
      return item && { value: item.test, version: item.version };
    },

    putTest(tenant, test, expectedVersion) {
      const item = { ...notifyTestKey(tenant), version: expectedVersion + 1, test };
      return table.put(item, notifyTestItem, expectedVersion === 0 ? 'new' : expectedVersion);
    },
  };
}
