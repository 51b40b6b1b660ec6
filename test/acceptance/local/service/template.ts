/** How tests find their way in a packaged template. */
import * as z from 'zod';
import type { CloudResource, Template } from './packaged-service.ts';

/** Resources of a type, by logical id. */
export function ofType(template: Template, type: string): [string, CloudResource][] {
  return Object.entries(template.Resources).filter(([, { Type }]) => Type === type);
}

export function resourceOf(template: Template, id: string): CloudResource {
  const found = template.Resources[id];
  if (!found) throw new Error(`the template has no ${id}`);
  return found;
}

/** The properties of a function, by its name in serverless.yml. */
export function functionOf(template: Template, name: string): CloudResource['Properties'] {
  const found = ofType(template, 'AWS::Lambda::Function').find(
    ([, { Properties }]) => Properties['Handler'] === `functions/${name}.handler`,
  );
  if (!found) throw new Error(`the template has no function ${name}`);
  return found[1].Properties;
}

/** Names of all functions. */
export function functionNames(template: Template): string[] {
  return ofType(template, 'AWS::Lambda::Function').map(([, { Properties }]) =>
    z
      .string()
      .parse(Properties['Handler'])
      .replace(/^functions\/(.*)\.handler$/, '$1'),
  );
}

const intrinsicSchema = z.union([
  z.strictObject({ Ref: z.string() }).transform(({ Ref }) => Ref),
  z.strictObject({ 'Fn::Sub': z.string() }).transform((sub) => sub['Fn::Sub']),
  z
    .strictObject({ 'Fn::GetAtt': z.tuple([z.string(), z.string()]) })
    .transform((attribute) => attribute['Fn::GetAtt'][0]),
  z.string(),
]);

/** What an intrinsic function refers to: a logical id, or the text of a substitution. */
export function referenceOf(value: unknown): string {
  return intrinsicSchema.parse(value);
}
