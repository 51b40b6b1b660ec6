/** S3 by fauxqs, with the conditions of writes and deletions, which fauxqs does not check. */
import type { Answer } from '../wire/answer.ts';
import { errorAnswer, escapeXml } from './answers.ts';
import type { SandboxRequest } from './request.ts';

/** Passes the request on with what is changed in it. */
type Forward = (changed: Partial<Pick<SandboxRequest, 'method' | 'path' | 'body'>>) => Promise<Answer>;

export async function answerS3(request: SandboxRequest, forward: Forward): Promise<Answer> {
  if (request.action === 'PutObject') return putObject(request, forward);
  if (request.action === 'DeleteObjects') return deleteObjects(request, forward);
  return forward({});
}

async function putObject({ headers, path }: SandboxRequest, forward: Forward): Promise<Answer> {
  const { 'if-match': match, 'if-none-match': noneMatch } = headers;
  if (match === undefined && noneMatch === undefined) return forward({});
  const current = await versionOf(path, forward);
  if (match !== undefined && current === undefined)
    return errorAnswer('s3', { status: 404, code: 'NoSuchKey', message: 'The specified key does not exist.' });
  const holds = match === undefined ? current === undefined : current === match;
  return holds ? forward({}) : errorAnswer('s3', { status: 412, ...PRECONDITION });
}

const PRECONDITION = {
  code: 'PreconditionFailed',
  message: 'At least one of the pre-conditions you specified did not hold',
};

const OBJECT = /<Object>([\s\S]*?)<\/Object>/g;

/** Objects with an ETag are deleted where they have it, or are gone. */
async function deleteObjects({ path, body }: SandboxRequest, forward: Forward): Promise<Answer> {
  const [bucket = ''] = path.split('?');
  const refused: string[] = [];
  const objects = [...body.toString().matchAll(OBJECT)].map(([text, inside = '']) => {
    const key = elementOf(inside, 'Key') ?? '';
    return { text, key, version: elementOf(inside, 'ETag') };
  });
  let rest = body.toString();
  for (const { text, key, version } of objects) {
    if (version === undefined) continue;
    const object = key.split('/').map(encodeURIComponent).join('/');
    const current = await versionOf(`${bucket.replace(/\/$/, '')}/${object}`, forward);
    if (current === undefined || current === version) continue;
    refused.push(key);
    rest = rest.replace(text, '');
  }
  const answer = await forward({ body: Buffer.from(rest) });
  const errors = refused.map((key) => `<Error><Key>${escapeXml(key)}</Key><Code>${PRECONDITION.code}</Code></Error>`);
  return { ...answer, body: String(answer.body).replace('</DeleteResult>', `${errors.join('')}</DeleteResult>`) };
}

function elementOf(xml: string, name: string): string | undefined {
  const text = new RegExp(`<${name}>([\\s\\S]*?)</${name}>`).exec(xml)?.[1];
  return text
    ?.replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

async function versionOf(path: string, forward: Forward): Promise<string | undefined> {
  const { status, headers } = await forward({ method: 'HEAD', path, body: Buffer.alloc(0) });
  return status === 200 ? headers['etag'] : undefined;
}
