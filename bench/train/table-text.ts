/** Learned tables as source text: one tree a line, with the names of features. */
import type { Tree, TreeRow } from '../../core/detector/boosted-trees.ts';

/** @param named The features by index. */
export function treeLines(trees: readonly Tree[], named: readonly { readonly name: string }[]): string {
  return trees.map((tree) => `  ${inOneLine(treeRow(tree, named))},`).join('\n');
}

export function treeRow({ questions, values }: Tree, named: readonly { readonly name: string }[]): TreeRow {
  return [
    questions.map(({ feature, above, unknownIsYes }) => [named[feature]?.name ?? '', above, unknownIsYes] as const),
    values.map(rounded),
  ];
}

export function rounded(value: number): number {
  return Number(value.toFixed(3));
}

export function inOneLine(value: object): string {
  return JSON.stringify(value)
    .replaceAll(/"(\w+)":/g, '$1: ')
    .replaceAll('"', "'")
    .replaceAll(',', ', ');
}
