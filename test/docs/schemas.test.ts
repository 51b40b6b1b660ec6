/** The schema that subscribers validate against is the one that bodies are composed by. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NOTIFICATION_SCHEMA, notificationJsonSchema, notificationSchema } from '../../core/model/notification.ts';
import { notifications } from '../fixtures/notifications.ts';

const FILE = join(import.meta.dirname, '../../docs/schemas/notification-2.json');

/** Strict about words that it does not know, so that a misspelled one is no rule that nobody breaks. */
function validator() {
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
  formats.default(ajv);
  return ajv.compile(notificationJsonSchema());
}

describe('the schema of a notification', () => {
  it('is published as the code has it', async () => {
    expect(JSON.parse(await readFile(FILE, 'utf8'))).toEqual(notificationJsonSchema());
  });

  it('holds for bodies of every kind, and so does the one that reads them back', () => {
    const validate = validator();

    fc.assert(
      fc.property(notifications(), (body) => {
        const sent = JSON.parse(JSON.stringify(body));
        expect(sent.dataschema).toBe(NOTIFICATION_SCHEMA);
        expect(validate(sent.data), JSON.stringify(validate.errors)).toBe(true);
        expect(notificationSchema.parse(sent)).toEqual(sent);
      }),
    );
  });

  it('lets later versions add fields, and refuses a body that lacks one or has a word that it does not know', () => {
    const validate = validator();
    const [body] = fc.sample(notifications(), 1);
    if (!body) throw new Error('no body');
    const { severity, ...without } = body.data;

    expect(validate({ ...body.data, later: true })).toBe(true);
    expect(validate(without)).toBe(false);
    expect(validate({ ...body.data, severity: `${severity}er` })).toBe(false);
  });
});
