/** `plimsoll config defaults`: what applies to all tenants of a deployment where they set nothing else. */
import { stringify } from 'yaml';
import { formatTime } from '../../core/messages/times.ts';
import { counted } from '../../core/messages/units.ts';
import { fieldIssues, parseInput } from '../../core/model/issues.ts';
import { policySchema } from '../../core/model/policy.ts';
import { type DeploymentDefaults, deploymentDefaultsSchema, type StoredDefaults } from '../../core/model/tenant.ts';
import type { ConfigStore } from '../../core/ports/config-store.ts';
import { InvalidFieldsError } from '../../core/ports/errors.ts';
import type { CommandContext } from '../context.ts';
import { type DeploymentOptions, deploymentArguments } from '../deployment.ts';
import { readDocument } from '../document.ts';
import { withLines } from '../document-issues.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { PLIMSOLL } from '../program.ts';
import { renderPatch } from '../render/patch.ts';
import { harmless, type Paint, wrap } from '../render/text.ts';
import { callerArn, openConfigStore } from '../stores.ts';
import { type Terminal, textWidth } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';

export interface GetDefaultsOptions extends DeploymentOptions {
  readonly version?: number;
  readonly format: 'yaml' | 'json';
}

export async function getDefaults(
  { version, format, ...deployment }: GetDefaultsOptions,
  { environment, terminal }: CommandContext,
): Promise<ExitCode> {
  const stored = await openConfigStore(environment).defaults(version);
  if (stored === undefined) {
    if (version !== undefined) throw new UsageError(`The deployment’s defaults have no version ${version}.`);
    terminal.note(
      `# the deployment has no defaults of its own: \`${PLIMSOLL} config defaults put FILE${deploymentArguments(deployment)}\` stores some`,
    );
  } else {
    const { putAt, putBy = 'unknown' } = stored;
    terminal.note(`# version ${stored.version}, put ${formatTime(putAt)} by ${harmless(putBy)}`);
  }
  const defaults = stored?.defaults ?? { version: 1 };
  if (format === 'json') terminal.printJson(JSON.stringify(defaults, null, 2));
  else terminal.print(stringify(defaults).trimEnd());
  return EXIT.clean;
}

export interface PutDefaultsOptions {
  readonly expectVersion?: number;
  readonly dryRun?: boolean;
}

export async function putDefaults(
  file: string,
  { expectVersion, dryRun }: PutDefaultsOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const { environment, terminal, now } = context;
  const defaults = await readDefaults(file);
  const configs = openConfigStore(environment);
  const before = await configs.defaults();
  const version = before?.version ?? 0;
  if (expectVersion !== undefined && expectVersion !== version) {
    throw conflict(before, await configs.defaults(Math.max(expectVersion, 1)), context);
  }
  const changes = patchOf(before, { defaults, version: version + 1 }, terminal.paint);
  if (changes === undefined) {
    terminal.print(`unchanged: the defaults are at version ${version} with this content`);
    return EXIT.clean;
  }
  if (dryRun) {
    terminal.print(`nothing was stored; version ${version + 1} of the defaults would be:\n${changes}`);
    await noteOwnValues(defaults, configs, terminal);
    return EXIT.clean;
  }
  if ((await configs.putDefaults(defaults, version, now, await callerArn(context))) === 'conflict')
    throw conflict(await configs.defaults(), before, context);
  terminal.print(
    `${terminal.paint('good', 'stored')}: version ${version + 1} of the defaults of all tenants\n${changes}`,
  );
  await noteOwnValues(defaults, configs, terminal);
  return EXIT.clean;
}

/** Names the values that tenants or accounts set themselves: the defaults do not reach these. */
async function noteOwnValues(
  { policy = {} }: DeploymentDefaults,
  configs: Pick<ConfigStore, 'list'>,
  terminal: Terminal,
): Promise<void> {
  const owners = new Map<string, string[]>();
  for await (const { config } of configs.list()) {
    const own = new Set([config, ...config.accounts].flatMap((one) => Object.keys(one.policy ?? {})));
    for (const name of Object.keys(policy).filter((one) => own.has(one)))
      owners.set(name, [...(owners.get(name) ?? []), config.tenant]);
  }
  for (const [name, tenants] of owners) {
    const which = `${tenants.slice(0, NAMED).join(', ')}${tenants.length > NAMED ? ' …' : ''}`;
    const text = `note: ${counted(tenants.length, 'tenant')} (${which}) ${tenants.length === 1 ? 'sets' : 'set'} ${name} in the config, which goes before the defaults`;
    terminal.note(wrap(text, textWidth(terminal), '  '));
  }
}

/** Tenants that a note names. */
const NAMED = 5;

/** Throws `InvalidInputError` that names every wrong field and its line. */
async function readDefaults(file: string): Promise<DeploymentDefaults> {
  const { text, value } = await readDocument(file);
  const names = [...Object.keys(deploymentDefaultsSchema.shape), ...Object.keys(policySchema.shape)];
  return withLines(text, WHAT, names, () => {
    const parsed = parseInput(deploymentDefaultsSchema, value);
    if (parsed.success) return parsed.data;
    throw new InvalidFieldsError(WHAT, fieldIssues(parsed.error));
  });
}

const WHAT = 'The document of defaults';

type Versioned = Pick<StoredDefaults, 'defaults' | 'version'>;

function patchOf(before: Versioned | undefined, after: Versioned, paint: Paint): string | undefined {
  const side = (one: Versioned | undefined) => ({
    name: one === undefined ? 'nothing stored' : `version ${one.version}`,
    text: one === undefined ? '' : stringify(one.defaults),
  });
  return renderPatch(side(before), side(after), paint);
}

function conflict(newest: StoredDefaults | undefined, seen: Versioned | undefined, { terminal }: CommandContext) {
  const between = newest && patchOf(seen, newest, terminal.paint);
  if (between !== undefined) terminal.note(`What came between:\n${between}`);
  const version = newest?.version ?? 0;
  return new UsageError(
    `The defaults are at version ${version} by now, so nothing was stored. Put your change with --expect-version ${version}.`,
  );
}
