/**
 * The page in the browser as it was built (console/build.ts): files with hashed names, which never change, and the one document, which
 * stands for every address of the page.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { parseAccept } from 'hono/utils/accept';

const DOCUMENT = '/index.html';

/** Where the files with hashed names are. */
const HASHED = '/assets/';

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};

/** By the name of an encoding, the ending of the file that has it. The first is the smallest. */
const ENCODINGS = [
  ['br', '.br'],
  ['gzip', '.gz'],
] as const;

interface PageFile {
  readonly type: string;
  readonly tag: string;
  readonly body: Uint8Array<ArrayBuffer>;
  readonly encoded: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
}

/** Answers a request for the page. */
export type Page = (request: Request) => Response;

/** Reads all of the folder, which has less than a megabyte: what is not in it then is not served. */
export async function openPage(folder: string): Promise<Page> {
  const files = await readFiles(folder);
  return (request) => {
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return new Response(null, { status: 405, headers: { Allow: 'GET, HEAD' } });
    const { pathname } = new URL(request.url);
    const found = files.get(pathname);
    // A file of a deployment before: its document has to be loaded again, which the document instead of it would hide.
    if (found === undefined && pathname.startsWith(HASHED))
      return new Response(null, { status: 404, headers: { 'Cache-Control': 'no-store' } });
    const file = found ?? files.get(DOCUMENT);
    if (file === undefined) return new Response(null, { status: 404 });
    return respond(file, request, found !== undefined && pathname.startsWith(HASHED));
  };
}

function respond({ type, tag, body, encoded }: PageFile, { headers }: Request, isHashed: boolean): Response {
  const common = {
    'Content-Type': type,
    'Cache-Control': isHashed ? 'public, max-age=31536000, immutable' : 'no-cache',
    Vary: 'Accept-Encoding',
    ETag: tag,
  };
  if (headers.get('if-none-match') === tag) return new Response(null, { status: 304, headers: common });
  const encoding = encodingFor(headers.get('accept-encoding') ?? '', encoded);
  const chosen = encoding === undefined ? undefined : encoded.get(encoding);
  if (encoding === undefined || chosen === undefined) return new Response(body, { headers: common });
  return new Response(chosen, { headers: { ...common, 'Content-Encoding': encoding } });
}

/** The smallest that the browser takes and there is. https://www.rfc-editor.org/rfc/rfc9110#section-12.5.3 */
function encodingFor(header: string, encoded: PageFile['encoded']): string | undefined {
  const taken = new Map(parseAccept(header).map(({ type, q }) => [type.toLowerCase(), q]));
  const isTaken = (name: string) => (taken.get(name) ?? taken.get('*') ?? 0) > 0;
  return ENCODINGS.map(([name]) => name).find((name) => encoded.has(name) && isTaken(name));
}

async function readFiles(folder: string): Promise<ReadonlyMap<string, PageFile>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const read = await Promise.all(
    paths.map(async (path) => [pathOf(folder, path), new Uint8Array(await readFile(path))] as const),
  );
  const bytes = new Map(read);
  const files = new Map<string, PageFile>();
  for (const [path, body] of bytes) {
    const type = TYPES[extname(path)];
    if (type === undefined) continue;
    const encoded = new Map(
      ENCODINGS.flatMap(([name, ending]) => {
        const found = bytes.get(path + ending);
        return found === undefined ? [] : [[name, found] as const];
      }),
    );
    files.set(path, {
      type,
      body,
      encoded,
      tag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`,
    });
  }
  return files;
}

/** `/assets/main-1a2b.js`. */
function pathOf(folder: string, path: string): string {
  return `/${relative(folder, path).split(sep).join('/')}`;
}
