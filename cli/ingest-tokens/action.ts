/** `plimsoll ingest-tokens`: creates, lists and revokes tokens with which hosts send samples. Changes are in the tenant's audit log, as by the API. */
import { ingestTokenSubject } from '../../api/audit-subjects.ts';
import { createIngestToken, MOST_TOKENS, revokeIngestToken } from '../../core/ingest/manage-tokens.ts';
import { sendingAccountOf } from '../../core/ingest/sending-account.ts';
import { formatMinute } from '../../core/messages/times.ts';
import type { IngestToken } from '../../core/model/ingest-token.ts';
import { isoText } from '../../core/model/notation.ts';
import { callerName, UNKNOWN_CALLER } from '../caller-name.ts';
import type { CommandContext } from '../context.ts';
import { deletionText } from '../deletion.ts';
import { type DeploymentOptions, deploymentArguments } from '../deployment.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { logged } from '../logged-change.ts';
import { PLIMSOLL } from '../program.ts';
import { type Column, renderTable } from '../render/table.ts';
import { harmless } from '../render/text.ts';
import { callerArn, openConfigStore, openIngestTokenStore } from '../stores.ts';
import { tableOptions } from '../terminal.ts';
import { noTenant, UsageError } from '../usage-error.ts';

export interface IngestTokensOptions extends DeploymentOptions {
  readonly tenant: string;
  readonly json?: boolean;
}

export interface CreateOptions extends IngestTokensOptions {
  readonly account: string;
  readonly name: string;
}

export async function listTokens(
  { tenant, json }: IngestTokensOptions,
  { environment, terminal }: CommandContext,
): Promise<ExitCode> {
  const tokens = await openIngestTokenStore(environment).list(tenant);
  if (json) for (const token of tokens) terminal.printJson(JSON.stringify(jsonOf(token)));
  else if (tokens.length > 0) terminal.print(renderTable(tokens, COLUMNS, tableOptions(terminal)));
  else terminal.print(`tenant ${tenant} has no ingest tokens: no host can send samples for it`);
  return EXIT.clean;
}

/** Prints the token, once. Throws `UsageError` where there is no such tenant or account, or the tenant has too many tokens. */
export async function createToken(options: CreateOptions, context: CommandContext): Promise<ExitCode> {
  const { environment, terminal, now } = context;
  const { tenant, account, name, json } = options;
  await requireAccount(options, context);
  const createdBy = (await callerArn(context)) ?? UNKNOWN_CALLER;
  const subject = ingestTokenSubject({ account, name });
  const made = await logged({ tenant, by: createdBy, action: 'createIngestToken', subject }, context, () =>
    createIngestToken({ tenant, account, name, createdBy, createdAt: now }, openIngestTokenStore(environment)),
  );
  if (made === undefined)
    throw new UsageError(
      `Tenant ${tenant} has ${MOST_TOKENS} valid ingest tokens. Revoke those that nobody uses: ${PLIMSOLL} ingest-tokens list --tenant ${tenant}${deploymentArguments(options)}`,
    );
  if (json) terminal.printJson(JSON.stringify({ ...jsonOf(made.token), token: made.text }));
  else terminal.print(made.text);
  terminal.note(
    `created: ${made.token.id} sends for account ${account}. The token is not shown again: keep it where the collector reads it.`,
  );
  return EXIT.clean;
}

/** Throws `UsageError` where the tenant has no such token. */
export async function revokeToken(
  id: string,
  options: IngestTokensOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const { environment, terminal, now } = context;
  const { tenant } = options;
  const store = openIngestTokenStore(environment);
  const token = await store.get(tenant, id);
  if (token === undefined)
    throw new UsageError(
      `Tenant ${tenant} has no ingest token ${harmless(id)}. To see those that it has: ${PLIMSOLL} ingest-tokens list --tenant ${tenant}${deploymentArguments(options)}`,
    );
  const by = (await callerArn(context)) ?? UNKNOWN_CALLER;
  const subject = ingestTokenSubject(token);
  await logged({ tenant, by, action: 'revokeIngestToken', subject }, context, () =>
    revokeIngestToken(token, store, now),
  );
  terminal.print(
    `revoked: ${id} (${harmless(token.name)}) sends nothing for account ${token.account} any more, within a minute`,
  );
  return EXIT.clean;
}

/** A token of an account that there is not would be refused with every request. */
async function requireAccount(options: CreateOptions, { environment }: CommandContext): Promise<void> {
  const { tenant, account } = options;
  const stored = await openConfigStore(environment).get(tenant);
  if (stored === undefined) throw noTenant(tenant, deploymentArguments(options));
  const deletion = deletionText(stored, deploymentArguments(options));
  if (deletion !== undefined) throw new UsageError(deletion);
  if (sendingAccountOf(stored.config.accounts, account) !== undefined) return;
  throw new UsageError(
    `The config of tenant ${tenant} has no account ${harmless(account)} of provider otlp. Add {"provider": "otlp", "account": "${harmless(account)}"} to its accounts: ${PLIMSOLL} tenants put.`,
  );
}

const COLUMNS: readonly Column<IngestToken>[] = [
  { title: 'id', text: ({ id }) => id },
  { title: 'account', text: ({ account }) => harmless(account), leastWidth: 12, overflow: 'below' },
  { title: 'name', text: ({ name }) => harmless(name), leastWidth: 12, overflow: 'wrap' },
  { title: 'since (UTC)', text: ({ createdAt }) => formatMinute(createdAt), expendable: 2 },
  { title: 'revoked (UTC)', text: ({ revokedAt }) => (revokedAt === undefined ? '' : formatMinute(revokedAt)) },
  { title: 'by', text: ({ createdBy }) => callerName(createdBy, 40), expendable: 1 },
];

/** Without its hash, of which nobody has any use. */
function jsonOf({ sha256: _, createdAt, revokedAt, ...token }: IngestToken): object {
  return { ...token, createdAt: isoText(createdAt), revokedAt: revokedAt === undefined ? null : isoText(revokedAt) };
}
