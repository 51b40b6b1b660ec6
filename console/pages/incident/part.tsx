/** A part of the incident's page: a panel with an address of its own. */
import type { ComponentChildren } from 'preact';
import { Panel } from '../../components/panel.tsx';
import { SECTIONS, type SectionId } from '../../incident-view.ts';

interface PartProps {
  readonly id: SectionId;
  readonly title?: string;
  readonly actions?: ComponentChildren;
  readonly children: ComponentChildren;
}

export function Part({ id, title, actions, children }: PartProps) {
  const name = title ?? SECTIONS.find(([one]) => one === id)?.[1] ?? id;
  return (
    <div id={id} class="incident-part">
      <Panel title={name} actions={actions}>
        <div class="panel-body">{children}</div>
      </Panel>
    </div>
  );
}

/** Figures that belong together: a name and what it is. */
export function Facts({ children }: { children: ComponentChildren }) {
  return <dl class="incident-facts">{children}</dl>;
}

interface FactProps {
  readonly name: string;
  readonly children: ComponentChildren;
  /** Stands out: what a person looks for first. */
  readonly isMain?: boolean;
}

export function Fact({ name, children, isMain = false }: FactProps) {
  return (
    <div class={isMain ? 'fact-main' : undefined}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
