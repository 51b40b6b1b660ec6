/** The config in a file, with its mistakes by line. */
import { customQueryIssue } from '../adapters/promql/custom-queries.ts';
import { type TenantConfig, tenantConfigJsonSchema } from '../core/model/tenant.ts';
import { parseTenantConfig } from '../core/tenants/tenant-config.ts';
import { readDocument } from './document.ts';
import { withLines } from './document-issues.ts';

/** Throws `InvalidInputError` that names every wrong field, its line, and what was probably meant. */
export async function readTenantFile(
  file: string,
): Promise<{ readonly document: unknown; readonly config: TenantConfig }> {
  const { text, value } = await readDocument(file);
  const config = withLines(text, 'The tenant config', configFields(), () => parseTenantConfig(value, customQueryIssue));
  return { document: value, config };
}

/** The names of all fields that a config may hold, at any depth. They are the same for every file. */
function configFields(): readonly string[] {
  known ??= fieldsOfSchema();
  return known;
}

let known: readonly string[] | undefined;

function fieldsOfSchema(): string[] {
  const names = new Set<string>();
  JSON.stringify(tenantConfigJsonSchema(), (key, value: unknown) => {
    if (key === 'properties' && typeof value === 'object' && value !== null) {
      for (const name of Object.keys(value)) names.add(name);
    }
    return value;
  });
  return [...names];
}
