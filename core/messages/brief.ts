/**
 * What a message states, before a receiver gives it its form: the same headline, facts, steps and links everywhere. Every text is on
 * one line, bounded and visible; what a receiver would take for markup is still in it.
 */
import type { Severity } from '../model/finding.ts';

/** A labelled text; one without a label goes on with the one before. */
export interface Fact {
  readonly label: string;
  readonly text: string;
}

/** Something to do, and the command that does it, ready to be pasted. */
export interface Step {
  readonly text: string;
  readonly command?: string;
}

export interface Link {
  readonly text: string;
  readonly href: string;
}

/** `firing` and `resolved` begin and end what a receiver holds open; a `notice` does neither. */
export type BriefState = 'firing' | 'resolved' | 'notice';

export interface Brief {
  /** Of the event. */
  readonly id: string;
  /** What later messages belong to: threads, and alerts that are the same. */
  readonly subject: string;
  /** The id of the incident that can be acknowledged; null where there is none. */
  readonly incident: string | null;
  readonly kind: string;
  readonly tenant: string;
  /** Of the deployment, which commands name; undefined where the event does not state it. */
  readonly stage: string | undefined;
  readonly state: BriefState;
  readonly severity: Severity;
  /** Whether it is meant to wake somebody up. */
  readonly page: boolean;
  /** `[medium] full in 41 h: web-7 (checkout), node +0.5 %/h`, fewer than 100 characters. */
  readonly headline: string;
  /** What it is about, in a sentence; null where the lead is one. */
  readonly summary: string | null;
  /** Whether to get up, and until when. */
  readonly lead: string;
  readonly facts: readonly Fact[];
  readonly steps: readonly Step[];
  readonly links: readonly Link[];
  /** Which part of the host it is about: its memory, or any of its metrics. */
  readonly component: string;
  /** What is affected: the name of the host, or of the account. */
  readonly source: string;
  readonly group: string | null;
  /** ISO 8601: when it was seen. */
  readonly time: string;
}
