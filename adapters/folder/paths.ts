/**
 * Keys of objects as paths below a folder. File systems of macOS and Windows take `A` and `a` for the same and refuse some characters, names end at 255
 * bytes, and `..` is another folder: what is not in `a-z`, a digit or one of `.`, `_`, `=` and `-` is written as its bytes.
 */
import { join, relative, sep } from 'node:path';

/** Characters of a name; what is longer goes on in a folder below. */
const MOST_CHARACTERS = 200;
/** Ends a name that goes on below. It is written as its byte elsewhere. */
const GOES_ON = '+';

/** @param root An absolute path. @param key `samples/tenant=local/…`. */
export function pathOf(root: string, key: string): string {
  return join(root, ...key.split('/').flatMap(namesOf));
}

/** What `pathOf` made a path of. */
export function keyOf(root: string, path: string): string {
  const names = relative(root, path).split(sep);
  const joined = names.map((name) => (name.endsWith(GOES_ON) ? name.slice(0, -1) : `${name}/`)).join('');
  return decodeURIComponent(joined.slice(0, -1));
}

function namesOf(part: string): string[] {
  const encoded = part
    .replace(/[^a-z0-9._=-]/gu, bytesOf)
    // `.` and `..` are folders, and Windows leaves out the point at an end.
    .replace(/\.$/, '%2e');
  const names: string[] = [];
  for (let at = 0; at < encoded.length; at += MOST_CHARACTERS) names.push(encoded.slice(at, at + MOST_CHARACTERS));
  return names.map((name, index) => (index === names.length - 1 ? name : name + GOES_ON));
}

/** `%c3%a9` of a character. */
function bytesOf(character: string): string {
  return Array.from(Buffer.from(character), (byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
}
