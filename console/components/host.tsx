/** Hosts as every list names them. */
import type { HostView } from '../../api/contract/places.ts';
import { plain, Text } from './text.tsx';

export const PROVIDER_NAMES: Readonly<Record<HostView['provider'], string>> = {
  aws: 'AWS',
  gcp: 'Google Cloud',
  azure: 'Azure',
  local: 'This machine',
  prometheus: 'Prometheus',
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

/** The name, and in the tooltip what identifies the host. */
export function HostName({ host, href, tabIndex }: HostNameProps) {
  const title = plain([host.id, PROVIDER_NAMES[host.provider], host.account, host.region ?? ''].join(' · '), 600);
  const text = <Text value={hostName(host)} length={120} />;
  if (href === undefined) return <span title={title}>{text}</span>;
  return (
    <a href={href} title={title} class="host-name" {...(tabIndex === undefined ? {} : { tabIndex })}>
      {text}
    </a>
  );
}
