/** What the API makes of the edited config: what is wrong, what looks like a mistake, what changes and what it costs. */

import type { PreviewView } from '../../../api/contract/config.ts';
import { formatUsd } from '../../../core/messages/units.ts';
import { Badge } from '../../components/badge.tsx';
import { Panel } from '../../components/panel.tsx';
import { Failure } from '../../components/states.tsx';
import { Text } from '../../components/text.tsx';
import type { TextIssue } from '../../config/document.ts';
import { useEditor } from './use-editor.ts';

export function CheckPanel({ goTo }: { goTo: (line: number) => void }) {
  const { preview, issues, read, isChanged } = useEditor();
  const { value, error, isChecking } = preview;
  const isValid = issues.length === 0 && value !== undefined && read.value !== undefined;
  return (
    <Panel
      title="Check"
      class="check-panel"
      actions={<CheckState isChecking={isChecking} isValid={isValid} issues={issues.length} />}
    >
      <div
        class="panel-body panel-parts"
        aria-busy={value === undefined && error === undefined && read.value !== undefined}
      >
        {error !== undefined && read.value !== undefined && !isChecking && <Failure error={error} />}
        {issues.length > 0 && <Issues issues={issues} goTo={goTo} />}
        {isValid && <Warnings warnings={value.warnings} />}
        {isValid && isChanged && <Changes changes={value.changes} />}
        {isValid && <Cost preview={value} isChanged={isChanged} />}
      </div>
    </Panel>
  );
}

function CheckState({ isChecking, isValid, issues }: { isChecking: boolean; isValid: boolean; issues: number }) {
  return (
    <span role="status">
      {isChecking ? (
        <Badge>checking…</Badge>
      ) : issues > 0 ? (
        <Badge tone="bad">{`${issues} to be mended`}</Badge>
      ) : isValid ? (
        <Badge tone="good">valid</Badge>
      ) : (
        <Badge tone="warning">not checked</Badge>
      )}
    </span>
  );
}

function Issues({ issues, goTo }: { issues: readonly TextIssue[]; goTo: (line: number) => void }) {
  return (
    <ul class="check-list">
      {issues.map(({ line, path, message }) => (
        <li key={`${line} ${path} ${message}`} class="check-issue">
          {line !== null && (
            <button type="button" class="button-plain" onClick={() => goTo(line)}>
              line {line}
            </button>
          )}
          <span>
            {path !== '' && (
              <>
                <code>
                  <Text value={path} length={120} />
                </code>{' '}
              </>
            )}
            <Text value={message} length={500} />
          </span>
        </li>
      ))}
    </ul>
  );
}

function Warnings({ warnings }: { warnings: readonly string[] }) {
  if (warnings.length === 0) return null;
  return (
    <div>
      <h3>Looks like a mistake</h3>
      <ul class="check-list">
        {warnings.map((warning) => (
          <li key={warning} class="check-warning">
            <span aria-hidden="true">▲</span>
            <Text value={warning} length={600} />
          </li>
        ))}
      </ul>
    </div>
  );
}

export function Changes({ changes }: { changes: readonly string[] }) {
  return (
    <div>
      <h3>What changes</h3>
      {changes.length === 0 ? (
        <p class="muted">Nothing that an inspection would notice.</p>
      ) : (
        <ul class="check-list">
          {changes.map((change) => (
            <li key={change}>
              <Text value={change} length={400} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

interface CostProps {
  readonly preview: Pick<PreviewView, 'costBefore' | 'costAfter'>;
  readonly isChanged: boolean;
}

export function Cost({ preview: { costBefore, costAfter }, isChanged }: CostProps) {
  const price = (usd: number | null) => (usd === null ? 'not known' : formatUsd(usd));
  return (
    <dl class="cost">
      <dt>Reads of a month, at list prices</dt>
      <dd>
        {isChanged && costBefore !== costAfter && (
          <>
            <span class="muted">
              <span class="visually-hidden">before </span>
              {price(costBefore)} →<span class="visually-hidden"> after </span>
            </span>{' '}
          </>
        )}
        <strong>{price(costAfter)}</strong>
      </dd>
    </dl>
  );
}
