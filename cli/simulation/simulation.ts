/** The living fleet in clouds on this machine, with a deployment that inspects it: what it holds at any time has really been found there. */
import type { Hono } from 'hono';
import type { SignInView } from '../../api/contract/tenants.ts';
import { recordDeployment } from '../../core/inspection/record-deployment.ts';
import type { StoredTenant } from '../../core/model/tenant.ts';
import { deploy } from '../../sandbox/deployment.ts';
import { startSandbox } from '../../sandbox/sandbox.ts';
import type { LivingDeployment } from '../../sandbox/scenario/living.ts';
import { livingFleetAt } from '../../sandbox/scenario/living.ts';
import type { CommandContext } from '../context.ts';
import { type CommandEnvironment, isolatedVariables } from '../environment.ts';
import { createLocalApi, VERSION } from '../local-api/app.ts';
import { openLocalPorts } from '../local-api/ports.ts';
import { openScalingLog } from '../stores.ts';
import { commandEnvironment } from './command-environment.ts';
import { type Functions, openFunctions } from './functions.ts';
import { runJobs, withJobs } from './jobs.ts';
import { putTenants } from './tenants.ts';

const HOUR = 3_600_000;

/** Since when the tenants are there, in hours. */
const TENANTS_SINCE = -170;

/** Hours of the history in which jobs are inspected: a week of them would double the time that it takes. */
const JOBS_HOURS = 24;

export interface SimulationOptions {
  /** Epoch milliseconds: the end of the history, floored to the hour. */
  readonly at: number;
  readonly seed?: number;
  /** Seconds of the simulation in one of ours; shown, and followed by whoever lets time run. Default: 0, time stands. */
  readonly speed?: number;
  /** Whether jobs inspect other metrics for anomalies in the last day of the history and from then on. Default: no. */
  readonly anomalies?: boolean;
}

export interface Simulation extends AsyncDisposable {
  /** The end of the history, epoch milliseconds. */
  readonly asOf: number;
  /** The time of the simulation, epoch milliseconds. May be set: forward alone. */
  now: number;
  /** Whether its past is being inspected, which the page states. */
  preparing: boolean;
  /** As whoever looks at the page calls it. */
  readonly api: Hono;
  /** As those call it who did something before: the log names them and not the person who looks. */
  readonly past: Hono;
  /** Inspects every account, as the schedules do at this hour, after whatever was deployed until then. */
  inspectAll(at: number, signal: AbortSignal): Promise<void>;
  /** Does what was requested by hand. */
  serveRequests(): Promise<void>;
}

/**
 * While it is open, this process reaches no cloud but those on this machine. Only one can be open at a time.
 *
 * @param onFault What nobody expected.
 */
export async function openSimulation(
  { at, seed, speed = 0, anomalies = false }: SimulationOptions,
  { terminal }: Pick<CommandContext, 'terminal'>,
): Promise<Simulation> {
  const living = livingFleetAt(at, seed);
  const fleet = anomalies ? { ...living, tenants: living.tenants.map(withJobs) } : living;
  const sandbox = await startSandbox({ fleet });
  const deployment = await deploy(sandbox);
  const variables = isolatedVariables({ ...deployment.environment, POWERTOOLS_LOG_LEVEL: 'SILENT' });
  async function close(): Promise<void> {
    variables[Symbol.dispose]();
    await sandbox[Symbol.asyncDispose]();
  }
  try {
    sandbox.now = fleet.asOf + TENANTS_SINCE * HOUR;
    const tenants = await putTenants(fleet, sandbox, deployment, sandbox.now);
    const now = () => sandbox.now;
    const state = { preparing: false };
    const functions = openFunctions(deployment, now);
    const environment = commandEnvironment(deployment);
    const ports = await openLocalPorts(
      { environment },
      {
        now,
        hostReader: functions.hostReader,
        signIn: () => signInOf(now(), state.preparing, speed),
        onFault: (error, { route }) => terminal.note(`error: ${route} failed: ${messageOf(error)}`),
      },
    );
    const stored = tenants.map((tenant) => tenant.stored);
    const run = createRuns({ stored, functions, environment, deployments: fleet.deployments });
    const jobsSince = fleet.asOf - JOBS_HOURS * HOUR;
    return {
      asOf: fleet.asOf,
      get now() {
        return sandbox.now;
      },
      set now(time) {
        sandbox.now = time;
      },
      get preparing() {
        return state.preparing;
      },
      set preparing(preparing) {
        state.preparing = preparing;
      },
      api: createLocalApi(ports, { name: 'you' }),
      past: createLocalApi(ports, { name: 'simulation' }),
      async inspectAll(time, signal) {
        sandbox.now = time;
        // Nobody counts them here, and a simulation may run for days.
        sandbox.calls.clear();
        await run(time, signal);
        if (time >= jobsSince) await runJobs({ stored, functions }, time, signal);
      },
      async serveRequests() {
        await functions.workThroughQueues();
      },
      [Symbol.asyncDispose]: close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** While the past is inspected the clock stands from one inspection to the next. */
function signInOf(now: number, preparing: boolean, speed: number): SignInView {
  const simulated = { now: new Date(now).toISOString(), secondsPerSecond: preparing ? 0 : speed, preparing };
  return { mode: 'local', issuers: [], version: VERSION, stage: null, simulated };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

interface Runs {
  readonly stored: readonly StoredTenant[];
  readonly functions: Functions;
  readonly environment: CommandEnvironment;
  readonly deployments: readonly LivingDeployment[];
}

function createRuns({ stored, functions, environment, deployments }: Runs) {
  const scaling = openScalingLog(environment);
  const left = [...deployments];
  return async (time: number, signal: AbortSignal): Promise<void> => {
    for (let next = left[0]; next !== undefined && next.at <= time; next = left[0]) {
      const { tenant, region, ...deployed } = next;
      const of = stored.find(({ config }) => config.tenant === tenant);
      if (of !== undefined)
        await recordDeployment(of, { ...deployed, ...(region !== null && { region }) }, scaling, time);
      left.shift();
    }
    for (const { config } of stored) {
      for (const { provider, account } of config.accounts) {
        signal.throwIfAborted();
        await functions.inspect(provider, { tenant: config.tenant, account, at: time });
      }
    }
  };
}
