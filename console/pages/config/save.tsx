/** Saves a config: first what it changes, then the write, which is refused where somebody else wrote meanwhile. */
import type { RefObject } from 'preact';
import { useState } from 'preact/hooks';
import { ActionDialog } from '../../components/action-dialog.tsx';
import { DiffView } from '../../components/diff-view.tsx';
import { focusFirstError } from '../../components/field.tsx';
import { useTenant } from '../../components/tenant.ts';
import { notify } from '../../components/toast.tsx';
import { hasComments } from '../../config/document.ts';
import { setDraft } from '../../config/drafts.ts';
import { linesOfPatch } from '../../config/text-diff.ts';
import { useSource } from '../../data/use-answer.ts';
import { Changes, Cost } from './check.tsx';
import { type Editor, useEditor } from './use-editor.ts';

interface SaveBarProps {
  /** What has the fields. */
  readonly root: RefObject<HTMLElement | null>;
  readonly goTo: (line: number) => void;
}

export function SaveBar({ root, goTo }: SaveBarProps) {
  const { tenant } = useTenant();
  const editor = useEditor();
  const { isChanged, isOvertaken, preview, issues } = editor;
  const [isOpen, setOpen] = useState(false);
  const review = () => {
    const [issue] = issues;
    if (issue === undefined) setOpen(true);
    else if (root.current === null || !focusFirstError(root.current)) goTo(issue.line ?? 1);
  };
  return (
    <div class="save-bar">
      <p>{stateText(editor)}</p>
      <div class="inline">
        <button type="button" class="button" disabled={!isChanged} onClick={() => setDraft(tenant, undefined)}>
          Discard<span class="visually-hidden"> my changes</span>
        </button>
        <button
          type="button"
          class="button button-main"
          disabled={
            !isChanged || isOvertaken || preview.isChecking || (preview.value === undefined && issues.length === 0)
          }
          onClick={review}
        >
          Review and save…
        </button>
      </div>
      {isOpen && <SaveDialog onClose={() => setOpen(false)} />}
    </div>
  );
}

function stateText({ isChanged, isOvertaken, preview, issues }: Editor): string {
  if (isOvertaken) return 'Changed meanwhile: see above.';
  if (!isChanged) return 'Nothing is changed.';
  if (preview.isChecking) return 'Not saved yet: checking…';
  return issues.length === 0 ? 'Not saved yet.' : `Not saved yet: ${issues.length} to be mended.`;
}

/** Shows the difference to what is stored, and stores it. */
function SaveDialog({ onClose }: { onClose: () => void }) {
  const source = useSource();
  const { tenant } = useTenant();
  const { base, text, preview, reload } = useEditor();
  const { value } = preview;
  const save = async () => {
    const options = { body: { text }, ...(base.etag !== undefined && { ifMatch: base.etag }) };
    const { version } = await source.send('put', '/tenants/{tenant}/config', { tenant }, options);
    notify(
      version === base.view.version ? 'Nothing was changed, so nothing was stored.' : `Version ${version} is stored.`,
    );
    reload(version);
  };
  return (
    <ActionDialog
      title={`Store version ${base.view.version + 1}?`}
      action="Store it"
      act={save}
      onClose={onClose}
      disabled={value === undefined}
      onFailure={({ status }) => {
        if (status !== 412) return false;
        // The page shows what came between, and keeps the text.
        reload();
        onClose();
        return true;
      }}
    >
      {value !== undefined && (
        <>
          <Changes changes={value.changes} />
          <Cost preview={value} isChanged />
          {value.diff === null ? (
            <p class="muted">The documents differ in too much to be shown line by line.</p>
          ) : (
            <DiffView lines={linesOfPatch(value.diff)} label={`Difference to version ${base.view.version}`} />
          )}
        </>
      )}
      {hasComments(text) && <p class="muted">Comments are not stored: download the YAML if you want to keep them.</p>}
    </ActionDialog>
  );
}
