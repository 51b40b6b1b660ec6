/** Reads a YAML or JSON document from a file, or names the line where it stops being one. */
import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { isBinary } from '../adapters/trace-file/file/encoding.ts';
import { fileFault } from '../adapters/trace-file/file/file-fault.ts';
import { parseYaml } from '../api/yaml-text.ts';
import { UsageError } from './usage-error.ts';

/** The name of a file that stands for standard input. */
export const STDIN = '-';

/** Bytes of a config: a thousand accounts are far below it, and an accident with another file is far above. */
const MOST_BYTES = 4 * 1024 * 1024;

/**
 * The text and the value of the document in `file`, or on standard input where that is `-`. JSON is YAML, so one parser
 * serves both. Throws `UsageError` where the file cannot be read and `InvalidInputError` with line and column where it
 * is not a document.
 */
export async function readDocument(file: string): Promise<{ readonly text: string; readonly value: unknown }> {
  const text = await readText(file);
  return { text, value: parseYaml(text, `The document ${file}`) };
}

async function readText(file: string): Promise<string> {
  let content: Buffer;
  try {
    content = await (file === STDIN ? buffer(process.stdin) : readFile(file));
  } catch (error) {
    throw new UsageError(`The file ${file} cannot be read: ${fileFault(error)}.`, { cause: error });
  }
  if (content.length > MOST_BYTES)
    throw new UsageError(`The file ${file} has ${content.length} bytes: that is no config.`);
  const text = content.toString('utf8');
  if (isBinary(text)) throw new UsageError(`The file ${file} is no text in UTF-8: a config is YAML or JSON.`);
  return text;
}
