/** Keys that work on every page. */
import { useEffect, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import { type PageName, pagePath } from '../paths.ts';
import { Dialog } from './dialog.tsx';
import { useTenant } from './tenant.ts';

/** Put it on the field that `/` goes to. */
export const FILTER_FIELD = { 'data-filter-field': '' };

const GO: Readonly<Record<string, PageName>> = {
  o: 'overview',
  i: 'incidents',
  h: 'hosts',
  a: 'anomalies',
  n: 'inspections',
  r: 'recordings',
  c: 'coverage',
};
/** So long `g` waits for the second key. */
const SEQUENCE_MS = 1_200;

const HELP: readonly (readonly [keys: string, what: string])[] = [
  ['/', 'Go to the filter of a list'],
  ['↑ ↓', 'Move in a table; Page keys, Home and End too'],
  ['Enter', 'Open the current row'],
  ['Esc', 'Close a dialog'],
  ['g o', 'Overview'],
  ['g i', 'Incidents'],
  ['g h', 'Hosts'],
  ['g a', 'Anomalies'],
  ['g n', 'Inspections'],
  ['g r', 'Recordings'],
  ['g c', 'Coverage'],
  ['?', 'This list'],
];

export function useShortcuts(): { isOpen: boolean; close: () => void } {
  const [isOpen, setOpen] = useState(false);
  const { route } = useLocation();
  const { tenant } = useTenant();
  useEffect(() => {
    let pressedG = 0;
    const act = (event: KeyboardEvent) => {
      const page = event.timeStamp - pressedG < SEQUENCE_MS ? GO[event.key] : undefined;
      pressedG = event.key === 'g' ? event.timeStamp : 0;
      if (page !== undefined) route(pagePath(tenant, page));
      else if (event.key === '?') setOpen(true);
      else if (event.key === '/') focusFilter(event);
    };
    const onKeyDown = (event: KeyboardEvent) => {
      const isOfBrowser = event.ctrlKey || event.metaKey || event.altKey;
      if (!isOfBrowser && !isTyping(event.target)) act(event);
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [route, tenant]);
  return { isOpen, close: () => setOpen(false) };
}

function focusFilter(event: Event): void {
  const field = document.querySelector<HTMLElement>('[data-filter-field]');
  if (field === null) return;
  event.preventDefault();
  field.focus();
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.matches('input, textarea, select') || target.isContentEditable);
}

export function ShortcutHelp({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="Keys" onClose={onClose}>
      <dl class="keys">
        {HELP.map(([keys, what]) => (
          <div key={keys}>
            <dt>
              {keys.split(' ').map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
