/** Configs as answers show them: who may not store one does not see what is secret in it. */
import { stringify } from 'yaml';
import type { Role } from '../../core/model/audit.ts';
import { isoText } from '../../core/model/notation.ts';
import type { Receiver } from '../../core/model/receiver.ts';
import type { StoredTenant, TenantConfig } from '../../core/model/tenant.ts';
import type { ConfigView } from '../contract/config.ts';

/** @param role Of the caller. */
export function configView({ config, version, putAt, putBy }: StoredTenant, role: Role): ConfigView {
  const shown = shownTo(role, config);
  const document: ConfigView['config'] = JSON.parse(JSON.stringify(shown));
  return { version, putAt: isoText(putAt), putBy: putBy ?? null, config: document, yaml: stringify(shown) };
}

/** Without the paths of receivers' addresses, which are often the secret itself, for all but admins. */
export function shownTo(role: Role, config: TenantConfig): TenantConfig {
  return role === 'admin'
    ? config
    : { ...withoutPaths(config), accounts: config.accounts.map((account) => withoutPaths(account)) };
}

function withoutPaths<Level extends Pick<TenantConfig, 'alerts'>>(level: Level): Level {
  const receivers = level.alerts?.receivers?.map(withoutPath);
  return receivers === undefined ? level : { ...level, alerts: { ...level.alerts, receivers } };
}

function withoutPath(receiver: Receiver): Receiver {
  return 'url' in receiver ? { ...receiver, url: `${new URL(receiver.url).origin}/…` } : receiver;
}
