/** SQS by fauxqs, with queue addresses on the sandbox's own endpoint: not every machine resolves the host names of fauxqs. */
import * as z from 'zod';
import type { Answer } from '../wire/answer.ts';
import type { SandboxRequest } from './request.ts';

const addressed = z.looseObject({ QueueUrl: z.string().optional(), QueueUrls: z.array(z.string()).optional() });

export async function answerSqs(request: SandboxRequest, forward: (body: string) => Promise<Answer>): Promise<Answer> {
  const endpoint = `http://${request.headers.host}`;
  // fauxqs distinguishes equal names in two regions by the host.
  const regional = `http://sqs.${request.region}.localhost:${new URL(endpoint).port}/`;
  const answer = await forward(readdress(request.body, `${endpoint}/`, regional));
  return answer.status === 200 ? { ...answer, body: readdress(answer.body, regional, `${endpoint}/`) } : answer;
}

function readdress(body: string | Buffer, from: string, to: string): string {
  const text = body.toString();
  if (text === '') return text;
  const move = (url: string) => (url.startsWith(from) ? to + url.slice(from.length) : url);
  const { QueueUrl, QueueUrls, ...rest } = addressed.parse(JSON.parse(text));
  return JSON.stringify({
    ...rest,
    ...(QueueUrl === undefined ? {} : { QueueUrl: move(QueueUrl) }),
    ...(QueueUrls === undefined ? {} : { QueueUrls: QueueUrls.map(move) }),
  });
}
