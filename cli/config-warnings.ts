/** Prints what is valid in a config and yet looks like a mistake. */
import type { Account, TenantConfig } from '../core/model/tenant.ts';
import { warningsAbout } from '../core/tenants/config-warnings.ts';
import type { CommandContext } from './context.ts';
import { harmless, wrap } from './render/text.ts';
import { textWidth } from './terminal.ts';

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
