/** What is valid in a config and yet looks like a mistake: a warning, never a refusal. */
import { partitionOfArn, partitionOfRegion } from '../core/model/aws-partition.ts';
import { ADAPTIVE_HOURS } from '../core/model/cadence.ts';
import type { GcpIdentity } from '../core/model/gcp-account.ts';
import { issueText } from '../core/model/issues.ts';
import type { Account, TenantConfig } from '../core/model/tenant.ts';
import { alertWarnings } from '../core/tenants/alert-warnings.ts';
import { nextFirings } from '../core/tenants/schedule.ts';
import type { CommandContext } from './context.ts';
import { regionWarning } from './known-regions.ts';
import { harmless, wrap } from './render/text.ts';
import { textWidth } from './terminal.ts';

/**
 * One sentence for each, which begins with the field.
 *
 * @param now Epoch milliseconds.
 * @param ownRegion Where Plimsoll runs, as far as that is known.
 */
function warningsAbout(config: TenantConfig, now: number, ownRegion?: string): string[] {
  return [...accountWarnings(config, now, ownRegion), ...alertWarnings(config, now).map(issueText)];
}

interface WarnOptions {
  /** Whether the command is about several tenants, so that each warning names its own. */
  readonly namesTenant?: boolean;
  /** The one account that the command is about: nothing is said of the others. */
  readonly account?: Account;
}

/** Prints them beside the command's output. */
export function warnAbout(
  config: TenantConfig,
  { environment, terminal, now }: WarningContext,
  { namesTenant = false, account }: WarnOptions = {},
): void {
  const own = account && `accounts[${config.accounts.indexOf(account)}]`;
  const isMeant = (warning: string) => own === undefined || !warning.startsWith('accounts[') || warning.startsWith(own);
  for (const warning of warningsAbout(config, now, environment.ownRegion()).filter(isMeant)) {
    const text = `warning: ${namesTenant ? `tenant ${config.tenant}: ` : ''}${harmless(warning)}`;
    terminal.note(wrap(text, textWidth(terminal), '  '));
  }
}

type WarningContext = Pick<CommandContext, 'environment' | 'terminal' | 'now'>;

function accountWarnings({ accounts, cadence }: TenantConfig, now: number, ownRegion: string | undefined): string[] {
  return accounts.flatMap((account, index) => [
    ...((account.cadence ?? cadence) === 'adaptive' && isSeldom(account.schedule, now) ? [seldomWarning(index)] : []),
    ...account.regions.flatMap((region, at) => {
      const warning = regionWarning(account.provider, region);
      return warning === undefined ? [] : [`accounts[${index}].regions[${at}]: ${warning}`];
    }),
    ...(account.provider === 'gcp' ? identityWarnings(account.account, account.identity, index) : []),
    ...(account.provider === 'aws' ? partitionWarnings(account.role, index, ownRegion) : []),
  ]);
}

const SLOTS_COMPARED = 30;

/** Whether no two slots are less than four hours apart: then an adaptive cadence inspects every host at every slot. */
function isSeldom(schedule: Account['schedule'], now: number): boolean {
  const slots = nextFirings(schedule, now, SLOTS_COMPARED);
  return slots.every((slot, index) => index === 0 || slot - (slots[index - 1] ?? 0) >= ADAPTIVE_HOURS * HOUR_MS);
}

const HOUR_MS = 3_600_000;

function seldomWarning(index: number): string {
  return (
    `accounts[${index}].schedule: it is due every ${ADAPTIVE_HOURS} hours or less often, so \`cadence: adaptive\` saves nothing: every host is ` +
    'inspected each time.'
  );
}

/** The partition in which most deployments are. */
const PUBLIC_PARTITION = 'aws';

function partitionWarnings(role: string, index: number, ownRegion: string | undefined): string[] {
  const own = ownRegion === undefined ? PUBLIC_PARTITION : partitionOfRegion(ownRegion);
  const partition = partitionOfArn(role);
  if (own === undefined || own === partition) return [];
  const here = ownRegion === undefined ? '' : `, and ${ownRegion} (AWS_REGION) is of ${own}`;
  return [
    `accounts[${index}].role: it is of the partition ${partition}${here}. Only a Plimsoll that is deployed in ${partition} can ` +
      'assume it.',
  ];
}

/** A service account of another project may read this one: it is a way to have one for many projects. */
function identityWarnings(project: string, { serviceAccount }: GcpIdentity, index: number): string[] {
  const home = /@(.+)\.iam\.gserviceaccount\.com$/.exec(serviceAccount)?.[1];
  if (home === undefined || home === project) return [];
  return [
    `accounts[${index}].identity.serviceAccount: it is of project ${home}, which is right where it has been granted ` +
      `monitoring.timeSeries.list on ${project} too.`,
  ];
}
