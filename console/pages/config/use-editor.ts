/** The config that is edited: one text, what the API makes of it, and what is stored. */
import { createContext } from 'preact';
import { useCallback, useContext, useEffect, useMemo, useState } from 'preact/hooks';
import { useMay, useTenant } from '../../components/tenant.ts';
import { located, type Path, type ReadText, readText, type TextIssue, withValue } from '../../config/document.ts';
import { draftOf, type StoredConfig, setDraft } from '../../config/drafts.ts';
import { type Read, useReading, useSource } from '../../data/use-answer.ts';
import { type PreviewState, usePreview } from './use-preview.ts';

export interface Editor {
  /** What the text began as, and what is stored now. */
  readonly base: StoredConfig;
  readonly newest: StoredConfig;
  readonly text: string;
  readonly read: ReadText;
  readonly isChanged: boolean;
  /** Somebody else stored a version since the text began. */
  readonly isOvertaken: boolean;
  readonly mayEdit: boolean;
  readonly preview: PreviewState;
  /** What is wrong with the text, each with its line where that is known. */
  readonly issues: readonly TextIssue[];
  /** What is wrong at a path or below it. */
  readonly issueAt: (path: Path) => string | undefined;
  readonly setText: (text: string) => void;
  /** Undefined takes the field out. */
  readonly set: (path: Path, value: unknown) => void;
  /** Goes on with this text, over what is stored now. */
  readonly continueWith: (text: string) => void;
  /** Reads what is stored again; `version` is one that this page has stored: its text is no draft any more. */
  readonly reload: (version?: number) => void;
}

export const EditorContext = createContext<Editor | null>(null);

/** @throws Error outside of the page of the config. */
export function useEditor(): Editor {
  const editor = useContext(EditorContext);
  if (editor === null) throw new Error('No config is edited.');
  return editor;
}

const POLL_MS = 60_000;

/** The config as it is stored, with the ETag that a write has to name. */
export function useStoredConfig(): Read<StoredConfig> {
  const source = useSource();
  const { tenant } = useTenant();
  const read = useCallback(
    async (signal: AbortSignal) => {
      const view = await source.get('/tenants/{tenant}/config', { tenant }, { signal });
      return { view, etag: source.etagOf('/tenants/{tenant}/config', { tenant }) };
    },
    [source, tenant],
  );
  return useReading(read, { every: POLL_MS });
}

export function useConfigEditor(newest: StoredConfig, reread: () => void): Editor {
  const { tenant } = useTenant();
  const [stored, setStored] = useState<number>();
  const mayEdit = useMay('admin');
  const draft = draftOf(tenant);
  const { base, text } = draft ?? { base: newest, text: newest.view.yaml };
  const read = useMemo(() => readText(text), [text]);
  const preview = usePreview(text, read.value !== undefined);
  const issues = useMemo(
    () => (read.value === undefined ? read.issues : (preview.value?.issues ?? []).map((issue) => located(text, issue))),
    [read, preview.value, text],
  );
  const isOwn = stored !== undefined && newest.view.version === stored;
  useEffect(() => {
    if (isOwn) setDraft(tenant, undefined);
  }, [isOwn, tenant]);
  return {
    base,
    newest,
    text,
    read,
    isChanged: draft !== undefined,
    isOvertaken: draft !== undefined && !isOwn && newest.view.version !== base.view.version,
    mayEdit,
    preview,
    issues,
    issueAt: (path) => issueText(issues, path.join('.')),
    setText: (next) => setDraft(tenant, { base, text: next }),
    set: (path, value) => setDraft(tenant, { base, text: withValue(text, path, value) }),
    continueWith: (next) => setDraft(tenant, { base: newest, text: next }),
    reload: (version) => {
      setStored(version);
      reread();
    },
  };
}

function issueText(issues: readonly TextIssue[], path: string): string | undefined {
  const here = issues.filter((issue) => issue.path === path || issue.path.startsWith(`${path}.`));
  return here.length === 0 ? undefined : here.map(({ message }) => message).join('; ');
}
