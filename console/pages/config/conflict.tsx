/** Somebody else stored a version while this one was edited. The text that was edited stays until its author decides. */
import { useMemo } from 'preact/hooks';
import { DiffView } from '../../components/diff-view.tsx';
import { Panel } from '../../components/panel.tsx';
import { useTenant } from '../../components/tenant.ts';
import { Text } from '../../components/text.tsx';
import { Moment } from '../../components/time.tsx';
import { setDraft } from '../../config/drafts.ts';
import { diffOf, onTopOf } from '../../config/text-diff.ts';
import { useEditor } from './use-editor.ts';

export function Conflict() {
  const { tenant } = useTenant();
  const { base, newest, text, continueWith } = useEditor();
  const merged = useMemo(() => onTopOf(newest.view.yaml, base.view.yaml, text), [newest, base, text]);
  const { version, putAt, putBy, yaml } = newest.view;
  return (
    <Panel title="Changed meanwhile" class="conflict">
      <div class="panel-body panel-parts">
        <p role="alert">
          Version {version} was stored <Moment at={putAt} />
          {putBy !== null && (
            <>
              {' '}
              by <Text value={putBy} length={120} />
            </>
          )}
          , while you edited version {base.view.version}. Your changes are kept below.
        </p>
        <h3>What changed meanwhile</h3>
        <DiffView
          lines={diffOf(base.view.yaml, yaml)}
          label={`From version ${base.view.version} to version ${version}`}
        />
        {merged === null && <p>Both changed the same lines, so that they cannot be put together by themselves.</p>}
        <div class="inline">
          {merged !== null && (
            <button type="button" class="button button-main" onClick={() => continueWith(merged)}>
              Put my changes on top of version {version}
            </button>
          )}
          <button type="button" class="button" onClick={() => continueWith(text)}>
            Keep my text: it takes version {version} back
          </button>
          <button type="button" class="button" onClick={() => setDraft(tenant, undefined)}>
            Discard my changes
          </button>
        </div>
      </div>
    </Panel>
  );
}
