/** A menu of buttons behind one: closed by Escape, by a choice, and when the focus or the pointer goes elsewhere. */
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

export function Menu({ title, children }: { title: string; children: ComponentChildren }) {
  const menu = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    const closeOutside = ({ target }: Event) => {
      const element = menu.current;
      if (element?.open && target instanceof Node && !element.contains(target)) element.open = false;
    };
    const closeChosen = ({ target }: Event) => {
      if (target instanceof Element && target.closest('.menu-items button, .menu-items a')) close(menu.current);
    };
    menu.current?.addEventListener('click', closeChosen);
    document.addEventListener('pointerdown', closeOutside);
    document.addEventListener('focusin', closeOutside);
    return () => {
      document.removeEventListener('pointerdown', closeOutside);
      document.removeEventListener('focusin', closeOutside);
    };
  }, []);
  return (
    <details
      class="menu"
      ref={menu}
      onKeyDown={({ key }) => {
        if (key === 'Escape') close(menu.current);
      }}
    >
      <summary class="button">
        {title} <span aria-hidden="true">▾</span>
      </summary>
      <div class="menu-items">{children}</div>
    </details>
  );
}

/** The focus goes back to the menu: a dialog that was opened from it returns it there. */
function close(element: HTMLDetailsElement | null): void {
  if (element === null) return;
  element.open = false;
  element.querySelector('summary')?.focus();
}
