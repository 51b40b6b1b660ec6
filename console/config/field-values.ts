/** Values of a document as inputs show them, and what an input's text stands for. */
import { type Path, valueAt } from './document.ts';
import type { FieldOption, FieldSpec } from './field-specs.ts';

/** A value as an input shows it. */
export function inputText({ kind }: FieldSpec, value: unknown): string {
  if (value === undefined || value === null) return '';
  if (kind === 'list' && Array.isArray(value)) return value.map(String).join(', ');
  if (kind === 'labels' && typeof value === 'object') {
    return Object.entries(value)
      .map(([name, pattern]) => `${name}=${String(pattern)}`)
      .join(', ');
  }
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** What an input's text stands for; undefined where it is empty. What is no number stays a text, which the check refuses. */
export function valueOfInput({ kind }: FieldSpec, text: string): unknown {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  switch (kind) {
    case 'number':
      return Number.isFinite(Number(trimmed)) ? Number(trimmed) : trimmed;
    case 'list':
      return partsOf(trimmed);
    case 'labels':
      return Object.fromEntries(partsOf(trimmed).map(labelOf));
    default:
      return text;
  }
}

function partsOf(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function labelOf(text: string): [name: string, pattern: string] {
  const [name = '', ...rest] = text.split('=');
  return [name.trim(), rest.length === 0 ? '*' : rest.join('=').trim()];
}

/** Index of the option that a value is; -1 where it is another one, which only the text has. */
export function optionOf(options: readonly FieldOption[], value: unknown): number {
  return options.findIndex((option) => option.value === value);
}

/** Entries of a list in a document; empty where there is none. */
export function entriesAt(document: unknown, path: Path): readonly unknown[] {
  const found = valueAt(document, path);
  return Array.isArray(found) ? found : [];
}
