/** What the last days would have been: by the stored alerts, or by others that are tried here before they are stored. */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import type { PolicyTestView } from '../../../api/contract/config.ts';
import { CodeEditor } from '../../components/code-editor.tsx';
import { Field, SelectField } from '../../components/field.tsx';
import { Panel } from '../../components/panel.tsx';
import { Empty, Failure, Loading, Remote } from '../../components/states.tsx';
import { useMay, useTenant } from '../../components/tenant.ts';
import { located, readSection, readText, sectionText, type TextIssue, withSection } from '../../config/document.ts';
import { draftOf, type StoredConfig, setDraft } from '../../config/drafts.ts';
import { type ApiError, asApiError } from '../../data/api-error.ts';
import { useSource } from '../../data/use-answer.ts';
import { pagePath } from '../../paths.ts';
import { useStoredConfig } from '../config/use-editor.ts';
import { usePreview } from '../config/use-preview.ts';
import { TestResult } from './test-result.tsx';

export function PolicyTest() {
  const stored = useStoredConfig();
  return (
    <Panel title="What the last days would have been">
      <div class="panel-body panel-parts">
        <p class="muted">
          The changes of the log are decided again. Nothing is sent or stored. Try other alerts here, and put them into
          the config when they do what you want.
        </p>
        <Remote answer={stored} rows={3}>
          {(config) => <TestForm stored={config} />}
        </Remote>
      </div>
    </Panel>
  );
}

const DAYS = [1, 3, 7, 14, 31] as const;

interface Outcome {
  readonly result?: PolicyTestView;
  readonly error?: ApiError;
  readonly isRunning: boolean;
}

const NO_OUTCOME: Outcome = { isRunning: false };

function TestForm({ stored }: { stored: StoredConfig }) {
  const { tenant } = useTenant();
  const source = useSource();
  const { text, edited, setEdited, alerts, issue, isTried } = useAlerts(stored);
  const [days, setDays] = useState<number>(7);
  const [outcome, setOutcome] = useState<Outcome>(NO_OUTCOME);
  // A result is of the text and the days that it was made of.
  useEffect(() => setOutcome(NO_OUTCOME), [text, days]);
  const test = async () => {
    setOutcome({ isRunning: true });
    try {
      const body = { days, ...(isTried && alerts !== undefined && { alerts }) };
      const result = await source.send('post', '/tenants/{tenant}/alerts/test', { tenant }, { body });
      setOutcome({ isRunning: false, result });
    } catch (error) {
      setOutcome({ isRunning: false, error: asApiError(error) });
    }
  };
  return (
    <form
      class="policy-test"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (issue === undefined) void test();
      }}
    >
      <AlertsEditor text={text} issue={issue} onInput={setEdited} />
      <div class="inline policy-test-actions">
        <SelectField
          label="Of the last"
          value={String(days)}
          options={DAYS.map((count) => [String(count), count === 1 ? 'day' : `${count} days`])}
          onChange={(chosen) => setDays(Number(chosen))}
        />
        <button type="submit" class="button button-main" disabled={outcome.isRunning || issue !== undefined}>
          {isTried ? 'Try these alerts' : 'Try the stored alerts'}
        </button>
        {edited !== undefined && (
          <>
            <button type="button" class="button" onClick={() => setEdited(undefined)}>
              Discard<span class="visually-hidden"> these alerts</span>
            </button>
            <TakeOver stored={stored} section={text} disabled={issue !== undefined} />
          </>
        )}
      </div>
      <Result outcome={outcome} />
    </form>
  );
}

/** The alerts as they are edited, checked while somebody types: as YAML here, and by the API as a part of the config. */
function useAlerts(stored: StoredConfig) {
  const { tenant } = useTenant();
  const draft = draftOf(tenant);
  const config = draft?.text ?? stored.view.yaml;
  const [edited, setEdited] = useState<string>();
  const began = useMemo(() => sectionText(config, 'alerts'), [config]);
  const text = edited ?? began;
  const { value: alerts, issue: slip } = useMemo(() => readSection(text), [text]);
  const isChecked = edited !== undefined && slip === undefined && readText(config).value !== undefined;
  const checked = useMemo(() => (isChecked ? withSection(config, 'alerts', text) : ''), [isChecked, config, text]);
  const { value: preview, isChecking } = usePreview(checked, isChecked);
  const wrong = isChecked && !isChecking ? preview?.issues.find(({ path }) => path.startsWith(ALERTS)) : undefined;
  const issue =
    slip ?? (wrong && located(text, { ...wrong, path: wrong.path.slice(ALERTS.length).replace(/^\./, '') }));
  return { text, edited, setEdited, alerts, issue, isTried: edited !== undefined || draft !== undefined };
}

const ALERTS = 'alerts';

interface AlertsEditorProps {
  readonly text: string;
  readonly issue: TextIssue | undefined;
  readonly onInput: (text: string) => void;
}

function AlertsEditor({ text, issue, onInput }: AlertsEditorProps) {
  const area = useRef<HTMLTextAreaElement>(null);
  const error = issue && [issue.line === null ? '' : `line ${issue.line}:`, issue.path, issue.message].join(' ').trim();
  return (
    <Field
      label="Alerts, YAML"
      class="code-field code-field-short"
      help="What stands under alerts in the config. Tab leaves the editor."
      error={error}
    >
      {(attributes) => (
        <CodeEditor
          attributes={attributes}
          value={text}
          onInput={onInput}
          marks={issue?.line == null ? [] : [{ line: issue.line, message: issue.message }]}
          readOnly={false}
          area={area}
        />
      )}
    </Field>
  );
}

interface TakeOverProps {
  readonly stored: StoredConfig;
  readonly section: string;
  readonly disabled: boolean;
}

function TakeOver({ stored, section, disabled }: TakeOverProps) {
  const { tenant } = useTenant();
  const { route } = useLocation();
  const mayEdit = useMay('admin');
  if (!mayEdit) return <span class="muted">An admin can store them.</span>;
  const takeOver = () => {
    const { base, text } = draftOf(tenant) ?? { base: stored, text: stored.view.yaml };
    if (readText(text).value === undefined) return;
    setDraft(tenant, { base, text: withSection(text, 'alerts', section) });
    route(pagePath(tenant, 'config'));
  };
  return (
    <button type="button" class="button" disabled={disabled} onClick={takeOver}>
      Put them into the config…
    </button>
  );
}

function Result({ outcome: { result, error, isRunning } }: { outcome: Outcome }) {
  if (isRunning) return <Loading rows={4} label="Deciding again" />;
  if (error !== undefined) return <Failure error={error} />;
  if (result === undefined) return null;
  if (result.changes === 0)
    return <Empty title="Nothing changed in that time">No incident changed, so there is nothing to decide.</Empty>;
  return <TestResult result={result} />;
}
