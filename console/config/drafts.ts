/** Configs that are edited and not saved. They stay while other pages are open, and are gone with the page: nothing of them is stored. */
import { signal } from '@preact/signals';
import type { ConfigView } from '../../api/contract/config.ts';

export interface StoredConfig {
  readonly view: ConfigView;
  /** Of the answer that had it: a write names it. */
  readonly etag: string | undefined;
}

export interface Draft {
  /** What the edited text began as. */
  readonly base: StoredConfig;
  readonly text: string;
}

const drafts = signal<ReadonlyMap<string, Draft>>(new Map());

/** Reading it in a component renders it anew when the draft changes. */
export function draftOf(tenant: string): Draft | undefined {
  return drafts.value.get(tenant);
}

/** A text that is what it began as is no draft. */
export function setDraft(tenant: string, draft: Draft | undefined): void {
  const next = new Map(drafts.peek());
  if (draft === undefined || draft.text === draft.base.view.yaml) next.delete(tenant);
  else next.set(tenant, draft);
  drafts.value = next;
}

export function hasDrafts(): boolean {
  return drafts.peek().size > 0;
}
