/** The second topic of a tenant, whose messages have the format of Amazon Q in chat applications. */
import type { SendOutcome } from './receiver-gateway.ts';

/** It is made and removed with the tenant's other topic. */
export interface ChatTopics {
  /** Nothing is thrown. */
  publish(tenant: string, message: object, signal?: AbortSignal): Promise<SendOutcome>;
}
