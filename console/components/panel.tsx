/** Parts of a page. */
import type { ComponentChildren } from 'preact';
import { useEffect, useId } from 'preact/hooks';

interface PageProps {
  readonly title: string;
  /** Beside the title. */
  readonly actions?: ComponentChildren;
  /** Below the title: one line about what is shown. */
  readonly lead?: ComponentChildren;
  readonly children: ComponentChildren;
}

/** A page: its title is the heading and the browser's. */
export function Page({ title, actions, lead, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · Plimsoll`;
  }, [title]);
  return (
    <>
      <header class="page-head">
        <div>
          <h1>{title}</h1>
          {lead !== undefined && <p class="page-lead">{lead}</p>}
        </div>
        {actions !== undefined && <div class="page-actions">{actions}</div>}
      </header>
      {children}
    </>
  );
}

interface PanelProps {
  readonly title: string;
  readonly actions?: ComponentChildren;
  readonly children: ComponentChildren;
  readonly class?: string;
}

/** A part of a page, named by its heading. */
export function Panel({ title, actions, children, class: name = '' }: PanelProps) {
  const heading = useId();
  return (
    <section class={`panel ${name}`} aria-labelledby={heading}>
      <header class="panel-head">
        <h2 id={heading}>{title}</h2>
        {actions}
      </header>
      {children}
    </section>
  );
}
