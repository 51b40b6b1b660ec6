/** What to do, where to look further, and the commands that do the same as the page. */
import type { IncidentView } from '../../../api/contract/incidents.ts';
import { CopyButton } from '../../components/copy.tsx';
import { Panel } from '../../components/panel.tsx';
import { Text } from '../../components/text.tsx';
import { session } from '../../data/session.ts';

export function Steps({ incident: { steps } }: { incident: IncidentView }) {
  if (steps.length === 0) return null;
  return (
    <Panel title="What to do">
      <ol class="steps">
        {steps.map((step) => (
          <li key={step}>
            <Text value={step} length={1000} />
          </li>
        ))}
      </ol>
    </Panel>
  );
}

const KINDS: Readonly<Record<IncidentView['links'][number]['kind'], string>> = {
  cloud: 'in its cloud’s console',
  template: 'by a template of the config',
  runbook: 'runbook',
};

export function Links({ incident: { links } }: { incident: IncidentView }) {
  const safe = links.filter(({ url }) => isWebAddress(url));
  if (safe.length === 0) return null;
  return (
    <Panel title="Look further">
      <ul class="links">
        {safe.map(({ kind, title, url }) => (
          <li key={`${kind} ${title} ${url}`}>
            <a href={url} target="_blank" rel="noopener noreferrer">
              <Text value={title} length={120} />
              <span class="visually-hidden"> (opens a new tab)</span>
            </a>
            <span class="muted">{KINDS[kind]}</span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

/** An address of a script would run in the page. */
function isWebAddress(url: string): boolean {
  return URL.canParse(url) && ['https:', 'http:'].includes(new URL(url).protocol);
}

export function Commands({ incident: { commands } }: { incident: IncidentView }) {
  if (commands.length === 0) return null;
  const state = session.value;
  const isSimulated = state.state === 'signed_in' && state.signIn.simulated !== null;
  return (
    <Panel title="At a prompt">
      {isSimulated && (
        <p class="panel-body muted">
          No command reaches this simulated fleet: so they read where NAME is the stage of your own deployment.
        </p>
      )}
      <ul class="commands">
        {commands.map(({ title, command }) => (
          <li key={`${title} ${command}`}>
            <span class="muted">
              <Text value={title} length={200} />
            </span>
            <span class="command">
              <code>{command}</code>
              <CopyButton value={command} what="the command" />
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
