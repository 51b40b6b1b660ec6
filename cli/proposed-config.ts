/** Shows a proposed config as a patch, writes it to a file, and names the command that puts it. Nothing is stored here. */

import { writeFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { customQueryIssue } from '../adapters/promql/custom-queries.ts';
import { InvalidInputError } from '../core/ports/errors.ts';
import type { ConfigChanges } from '../core/tenants/config-changes.ts';
import { parseTenantConfig } from '../core/tenants/tenant-config.ts';
import type { ConfigBase } from './config-base.ts';
import { patchConfig } from './config-patch.ts';
import { type DeploymentOptions, deploymentArguments } from './deployment.ts';
import { withLines } from './document-issues.ts';
import { PLIMSOLL } from './program.ts';
import { renderPatch } from './render/patch.ts';
import { harmless, wrap } from './render/text.ts';
import { type Terminal, textWidth } from './terminal.ts';
import { UsageError } from './usage-error.ts';

export interface ProposalOptions extends DeploymentOptions {
  /** Where the complete proposed config is written. */
  readonly output?: string;
}

export interface ProposedConfig {
  readonly text: string;
  /** What has to be completed before it can be put, each with its line. */
  readonly issues: readonly string[];
}

export function proposedConfig({ text }: ConfigBase, changes: ConfigChanges): ProposedConfig {
  const patched = patchConfig(text, changes);
  return { text: patched, issues: issuesOf(patched) };
}

function issuesOf(text: string): readonly string[] {
  try {
    withLines(text, 'The proposed config', [], () => parseTenantConfig(parse(text), customQueryIssue));
    return [];
  } catch (error) {
    if (error instanceof InvalidInputError) return error.issues;
    throw error;
  }
}

/** Issues that are listed; the file shows the others. */
const ISSUES_LISTED = 10;

/** Prints the patch. The summary, which the caller has, comes behind it, and then the steps. */
export function printPatch(base: ConfigBase, proposed: ProposedConfig, terminal: Terminal): void {
  const patch = renderPatch(base, { name: 'proposed', text: proposed.text }, terminal.paint);
  if (patch !== undefined) terminal.print(`${patch}\n`);
}

/** Writes the config where an output is named, and prints what comes next. */
export async function finishProposal(
  base: ConfigBase,
  proposed: ProposedConfig,
  options: ProposalOptions,
  terminal: Terminal,
): Promise<void> {
  const { output } = options;
  if (output !== undefined) await writeOutput(output, proposed.text);
  const [issues, more] = [proposed.issues.slice(0, ISSUES_LISTED), proposed.issues.length - ISSUES_LISTED];
  const put = `  ${PLIMSOLL} tenants put ${output ?? 'FILE'}${versionArgument(base)}${deploymentArguments(options)}`;
  const stored = output === undefined ? 'Nothing was stored. ' : `Written to ${output}, and nothing was stored. `;
  const how = output === undefined ? 'Write the config with --output FILE, and put it' : 'To put it';
  const lines = [
    ...(issues.length === 0 ? [] : [`${terminal.paint('warn', 'To be completed before it can be put:')}`]),
    ...issues.map((issue) => wrap(`  ${harmless(issue)}`, textWidth(terminal), '    ')),
    ...(more > 0 ? [`  and ${more} more like these`] : []),
    wrap(`${stored}${how}:`, textWidth(terminal)),
    put,
    // What is stored is not known here.
    ...(base.version === undefined ? ['Add --dry-run to see first what it would change in what is stored.'] : []),
  ];
  terminal.print(lines.join('\n'));
}

/** Whoever puts a proposal replaces the version that it was made for, and no later one. */
function versionArgument({ version }: ConfigBase): string {
  return version === undefined ? '' : ` --expect-version ${version}`;
}

async function writeOutput(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`The file ${file} cannot be written: ${why}.`, { cause: error });
  }
}
