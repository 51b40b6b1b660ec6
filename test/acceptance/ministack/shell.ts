/** A shell in a copy of the project, in which a person would type the commands of the documents. */
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import * as z from 'zod';

const PROJECT = join(import.meta.dirname, '../../..');

/** What is made from the rest, or is not of the project. */
const NOT_COPIED = new Set(['.git', '.venv', '.serverless', '.esbuild', 'coverage', 'dist', 'node_modules']);

const TIMEOUT_MS = 150_000;

const inheritedSchema = z.object({ PATH: z.string(), NODE_EXTRA_CA_CERTS: z.string(), AWS_CA_BUNDLE: z.string() });

export interface Ran {
  readonly command: string;
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
}

export interface Shell {
  readonly folder: string;
  /** Runs one command. The variables that it sets are there for the next. */
  run(command: string): Promise<Ran>;
  /** As `run`; rejects with all that was printed where the command fails. Resolves to what it wrote to stdout. */
  demand(command: string): Promise<string>;
  /** Another shell in the same folder, with variables of its own. */
  as(variables: Readonly<Record<string, string>>): Shell;
  write(name: string, text: string): Promise<void>;
  read(name: string): Promise<string>;
  remove(): Promise<void>;
}

/** A copy, because packaging writes into the folder that it runs in. */
export async function copyProject(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'plimsoll-acceptance-'));
  await cp(PROJECT, folder, { recursive: true, filter: (path) => !NOT_COPIED.has(basename(path)) });
  await symlink(join(PROJECT, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

let opened = 0;

export function openShell(folder: string, variables: Readonly<Record<string, string>>): Shell {
  const state = join(folder, `.shell-${process.pid}-${++opened}`);
  const environment = { ...inheritedSchema.parse(process.env), HOME: folder, NO_COLOR: '1', ...variables };

  async function run(command: string): Promise<Ran> {
    const script = `set -a; [[ ! -f ${state} ]] || source ${state}\n${command}\ncode=$?; export -p >${state}; exit $code`;
    const begun = performance.now();
    return new Promise((resolve) => {
      const options = { cwd: folder, env: environment, timeout: TIMEOUT_MS, maxBuffer: 64 * 2 ** 20 };
      const child = execFile('bash', ['-c', script], options, (_error, stdout, stderr) =>
        resolve({
          command,
          exitCode: child.exitCode ?? -1,
          stdout,
          stderr,
          seconds: (performance.now() - begun) / 1000,
        }),
      );
      child.stdin?.end();
    });
  }

  return {
    folder,
    run,
    async demand(command) {
      const { exitCode, stdout, stderr } = await run(command);
      if (exitCode !== 0) throw new Error(`"${command}" ended with ${exitCode}:\n${stdout}\n${stderr}`);
      return stdout;
    },
    as: (others) => openShell(folder, { ...variables, ...others }),
    write: (name, text) => writeFile(join(folder, name), text),
    read: (name) => readFile(join(folder, name), 'utf8'),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
