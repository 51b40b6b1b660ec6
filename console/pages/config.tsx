/** The config of a tenant: as a form, as a text, what a host gets of it, and its versions. */
import './settings.css';
import { useEffect, useRef } from 'preact/hooks';
import { Page } from '../components/panel.tsx';
import { Remote } from '../components/states.tsx';
import { Tabs } from '../components/tabs.tsx';
import { useTenant } from '../components/tenant.ts';
import { Text } from '../components/text.tsx';
import { Moment } from '../components/time.tsx';
import { useListState } from '../components/use-filters.ts';
import { hasDrafts, type StoredConfig } from '../config/drafts.ts';
import { pagePath } from '../paths.ts';
import { CheckPanel } from './config/check.tsx';
import { Conflict } from './config/conflict.tsx';
import { Effective } from './config/effective.tsx';
import { ConfigForm } from './config/form.tsx';
import { SaveBar } from './config/save.tsx';
import { ConfigText } from './config/text.tsx';
import { EditorContext, useConfigEditor, useStoredConfig } from './config/use-editor.ts';
import { Versions } from './config/versions.tsx';

const VIEWS = { form: 'Form', text: 'YAML', hosts: 'Values of a host', versions: 'Versions' } as const;
type View = keyof typeof VIEWS;

const NO_FILTERS: readonly string[] = [];

export default function Config() {
  const stored = useStoredConfig();
  useUnloadWarning();
  const view = stored.value?.view;
  return (
    <Page
      title="Config"
      lead={
        view === undefined ? (
          'Reading…'
        ) : (
          <>
            Version {view.version}, stored <Moment at={view.putAt} />
            {view.putBy !== null && (
              <>
                {' '}
                by <Text value={view.putBy} length={120} />
              </>
            )}
          </>
        )
      }
    >
      <Remote answer={stored} rows={12}>
        {(newest) => <ConfigViews newest={newest} reread={stored.reload} />}
      </Remote>
    </Page>
  );
}

/** The browser asks before it closes a page with changes that are not saved. */
function useUnloadWarning(): void {
  useEffect(() => {
    const warn = (event: BeforeUnloadEvent) => {
      if (hasDrafts()) event.preventDefault();
    };
    window.addEventListener('beforeunload', warn);
    return () => window.removeEventListener('beforeunload', warn);
  }, []);
}

function ConfigViews({ newest, reread }: { newest: StoredConfig; reread: () => void }) {
  const { tenant, role } = useTenant();
  const editor = useConfigEditor(newest, reread);
  const state = useListState(NO_FILTERS);
  const view = viewOf(state.parameter('view'));
  const root = useRef<HTMLDivElement>(null);
  const tabs = (Object.keys(VIEWS) as View[]).map((one) => ({
    title: VIEWS[one],
    href: pagePath(tenant, 'config', { view: one === 'form' ? undefined : one }),
    isCurrent: one === view,
  }));
  const goTo = (line: number) => state.set({ view: 'text', line: String(line) });
  const isEditing = view === 'form' || view === 'text';
  return (
    <EditorContext.Provider value={editor}>
      <Tabs label="Views of the config" tabs={tabs} />
      {!editor.mayEdit && (
        <p class="remark">
          You may read this config and not change it: that needs the role admin, and yours is {role}. An admin gives
          roles on the page Access.
        </p>
      )}
      {editor.isOvertaken && <Conflict />}
      {isEditing ? (
        <div class="editor" ref={root}>
          <div class="editor-main">
            {view === 'form' ? <ConfigForm goTo={goTo} /> : <ConfigText line={Number(state.parameter('line'))} />}
          </div>
          <CheckPanel goTo={goTo} />
          {editor.mayEdit && <SaveBar root={root} goTo={goTo} />}
        </div>
      ) : view === 'hosts' ? (
        <Effective state={state} />
      ) : (
        <Versions onRestored={() => state.set({ view: '' })} />
      )}
    </EditorContext.Provider>
  );
}

function viewOf(text: string): View {
  return text === 'text' || text === 'hosts' || text === 'versions' ? text : 'form';
}
