/** Texts that others wrote: names of hosts, groups, accounts, messages of providers. */
import { displayText, visibleText } from '../../core/messages/plain-text.ts';

interface TextProps {
  readonly value: string;
  /** The most characters; default 200. */
  readonly length?: number;
}

/**
 * A text that others wrote: on one line, bounded, without characters that nobody sees, and isolated, so that a script from right to left
 * does not turn what stands beside them. Preact escapes markup.
 */
export function Text({ value, length = 200 }: TextProps) {
  return <bdi>{displayText(value, length)}</bdi>;
}

/** A sentence of ours on what to do about a host: a command with an address in it can be copied. */
export function Hint({ value, length = 200 }: TextProps) {
  return <bdi>{visibleText(value, length)}</bdi>;
}

/** The same text for attributes and for sentences that are read aloud. */
export function plain(value: string, length = 200): string {
  return displayText(value, length);
}
