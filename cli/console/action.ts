/** `plimsoll console`: the page on this machine, over a simulated fleet in which time runs forward, or over a deployment. */
import { setTimeout } from 'node:timers/promises';
import { incidentPath } from '../../console/paths.ts';
import { formatTime } from '../../core/messages/times.ts';
import { untilAborted } from '../abort.ts';
import type { CommandContext } from '../context.ts';
import type { DeploymentOptions } from '../deployment.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { openDeploymentApi } from '../local-api/deployment.ts';
import type { FoundIncident } from '../simulation/history.ts';
import { UsageError } from '../usage-error.ts';
import { newSecret } from './key.ts';
import { pageFolder } from './page.ts';
import { type ReceiveOptions, showReceiving } from './receive.ts';
import { serveConsole } from './serve.ts';

export interface ConsoleOptions extends DeploymentOptions, ReceiveOptions {
  readonly tenant?: string;
  readonly speed?: number;
  readonly seed?: number;
}

/** An hour of the simulation passes in 12 s. */
const DEFAULT_SPEED = 300;

const TICK_MS = 1000;

/** Runs until Ctrl-C, which is its ordinary end. */
export async function runConsole(options: ConsoleOptions, context: CommandContext): Promise<ExitCode> {
  const { signal } = context;
  try {
    await shownBy(options, context)(options, context);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  return EXIT.clean;
}

function shownBy({ stage, stack, tenant, receive, tokenFile }: ConsoleOptions, { environment }: CommandContext) {
  if (receive !== undefined) return showReceiving;
  if (tokenFile !== undefined)
    throw new UsageError('--token-file belongs to --receive: name the folder that keeps the samples.');
  const isDeployment = stage !== undefined || stack !== undefined || tenant !== undefined;
  return isDeployment || environment.hasTable() ? showDeployment : showSimulation;
}

async function showDeployment(options: ConsoleOptions, context: CommandContext): Promise<void> {
  const { terminal, signal } = context;
  terminal.progress('reading the deployment …');
  const [{ api }, folder] = await Promise.all([openDeploymentApi(options, context), pageFolder()]);
  const key = newSecret();
  await using served = await serveConsole({ api, folder, port: options.port ?? 0, key });
  terminal.print(`The page, with your own credentials: ${served.origin}/#key=${key}`);
  terminal.note('Whoever opens this address first may do what you may; it works once. Ctrl-C ends it.');
  await untilAborted(signal);
}

async function showSimulation(options: ConsoleOptions, context: CommandContext): Promise<void> {
  const { terminal, signal, now: at } = context;
  const { speed = DEFAULT_SPEED, seed, port = 0 } = options;
  const begun = performance.now();
  const seconds = () => ((performance.now() - begun) / 1000).toFixed(0);
  terminal.progress('starting the clouds on this machine, and building the page …');
  const [{ openSimulation }, { fillHistory }, { runForward }] = await Promise.all([
    import('../simulation/simulation.ts'),
    import('../simulation/history.ts'),
    import('../simulation/clock.ts'),
  ]);
  const building = pageFolder();
  // Awaited below, when the clouds are there.
  building.catch(() => undefined);
  await using simulation = await openSimulation(
    { at, speed, anomalies: true, ...(seed !== undefined && { seed }) },
    context,
  );
  await using served = await serveConsole({ api: simulation.api, folder: await building, port });
  terminal.print(`A simulated fleet on this machine alone; nothing leaves it.\nThe page: ${served.origin}/`);
  const shown = firstOnly((text: string) => terminal.print(text));
  const addressOf = (found: FoundIncident) => `${served.origin}${incidentPath(found.tenant, found.ref)}`;
  const worst = await fillHistory(simulation, {
    signal,
    onStep({ done, of, at: time, shown: found }) {
      if (found) shown(`A leak to look at while its week is being made: ${addressOf(found)}`);
      terminal.progress(`a week is being inspected: ${formatTime(time)}, ${done} of ${of} …`);
    },
  });
  terminal.print(`The worst, to look at first: ${addressOf(worst)}`);
  terminal.note(`The week is there after ${seconds()} s. ${paceText(speed)} Ctrl-C ends it.`);
  await runForward(simulation, {
    speed,
    signal,
    async tick(until) {
      await setTimeout(TICK_MS, undefined, { signal: until });
      return TICK_MS / 1000;
    },
    onHour: (time) => terminal.progress(`it is ${formatTime(time)} in the simulation`),
  });
}

function paceText(speed: number): string {
  if (speed === 0) return 'Time stands still.';
  return `From now on an hour passes in ${Number((3600 / speed).toPrecision(2))} s.`;
}

function firstOnly<Value>(call: (value: Value) => void): (value: Value) => void {
  let called = false;
  return (value) => {
    if (!called) call(value);
    called = true;
  };
}
