/** Who did something, as tables show it. */
import { harmless } from './render/text.ts';

/** What is shown where callers were not kept yet, or nobody could find out. */
export const UNKNOWN_CALLER = 'unknown';

/** What differs between callers: `user/jane`, `role/session`; of a long one the end. `--json` has the ARN. */
export function callerName(arn: string | undefined, length = Number.POSITIVE_INFINITY): string {
  if (arn === undefined) return UNKNOWN_CALLER;
  const name = harmless(/^arn:[^:]*:(?:iam|sts)::\d{12}:(?:assumed-role\/)?(.+)$/.exec(arn)?.[1] ?? arn);
  return name.length > length ? `…${name.slice(1 - length)}` : name;
}
