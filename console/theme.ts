/** Dark and light: by the system, unless the person has chosen one. The choice is this browser's, and nothing else is stored. */
import { signal } from '@preact/signals';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const STORED = 'plimsoll.theme';

export const theme = signal<Theme>(storedTheme());

export function setTheme(chosen: Theme): void {
  theme.value = chosen;
  try {
    localStorage.setItem(STORED, chosen);
  } catch {
    // A browser that stores nothing shows the choice until the page is closed.
  }
  applyTheme();
}

export function applyTheme(): void {
  if (theme.value === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme.value;
}

function storedTheme(): Theme {
  try {
    const stored = localStorage.getItem(STORED);
    return THEMES.find((one) => one === stored) ?? 'system';
  } catch {
    return 'system';
  }
}
