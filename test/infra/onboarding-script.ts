/** Runs an onboarding script in real bash, with stand-ins for the provider's command line and for sleep that record their calls. */
import { execFile } from 'node:child_process';
import { access, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { onTestFinished } from 'vitest';

/** All that the scripts may use besides bash: they run in cloud shells, on macOS and on Linux alike. */
const TOOLS = ['bash', 'cut', 'dirname', 'grep', 'sed', 'tr', 'cat'];

export interface Provider {
  readonly script: 'azure.sh' | 'gcp.sh';
  readonly command: 'az' | 'gcloud';
  readonly installed?: boolean;
  /** Answers, as branches of a bash `case` over the arguments. Other calls get no output, and success. */
  readonly answers: string;
  /** Whether a call, its arguments joined by spaces, changes something. */
  readonly changes: (call: string) => boolean;
}

export interface ScriptRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** The arguments of every call of the provider's command line, in order. */
  readonly calls: readonly (readonly string[])[];
  /** Those that change something, their arguments joined by spaces. */
  readonly changes: readonly string[];
  /** Seconds of each wait. */
  readonly waits: readonly number[];
}

export type Arguments = Readonly<Record<string, string>>;

/** Runs the script with options (`{'--dry-run': ''}` is a switch). */
export async function runScript(provider: Provider, options: Arguments): Promise<ScriptRun> {
  const file = join(import.meta.dirname, '../../infra/onboarding', provider.script);
  const args = Object.entries(options).flatMap(([flag, value]) => (value === '' ? [flag] : [flag, value]));
  return runBash(provider, [file, ...args]);
}

/** Runs what --dry-run printed. */
export async function runPrinted(provider: Provider, printed: string): Promise<ScriptRun> {
  return runBash(provider, ['-c', printed]);
}

async function runBash(
  { command, installed = true, answers, changes }: Provider,
  args: readonly string[],
): Promise<ScriptRun> {
  const folder = await mkdtemp(join(tmpdir(), 'plimsoll-onboarding-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const tool of TOOLS) await symlink(await pathOf(tool), join(folder, tool));
  const notes = (name: string) => `printf '%s\\x1f' "$@" >>'${folder}/${name}.notes'; echo >>'${folder}/${name}.notes'`;
  const standIn = (name: string, then: string) =>
    writeFile(join(folder, name), `#!${folder}/bash\n${notes(name)}\n${then}\n`, { mode: 0o755 });
  await standIn('sleep', '');
  if (installed) await standIn(command, `notes='${folder}/${command}.notes'\ncase "$*" in\n${answers}\nesac`);
  const result = await execute(join(folder, 'bash'), args, { PATH: folder });
  const calls = await readNotes(join(folder, `${command}.notes`));
  return {
    ...result,
    calls,
    changes: calls.map((call) => call.join(' ')).filter(changes),
    waits: (await readNotes(join(folder, 'sleep.notes'))).map(([seconds]) => Number(seconds)),
  };
}

function execute(file: string, args: readonly string[], env: Record<string, string>) {
  return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    const child = execFile(file, args, { env }, (_, stdout, stderr) =>
      resolve({ code: child.exitCode ?? Number.NaN, stdout, stderr }),
    );
  });
}

async function readNotes(file: string): Promise<string[][]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => line.split('\x1f').slice(0, -1));
}

async function pathOf(tool: string): Promise<string> {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const path = join(folder, tool);
    if (
      await access(path).then(
        () => true,
        () => false,
      )
    )
      return path;
  }
  throw new Error(`There is no ${tool} on the PATH.`);
}
