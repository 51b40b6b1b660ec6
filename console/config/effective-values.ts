/** Values that a host is inspected with, in words. */
import { isRecord } from './json.ts';

/** `0.7`, `"off"` without its quotes, and of what has parts their JSON. */
export function valueText(value: unknown): string {
  if (typeof value === 'string') return value;
  return JSON.stringify(value) ?? '';
}

/** Where a value comes from: the API has it as an origin with a text, and of alerts as a level. */
export function originText({ origin, level }: Readonly<Record<string, unknown>>): string {
  if (isRecord(origin) && typeof origin['text'] === 'string') return origin['text'];
  return typeof level === 'string' ? level : 'unknown';
}
