/** What nobody watches, and what changes it. */
import './lists.css';
import './coverage.css';
import type { CoverageView } from '../../api/contract/tenants.ts';
import { counted } from '../../core/messages/units.ts';
import { CopyButton } from '../components/copy.tsx';
import { HostName, PROVIDER_NAMES } from '../components/host.tsx';
import { Page, Panel } from '../components/panel.tsx';
import { AsOf, Empty, Remote } from '../components/states.tsx';
import { useTenant } from '../components/tenant.ts';
import { Hint, plain, Text } from '../components/text.tsx';
import { useAnswer } from '../data/use-answer.ts';
import { hostPath, pagePath } from '../paths.ts';

type Gap = CoverageView['gaps'][number];

export default function Coverage() {
  const { tenant } = useTenant();
  const answer = useAnswer('/tenants/{tenant}/coverage', { tenant });
  return (
    <Page title="Coverage" lead={<AsOf answer={answer} at={answer.value?.asOf} />}>
      <Remote answer={answer} rows={10}>
        {(coverage) => <Gaps coverage={coverage} />}
      </Remote>
    </Page>
  );
}

function Gaps({ coverage: { hosts, gaps, missing } }: { coverage: CoverageView }) {
  const isAll = gaps.length === 0 && missing.length === 0;
  return (
    <>
      <Share hosts={hosts} gaps={gaps} />
      {missing.map(({ provider, account, region, message }) => (
        <p class="gap" key={`${provider} ${account} ${region}`}>
          <span aria-hidden="true">✕ </span>
          {PROVIDER_NAMES[provider]} <Text value={`${account} ${region}: ${message}`} length={400} />
        </p>
      ))}
      {isAll && hosts.known > 0 && <Empty title="Every host is inspected">Nothing is left out.</Empty>}
      {isAll && hosts.known === 0 && (
        <Empty title="No host is known yet">The first inspection lists the hosts of each account.</Empty>
      )}
      {gaps.map((gap) => (
        <GapPanel key={[gap.provider, gap.account, gap.region, gap.reason].join(' ')} gap={gap} />
      ))}
    </>
  );
}

/** How much of the fleet is inspected. */
function Share({ hosts, gaps }: Pick<CoverageView, 'hosts' | 'gaps'>) {
  const { known, inspected, notMonitored, unreadable } = hosts;
  if (known === 0) return null;
  const share = Math.floor((100 * inspected) / known);
  // Hosts of gaps beside those that could not be inspected: too new, or with too few samples.
  const listed = gaps.reduce((sum, gap) => sum + gap.hosts, 0);
  const withoutVerdict = Math.max(0, listed - notMonitored - unreadable);
  return (
    <div class="share">
      <p>
        <strong>{share} %</strong> of the fleet is inspected: {inspected.toLocaleString('en')} of{' '}
        {counted(known, 'host')}
        {withoutVerdict > 0 && `, ${withoutVerdict} of them with too few samples for a verdict`}.
      </p>
      <meter min={0} max={known} value={inspected} aria-label="Hosts that are inspected" />
    </div>
  );
}

function GapPanel({ gap }: { gap: Gap }) {
  const { tenant } = useTenant();
  const location = [PROVIDER_NAMES[gap.provider], gap.account, gap.region ?? ''].join(' · ');
  const list = pagePath(tenant, 'hosts', { account: gap.account, region: gap.region ?? undefined, reason: gap.reason });
  return (
    <Panel
      title={`${counted(gap.hosts, 'host')}: ${plain(gap.reason.replaceAll('_', ' '))}`}
      actions={<a href={list}>Show them</a>}
    >
      <div class="panel-body gap-body">
        <p class="muted">
          <Text value={location} length={300} />
        </p>
        <p>
          <Hint value={gap.message} length={600} />
        </p>
        <ul class="inline">
          {gap.examples.map((host) => (
            <li key={host.ref}>
              <HostName host={host} href={hostPath(tenant, host.ref)} />
            </li>
          ))}
          {gap.hosts > gap.examples.length && <li class="muted">and {gap.hosts - gap.examples.length} more</li>}
        </ul>
        {gap.snippet !== null && <Snippet snippet={gap.snippet} />}
      </div>
    </Panel>
  );
}

function Snippet({ snippet }: { snippet: NonNullable<Gap['snippet']> }) {
  return (
    <figure class="snippet">
      <figcaption>
        <span>What changes it ({snippet.language})</span>
        <CopyButton value={snippet.text} what="the snippet" label="Copy" />
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard. */}
      <pre tabIndex={0}>
        <code>{snippet.text}</code>
      </pre>
    </figure>
  );
}
