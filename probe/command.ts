/** The command whose tree is sampled. */
import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';

export interface StartedCommand {
  readonly pid: number;
  /** Its exit code, or 128 and the number of the signal that ended it, as shells do. */
  readonly ended: Promise<number>;
}

/** The program of a command cannot be started. */
export class CommandNotStarted extends Error {
  /** As shells have it: 127 where it is not there, 126 where it may not be started. */
  readonly exitCode: number;

  constructor(program: string, cause: NodeJS.ErrnoException) {
    super(`${program} cannot be started: ${cause.code === 'ENOENT' ? 'there is no such program' : cause.message}.`, {
      cause,
    });
    this.exitCode = cause.code === 'ENOENT' ? 127 : 126;
  }
}

/** What others send the probe is meant for the command. A terminal sends Ctrl-C to both by itself. */
const PASSED_ON: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR2', 'SIGINT'];

/** Some failures are an event of the child, and others are thrown: a path through a file, a name that is empty. */
function start(program: string, args: readonly string[], environment: Environment): ChildProcess {
  try {
    return spawn(program, args, { stdio: 'inherit', env: { ...environment }, windowsHide: true });
  } catch (error) {
    throw error instanceof Error ? new CommandNotStarted(program || 'The command', error) : error;
  }
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Starts it with the input, output and folder of this process.
 *
 * @param environment Of the command: the ingest token is not in it.
 * @throws CommandNotStarted
 */
export async function startCommand(
  [program = '', ...args]: readonly string[],
  environment: Environment,
): Promise<StartedCommand> {
  const child = start(program, args, environment);
  const pid = await new Promise<number>((resolve, reject) => {
    child.once('spawn', () => resolve(child.pid ?? 0));
    child.once('error', (error: NodeJS.ErrnoException) => reject(new CommandNotStarted(program, error)));
  });
  const passed = PASSED_ON.map((signal) => {
    const pass = () => void (signal === 'SIGINT' && process.stdin.isTTY ? undefined : child.kill(signal));
    process.on(signal, pass);
    return () => process.off(signal, pass);
  });
  const ended = new Promise<number>((resolve) => {
    child.once('exit', (code, signal) => {
      for (const stop of passed) stop();
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
  // A signal that does not reach it is one that came when it had ended.
  child.on('error', () => undefined);
  return { pid, ended };
}
