/** The commands and the documents that stand in the project's own pages, so that the tests run what a reader would. */
import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

const PROJECT = join(import.meta.dirname, '../../..');

/** A fence, which may be indented in a list. */
const FENCED = /^( *)```(\w+)\n(.*?)^ *```$/gms;

/**
 * The fenced blocks of a language in a section.
 * @param page Relative to the project.
 * @param heading Of the section, which ends at the next heading of its level or of a higher one.
 */
export async function blocksOf(page: string, heading: string, language: string): Promise<string[]> {
  const text = await readFile(join(PROJECT, page), 'utf8');
  return [...sectionOf(text, heading).matchAll(FENCED)].flatMap(([, indent = '', found, body = '']) =>
    found === language ? [body.replaceAll(new RegExp(`^${indent}`, 'gm'), '')] : [],
  );
}

/** The commands of a section's shell blocks, one by one: a command ends where a shell takes it for complete. */
export async function commandsOf(page: string, heading: string): Promise<string[]> {
  const blocks = await blocksOf(page, heading, 'sh');
  const commands = blocks.flatMap((block) => {
    const complete: string[] = [];
    let command = '';
    for (const line of block.split('\n')) {
      command = command === '' ? line : `${command}\n${line}`;
      if (command.trim() === '' || command.startsWith('#')) command = '';
      else if (isComplete(command)) {
        complete.push(command);
        command = '';
      }
    }
    if (command !== '') throw new Error(`${page}, ${heading}: the command does not end: ${command}`);
    return complete;
  });
  if (commands.length === 0) throw new Error(`${page} has no commands under "${heading}"`);
  return commands;
}

/** The lines below a heading, up to the next one of its level or of a higher one. A comment in a block is no heading. */
function sectionOf(text: string, heading: string): string {
  const lines = text.split('\n');
  let fenced = false;
  const headings = lines.flatMap((line, index) => {
    if (/^ *```/.test(line)) fenced = !fenced;
    const [, level, title] = /^(#+) (.*)$/.exec(line) ?? [];
    return fenced || level === undefined ? [] : [{ index, level: level.length, title }];
  });
  const begin = headings.find(({ title }) => title === heading);
  if (!begin) throw new Error(`There is no heading "${heading}".`);
  const end = headings.find(({ index, level }) => index > begin.index && level <= begin.level);
  return lines.slice(begin.index + 1, end?.index).join('\n');
}

function isComplete(command: string): boolean {
  if (command.endsWith('\\')) return false;
  try {
    execFileSync('bash', ['-n', '-c', command], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
