/** Hosts as every list names them. */
import type { HostView } from '../../api/contract/places.ts';
import { plain, Text } from './text.tsx';

export const PROVIDER_NAMES: Readonly<Record<HostView['provider'], string>> = {
  aws: 'AWS',
  gcp: 'Google Cloud',
  azure: 'Azure',
  local: 'This machine',
  prometheus: 'Prometheus',
  otlp: 'OpenTelemetry',
};

/** The name of a host, and its id where it has none. */
export function hostName({ name, id }: Pick<HostView, 'name' | 'id'>): string {
  return name ?? id;
}

interface HostNameProps {
  readonly host: HostView;
  /** The page that the name opens; absent: it is no link. */
  readonly href?: string;
  readonly tabIndex?: 0 | -1;
}

/** Of a machine nothing is shown: most hosts are machines. */
const KIND_NAMES: Readonly<Record<NonNullable<HostView['kind']>, string>> = { container: 'container', task: 'task' };

/** The name, what kind of host it is, and in the tooltip what identifies it. */
export function HostName({ host, href, tabIndex }: HostNameProps) {
  const kind = host.kind === null ? [] : [KIND_NAMES[host.kind]];
  const parts = [host.id, ...kind, PROVIDER_NAMES[host.provider], host.account, host.region ?? ''];
  const title = plain(parts.join(' · '), 600);
  const text = (
    <>
      <Text value={hostName(host)} length={120} />
      {kind.length > 0 && <span class="muted"> {kind}</span>}
    </>
  );
  if (href === undefined) return <span title={title}>{text}</span>;
  return (
    <a href={href} title={title} class="host-name" {...(tabIndex === undefined ? {} : { tabIndex })}>
      {text}
    </a>
  );
}
