/** The config as YAML. */
import { useEffect, useRef } from 'preact/hooks';
import { CodeEditor, goToLine } from '../../components/code-editor.tsx';
import { CopyButton } from '../../components/copy.tsx';
import { Field } from '../../components/field.tsx';
import { Panel } from '../../components/panel.tsx';
import { saveFile } from '../../components/save.ts';
import { useTenant } from '../../components/tenant.ts';
import { useEditor } from './use-editor.ts';

/** @param line Where the cursor begins; NaN or 0 for nowhere. */
export function ConfigText({ line }: { line: number }) {
  const { tenant } = useTenant();
  const { text, setText, issues, mayEdit } = useEditor();
  const area = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    if (area.current !== null && line > 0) goToLine(area.current, line);
  }, [line]);
  const marks = issues.flatMap(({ line: at, message }) => (at === null ? [] : [{ line: at, message }]));
  return (
    <Panel
      title="YAML"
      actions={
        <span class="inline">
          <CopyButton value={text} what="the config" label="Copy" />
          <button
            type="button"
            class="button button-small"
            onClick={() => saveFile(`${tenant}.yml`, text, 'application/yaml')}
          >
            Download
          </button>
        </span>
      }
    >
      <div class="panel-body">
        <Field
          label="Config"
          class="code-field"
          help={mayEdit ? 'Tab leaves the editor. plimsoll tenants put takes the same text.' : undefined}
          error={issues.length === 0 ? undefined : `${issues.length} to be mended, listed beside the editor`}
        >
          {(attributes) => (
            <CodeEditor
              attributes={attributes}
              value={text}
              onInput={setText}
              marks={marks}
              readOnly={!mayEdit}
              area={area}
            />
          )}
        </Field>
      </div>
    </Panel>
  );
}
