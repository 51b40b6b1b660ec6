/** A Prometheus server that the options name: where it is, and what authorises requests. No secret stands in an argument. */
import { readFile } from 'node:fs/promises';
import { isPrivateAddress } from '../../adapters/https/addresses.ts';
import type { SourceChoice } from '../../adapters/open-source.ts';
import type { OwnAuthorisation } from '../../adapters/promql/own-connection.ts';
import { parseInput } from '../../core/model/issues.ts';
import {
  clusterLabelsSchema,
  hostIssue,
  labelNameSchema,
  orgIdSchema,
  type PrometheusAuth,
  prometheusNameSchema,
} from '../../core/model/prometheus-account.ts';
import { NO_REGION } from '../../core/model/series.ts';
import type { CommandContext } from '../context.ts';
import { UsageError } from '../usage-error.ts';

export const AUTH_TYPES = [
  'none',
  'basic',
  'bearer',
  'sigv4',
  'entra',
  'google',
] as const satisfies readonly PrometheusAuth['type'][];

/** As commander fills it in. */
export interface PrometheusOptions {
  /** Where the API is, without /api/v1. */
  readonly url?: string;
  readonly auth?: (typeof AUTH_TYPES)[number];
  /** The variable, or the file, that holds `user:password` or a token. */
  readonly secretFromEnv?: string;
  readonly secretFile?: string;
  /** A file of certificates in PEM form. */
  readonly caFile?: string;
  readonly orgId?: string;
  /** With commas between them. */
  readonly clusterLabels?: string;
  readonly groupLabel?: string;
}

/** Bytes of a file that holds a secret or certificates. */
const MAX_FILE_BYTES = 64 * 1024;

/** Throws `UsageError`. @param account The option; absent, the server goes by its host. */
export async function prometheusChoice(
  options: PrometheusOptions,
  account: string | undefined,
  containers: boolean,
  context: Pick<CommandContext, 'environment'>,
): Promise<Extract<SourceChoice, { kind: 'prometheus' }>> {
  const url = addressOf(options.url ?? context.environment.prometheusUrl());
  const { orgId, groupLabel, caFile } = options;
  const clusterLabels = options.clusterLabels?.split(',').map((label) => label.trim());
  if (orgId !== undefined) checkForm('--org-id', orgIdSchema, orgId);
  if (clusterLabels !== undefined) checkForm('--cluster-labels', clusterLabelsSchema, clusterLabels);
  if (groupLabel !== undefined) checkForm('--group-label', labelNameSchema, groupLabel);
  const name = account ?? nameOf(url);
  checkForm('--account', prometheusNameSchema, name);
  return {
    kind: 'prometheus',
    account: name,
    region: NO_REGION,
    containers,
    clusterLabels,
    ...(groupLabel !== undefined && { groupLabel }),
    server: {
      url,
      auth: await authorisationOf(url, options, context),
      ...(orgId !== undefined && { orgId }),
      ...(caFile !== undefined && { ca: await textOf(caFile, '--ca-file') }),
    },
  };
}

function addressOf(text: string | undefined): URL {
  if (text === undefined)
    throw new UsageError('--provider prometheus needs --url URL too, for example --url http://localhost:9090.');
  const url = URL.parse(text.includes('://') ? text : `http://${text}`);
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new UsageError(
      `--url ${withoutUser(text)}: it must be the address of a server, for example http://localhost:9090.`,
    );
  if (url.username !== '' || url.password !== '')
    throw new UsageError('--url must not hold a user name or password: use --auth basic with --secret-file FILE.');
  // What people copy is often the address of the API, or of the page in the browser.
  const path = url.pathname.replace(/\/(?:api\/v1(?:\/.*)?|graph|query)?$/, '');
  return new URL(`${url.origin}${path}`);
}

/** A mistake is printed, and what stands before an @ may be a password. */
function withoutUser(text: string): string {
  return text.replace(/^([a-z]*:\/\/)?.*@/is, '$1…@');
}

/**
 * Over http everybody on the way reads a secret. To this machine there is no way, and a private network is of those who keep the server:
 * many there have no certificate. A name is not resolved: it may lead elsewhere by the time that the secret is sent.
 */
function checkIsPrivate(url: URL): void {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (url.protocol === 'https:' || isOwnName(host) || isPrivateAddress(host)) return;
  throw new UsageError(
    `--url ${url.href}: a secret is not sent over http, except to localhost or a private address. Use https, or reach the server through a ` +
      'tunnel to localhost.',
  );
}

function isOwnName(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost');
}

/** `prometheus.example.com` becomes `prometheus-example-com`. */
function nameOf({ host }: URL): string {
  const name = host
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 63);
  return name.replaceAll(/^-+|-+$/g, '') || 'prometheus';
}

async function authorisationOf(
  url: URL,
  { auth, secretFromEnv, secretFile }: PrometheusOptions,
  { environment }: Pick<CommandContext, 'environment'>,
): Promise<OwnAuthorisation> {
  const hasSecret = secretFromEnv !== undefined || secretFile !== undefined;
  const type = auth ?? (hasSecret ? undefined : 'none');
  if (type === undefined)
    throw new UsageError('What the secret is for has to be stated: --auth basic or --auth bearer.');
  const issue = hostIssue(type, url.href);
  if (issue !== undefined) throw new UsageError(`--url ${url.href}: it ${issue}.`);
  if (type !== 'basic' && type !== 'bearer') {
    if (hasSecret)
      throw new UsageError(`--auth ${type} takes no secret: leave out --secret-from-env and --secret-file.`);
    return { type };
  }
  checkIsPrivate(url);
  if (secretFromEnv !== undefined && secretFile !== undefined)
    throw new UsageError('Name the secret once: with --secret-from-env or with --secret-file.');
  if (secretFromEnv !== undefined) return { type, secret: environment.named(secretFromEnv) };
  if (secretFile !== undefined) return { type, secret: (await textOf(secretFile, '--secret-file')).trim() };
  const what = type === 'basic' ? 'user:password' : 'the token';
  throw new UsageError(`--auth ${type} needs --secret-from-env NAME or --secret-file FILE: what holds ${what}.`);
}

async function textOf(file: string, option: string): Promise<string> {
  try {
    const bytes = await readFile(file);
    if (bytes.length <= MAX_FILE_BYTES) return bytes.toString('utf8');
  } catch (error) {
    throw new UsageError(`${option} ${file}: it cannot be read: ${error instanceof Error ? error.message : error}`);
  }
  throw new UsageError(`${option} ${file}: it is larger than ${MAX_FILE_BYTES / 1024} KB, which no secret is.`);
}

function checkForm(option: string, schema: Parameters<typeof parseInput>[0], value: string | readonly string[]): void {
  const parsed = parseInput(schema, value);
  if (!parsed.success) throw new UsageError(`${option} ${value}: it ${parsed.error.issues[0]?.message}.`);
}
