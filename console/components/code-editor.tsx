/**
 * A text with line numbers, edited in the browser's own text area: phones, screen readers and keys work as everywhere, Tab leaves it, and a
 * strict Content-Security-Policy has nothing to refuse.
 */
import type { RefObject } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { FieldAttributes } from './field.tsx';

export interface LineMark {
  /** From 1. */
  readonly line: number;
  readonly message: string;
}

interface CodeEditorProps {
  readonly attributes: FieldAttributes;
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly marks: readonly LineMark[];
  readonly readOnly: boolean;
  /** For what moves the cursor to a line. */
  readonly area: RefObject<HTMLTextAreaElement | null>;
}

/** By styles/settings.css. */
const LINE_PX = 20;
const PADDING_PX = 8;

export function CodeEditor({ attributes, value, onInput, marks, readOnly, area }: CodeEditorProps) {
  const gutter = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const lines = value.split('\n').length;
  useLayoutEffect(() => {
    if (gutter.current !== null) gutter.current.scrollTop = top;
  });
  return (
    <div class="code">
      <div class="code-gutter" ref={gutter} aria-hidden="true">
        <pre>{Array.from({ length: lines }, (_, index) => index + 1).join('\n')}</pre>
        {marks.map(({ line, message }) => (
          <span
            class="code-mark"
            key={`${line} ${message}`}
            title={message}
            style={{ top: `${PADDING_PX + (line - 1) * LINE_PX}px` }}
          />
        ))}
      </div>
      <textarea
        {...attributes}
        ref={area}
        class="code-area"
        wrap="off"
        dir="ltr"
        spellcheck={false}
        autocapitalize="off"
        autocomplete="off"
        readOnly={readOnly}
        value={value}
        onInput={({ currentTarget }) => onInput(currentTarget.value)}
        onScroll={({ currentTarget }) => setTop(currentTarget.scrollTop)}
        onKeyDown={keepIndentation}
      />
    </div>
  );
}

/** A new line begins as the one before it does. */
function keepIndentation(event: KeyboardEvent): void {
  const { currentTarget: area } = event;
  if (event.key !== 'Enter' || event.isComposing || !(area instanceof HTMLTextAreaElement) || area.readOnly) return;
  const before = area.value.slice(0, area.selectionStart);
  const [indentation = ''] = /^ */.exec(before.slice(before.lastIndexOf('\n') + 1)) ?? [];
  if (indentation === '') return;
  event.preventDefault();
  // The one way to insert a text that the browser can undo; it raises `input` as typing does.
  document.execCommand('insertText', false, `\n${indentation}`);
}

/** Selects a line, brings it to sight and moves the focus there. */
export function goToLine(area: HTMLTextAreaElement, line: number): void {
  const lines = area.value.split('\n');
  const start = lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0);
  area.focus();
  area.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0));
  area.scrollTop = Math.max(0, (line - 4) * LINE_PX);
  area.scrollLeft = 0;
}
