/** Answers of two servers side by side. */
import * as z from 'zod';

export interface ApiRequest {
  /** Below `/api/v1/`. */
  readonly path: string;
  /** The form. */
  readonly form: string;
}

const pointSchema = z.tuple([z.number(), z.string()]);
const seriesSchema = z.object({
  metric: z.record(z.string(), z.string()),
  value: pointSchema.optional(),
  values: z.array(pointSchema).optional(),
});
const answerSchema = z.discriminatedUnion('status', [
  z.object({
    status: z.literal('success'),
    data: z.union([
      z.object({ resultType: z.enum(['vector', 'matrix']), result: z.array(seriesSchema) }),
      z.object({ resultType: z.literal('scalar'), result: pointSchema }),
      z.array(z.record(z.string(), z.string())),
      z.array(z.string()),
    ]),
  }),
  z.object({ status: z.literal('error'), errorType: z.string() }),
]);

/** What an answer shows, by series: `TIME VALUE` for each point, with twelve digits of the value. Of an error its type. */
export type Shown = string | Readonly<Record<string, readonly string[]>>;

export async function ask(url: string, { path, form }: ApiRequest): Promise<Shown> {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const response = await fetch(`${url}/api/v1/${path}`, { method: 'POST', headers, body: form });
  const answer = answerSchema.parse(await response.json());
  if (answer.status === 'error') return answer.errorType;
  const { data } = answer;
  if (Array.isArray(data)) return { list: data.map((entry) => keyOf(entry)).sort() };
  if (data.resultType === 'scalar') return { scalar: [shownPoint(data.result)] };
  return Object.fromEntries(
    data.result
      .map(
        ({ metric, value, values = [] }) =>
          [keyOf(metric), [...(value ? [value] : []), ...values].map(shownPoint)] as const,
      )
      .sort(([one], [other]) => (one < other ? -1 : 1)),
  );
}

/** Sums of floating-point numbers differ in their last digits with the order of the summands. */
function shownPoint([time, value]: readonly [number, string]): string {
  return `${time} ${Number(value).toPrecision(12)}`;
}

function keyOf(labels: string | Readonly<Record<string, string>>): string {
  return typeof labels === 'string' ? labels : JSON.stringify(Object.entries(labels).sort());
}
