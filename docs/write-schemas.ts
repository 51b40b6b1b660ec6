/** Writes the schemas that others read: of messages, for subscribers, and of the HTTP API. Each is made of what the code itself parses by. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { notificationJsonSchema } from '../core/model/notification.ts';
import { openApiDocument } from './openapi.ts';

const DOCUMENTS = { 'notification-2.json': notificationJsonSchema(), 'openapi.json': openApiDocument() };

for (const [name, document] of Object.entries(DOCUMENTS)) {
  const file = join(import.meta.dirname, 'schemas', name);
  await writeFile(file, `${JSON.stringify(document, null, 2)}\n`);
}
