/** The difference of two texts as a patch, for people. */
import { createTwoFilesPatch } from 'diff';
import { harmless, type Paint } from './text.ts';

/** What is compared: its name, and its text. */
interface Side {
  readonly name: string;
  readonly text: string;
}

/** A unified diff, coloured; undefined where the texts are the same. */
export function renderPatch(from: Side, to: Side, paint: Paint): string | undefined {
  if (from.text === to.text) return undefined;
  const patch = createTwoFilesPatch(from.name, to.name, from.text, to.text, undefined, undefined, { context: 2 });
  // The first line only divides one file from another.
  const lines = patch.trimEnd().split('\n').slice(1);
  return lines.map((line) => paintLine(harmlessLine(line), paint)).join('\n');
}

/** Keeps the indent, which is YAML's meaning. */
function harmlessLine(line: string): string {
  const indent = /^[-+ ]? */.exec(line)?.[0] ?? '';
  return indent + harmless(line.slice(indent.length));
}

function paintLine(line: string, paint: Paint): string {
  if (line.startsWith('+')) return paint('good', line);
  return line.startsWith('-') ? paint('bad', line) : line;
}
