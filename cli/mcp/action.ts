/** `plimsoll mcp`: a server of the Model Context Protocol on stdin and stdout, until its client hangs up. */
import { basename } from 'node:path';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import type { Hono } from 'hono';
import { untilAborted } from '../abort.ts';
import type { CommandContext } from '../context.ts';
import type { DeploymentOptions } from '../deployment.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { openDeploymentApi } from '../local-api/deployment.ts';
import type { Simulation } from '../simulation/simulation.ts';
import { UsageError } from '../usage-error.ts';
import type { OpenApi } from './api-client.ts';
import type { BacktestTraces } from './backtest-traces.ts';
import { createMcpServer } from './server.ts';

export interface McpOptions extends DeploymentOptions {
  readonly demo?: boolean;
  readonly tenant?: string;
  readonly traces?: readonly string[];
}

/** Ends when the client closes stdin, or by Ctrl-C. */
export async function runMcp(
  options: McpOptions,
  context: CommandContext & { readonly backtestTraces: BacktestTraces },
): Promise<ExitCode> {
  const { demo = false, stage, stack } = options;
  if (demo && (stage !== undefined || stack !== undefined))
    throw new UsageError('--demo shows a simulated fleet, and --stage a deployment: give one of them.');
  const traces = tracesByName(options.traces ?? []);
  await using source = demo ? openDemo(context) : openDeployment(options, context);
  const server = createMcpServer({ openApi: source.openApi, traces, backtest: context.backtestTraces });
  const transport = new StdioServerTransport();
  const hungUp = new AbortController();
  // The SDK does not end a session when its input ends.
  process.stdin.once('end', () => hungUp.abort());
  server.server.onclose = () => hungUp.abort();
  // What fails is stated by the first tool that is called.
  server.server.oninitialized = () => void source.openApi().catch(() => undefined);
  await server.connect(transport);
  await untilAborted(AbortSignal.any([context.signal, hungUp.signal]));
  await server.close();
  return EXIT.clean;
}

interface ApiSource extends AsyncDisposable {
  readonly openApi: OpenApi;
}

/** A client waits some seconds for the handshake, and no longer: the deployment is read after it. */
function openDeployment(options: McpOptions, context: CommandContext): ApiSource {
  return {
    openApi: retried(async () => (await openDeploymentApi(options, context)).api),
    [Symbol.asyncDispose]: async () => {},
  };
}

/** Hours that are inspected: whoever asks the first question does not wait for a week. */
const DEMO_HOURS = [-30, -24, -18, -14, -10, -6, -4, -3, -2, -1, 0];

/** The simulation begins once the client is there, which would not wait for it; the first tool does. */
function openDemo({ terminal, signal: interrupted, now: at }: CommandContext): ApiSource {
  const closing = new AbortController();
  const signal = AbortSignal.any([interrupted, closing.signal]);
  let opened: Promise<Simulation> | undefined;
  let filled: Promise<Hono> | undefined;
  async function begin(): Promise<Hono> {
    const [{ openSimulation }, { fillHistory }] = await Promise.all([
      import('../simulation/simulation.ts'),
      import('../simulation/history.ts'),
    ]);
    terminal.note('plimsoll mcp: starting the simulated fleet, which takes some seconds …');
    opened = openSimulation({ at }, { terminal });
    const simulation = await opened;
    await fillHistory(simulation, {
      hours: DEMO_HOURS,
      signal,
      onStep: ({ done, of }) => terminal.note(`plimsoll mcp: inspection ${done} of ${of} of its last hours is done`),
    });
    terminal.note('plimsoll mcp: ready.');
    return simulation.api;
  }
  return {
    openApi() {
      filled ??= begin();
      return filled;
    },
    async [Symbol.asyncDispose]() {
      closing.abort();
      await Promise.allSettled([filled]);
      await (await opened)?.[Symbol.asyncDispose]();
    },
  };
}

/** Opened once; where that fails, the next call tries again: credentials may have been renewed meanwhile. */
function retried(open: OpenApi): OpenApi {
  let opened: ReturnType<OpenApi> | undefined;
  return async () => {
    opened ??= open();
    try {
      return await opened;
    } catch (error) {
      opened = undefined;
      throw error;
    }
  };
}

/** Throws `UsageError` where two of them would have one name. */
function tracesByName(files: readonly string[]): ReadonlyMap<string, string> {
  const byName = new Map(files.map((file) => [basename(file), file]));
  if (byName.size === new Set(files).size) return byName;
  throw new UsageError('Two of the --traces files have the same name: the tool backtest names them by it.');
}
