/** Writes the JSON Schemas that subscribers validate against, from the schemas that the code reads and composes bodies by. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { notificationJsonSchema } from '../core/model/notification.ts';

const file = join(import.meta.dirname, 'schemas', 'notification-1.json');
await writeFile(file, `${JSON.stringify(notificationJsonSchema(), null, 2)}\n`);
