/** What recordings select on this host, as GET /v1/selections answers it, and which of it the host's own list admits. */
import { matchesGlob } from './glob.ts';
import type { ProcessSample } from './process-sample.ts';
import { type FollowedRule, followProcesses, type ProcessTree } from './process-tree.ts';

/** One recording's wish. Times in epoch milliseconds, `from <= t < to`. */
export interface HostSelection {
  readonly recording: string;
  readonly processes: readonly FollowedRule[];
  readonly from: number;
  readonly to: number;
  /** Seconds between samples. */
  readonly everyS: number;
}

/** A receiver that is broken or hostile must not fill the memory of a host. */
const MOST_SELECTIONS = 1000;
const MOST_RULES = 50;
const MOST_CHARACTERS = 255;
const LEAST_EVERY_S = 5;
const GREATEST_EVERY_S = 3600;

/** @throws Error The answer is not of this shape: the message names what is wrong. Fields that are not known are passed over. */
export function parseSelections(value: unknown): readonly HostSelection[] {
  const { version, selections } = record(value, 'the answer');
  if (version !== 1) throw new Error('The version of the selections is not 1: update the probe.');
  return list(selections, MOST_SELECTIONS, 'selections').map(parseSelection);
}

function parseSelection(value: unknown): HostSelection {
  const { recording, processes, from, to, everyS } = record(value, 'a selection');
  return {
    recording: text(recording, 'recording'),
    processes: list(processes, MOST_RULES, 'processes').map(parseRule),
    from: integer(from, 'from'),
    to: integer(to, 'to'),
    everyS: Math.min(Math.max(integer(everyS, 'everyS'), LEAST_EVERY_S), GREATEST_EVERY_S),
  };
}

function parseRule(value: unknown): FollowedRule {
  const { name, pid, tree } = record(value, 'a process');
  if (name === undefined && pid === undefined) throw new Error('A process of the selections has no name and no pid.');
  return {
    ...(name !== undefined && { name: text(name, 'name') }),
    ...(pid !== undefined && { pid: integer(pid, 'pid') }),
    tree: tree === true,
  };
}

function record(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw new Error(`The selections are malformed: ${what} is not an object.`);
}

function list(value: unknown, most: number, field: string): readonly unknown[] {
  if (Array.isArray(value) && value.length <= most) return value;
  throw new Error(`The selections are malformed: ${field} is not a list of at most ${most}.`);
}

function text(value: unknown, field: string): string {
  if (typeof value === 'string' && value.length > 0 && value.length <= MOST_CHARACTERS) return value;
  throw new Error(`The selections are malformed: ${field} is not a text of 1 to ${MOST_CHARACTERS} characters.`);
}

function integer(value: unknown, field: string): number {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  throw new Error(`The selections are malformed: ${field} is not an integer.`);
}

/** A recording's processes of a sweep. */
export interface Selected {
  readonly admitted: readonly ProcessSample[];
  /** Names that the recording selects and the host's own list does not admit, each once. */
  readonly refused: readonly string[];
}

export interface SelectionFollower {
  selectedOf(sweep: readonly ProcessSample[]): Selected;
}

/** @param allow Patterns of names: each process has to match one of them, those that it started as well. */
export function followSelection({ processes }: HostSelection, allow: readonly string[]): SelectionFollower {
  const trees: readonly ProcessTree[] = processes.map((rule) => followProcesses(rule));
  return {
    selectedOf(sweep) {
      const selected = new Set(trees.flatMap((tree) => tree.membersOf(sweep)));
      const isAllowed = ({ name }: ProcessSample) => allow.some((pattern) => matchesGlob(pattern, name));
      const refused = [...selected].filter((process) => !isAllowed(process)).map(({ name }) => name);
      return { admitted: [...selected].filter(isAllowed), refused: [...new Set(refused)] };
    },
  };
}
