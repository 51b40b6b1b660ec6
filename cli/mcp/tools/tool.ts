/** What a tool is: a name, schemas of both sides, and how it answers. */
import * as z from 'zod';

export interface Tool {
  readonly name: string;
  readonly title: string;
  /** When an assistant uses it, and what it answers. */
  readonly description: string;
  readonly input: z.ZodObject;
  readonly output: z.ZodType;
  /** Whether it reads a provider, which costs something. */
  readonly readsProvider: boolean;
  /** Throws `PlimsollError` with what a person can do. */
  call(given: unknown): Promise<unknown>;
}

interface Definition<Input extends z.ZodRawShape, Output extends z.ZodType>
  extends Pick<Tool, 'name' | 'title' | 'description'> {
  readonly input: Input;
  readonly output: Output;
  readonly readsProvider?: boolean;
  readonly answer: (given: z.output<z.ZodObject<Input>>) => Promise<z.input<Output>>;
}

export function defineTool<Input extends z.ZodRawShape, Output extends z.ZodType>({
  input,
  answer,
  readsProvider = false,
  ...described
}: Definition<Input, Output>): Tool {
  const schema = z.object(input);
  return {
    ...described,
    readsProvider,
    input: schema,
    call: async (given) => described.output.parse(await answer(schema.parse(given))),
  };
}

/** Of most tools. */
export const tenantInput = z
  .string()
  .max(100)
  .optional()
  .describe(
    'The id of a tenant; needed only where there are several, and no incident or host names it. `status` lists them.',
  );

export const limitInput = z.number().int().min(1).max(100).default(20).describe('Entries at the most.');
