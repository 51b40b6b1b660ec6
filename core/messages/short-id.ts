/** Ids of incidents as people write them. */
import { createHash } from 'node:crypto';

/** Digits of a short id: among 10,000 incidents one pair in a hundred deployments is the same, which is reported. */
const SHORT_ID_LENGTH = 8;

/** The same for the same incident; another episode of the host is another incident. */
export function shortId(incident: string): string {
  return createHash('sha256').update(incident).digest('hex').slice(0, SHORT_ID_LENGTH);
}
