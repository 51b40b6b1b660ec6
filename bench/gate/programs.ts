/** The programs that the check of a job is tried on, and others that it is calibrated on: where they stand and how they are started. */
import { readdir } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';

export const SETS = ['calibration', 'trial'] as const;
export type ProgramSet = (typeof SETS)[number];

export interface Program {
  /** The file's name without its extension. */
  readonly id: string;
  readonly set: ProgramSet;
  /** By the file's name: `leak…` or `healthy…`. */
  readonly leaks: boolean;
  /** The file, which its first comment describes. */
  readonly file: string;
  readonly language: 'node' | 'python' | 'java' | 'go';
}

const FOLDER = join(import.meta.dirname, 'programs');
const LANGUAGES = { '.js': 'node', '.py': 'python', '.java': 'java', '.go': 'go' } as const;

/**
 * Heaps are small, so that 14 programs fit beside each other; a job in CI has limits too. The others are what docs/gate.md recommends: the
 * collector runs each ten seconds and returns what it does not need, so that the process follows what the program uses.
 */
const JAVA_OPTIONS = [
  '-Xmx128m',
  '-XX:ReservedCodeCacheSize=48m',
  '-Xms16m',
  '-XX:G1PeriodicGCInterval=10000',
  '-XX:MinHeapFreeRatio=5',
  '-XX:MaxHeapFreeRatio=15',
];
const NODE_OPTIONS = ['--max-old-space-size=256'];

/** All programs of a set, by name. Throws where a file has an extension or a name that is none of a program. */
export async function programsOf(set: ProgramSet): Promise<Program[]> {
  const names = (await readdir(join(FOLDER, set))).toSorted();
  return names.map((name) => {
    const extension = extname(name);
    const language = Object.entries(LANGUAGES).find(([known]) => known === extension)?.[1];
    const id = basename(name, extension);
    if (language === undefined || !/^(leak|healthy)/i.test(id))
      throw new Error(
        `${name} in ${join(FOLDER, set)} is not a program: name it leak… or healthy…, as .js, .py, .java or .go`,
      );
    return { id, set, leaks: /^leak/i.test(id), file: join(FOLDER, set, name), language };
  });
}

/** The program and its arguments. `built` is the folder that Go programs were built into. */
export function commandOf(program: Program, built: string): [command: string, ...args: string[]] {
  switch (program.language) {
    case 'node':
      return ['node', ...NODE_OPTIONS, program.file];
    case 'python':
      return ['python3', program.file];
    case 'java':
      return ['java', ...JAVA_OPTIONS, program.file];
    case 'go':
      return [join(built, program.id)];
  }
}
