/** Asks the API, which is in this process, and gives its answers as their schemas describe them. */
import type { Hono } from 'hono';
import type * as z from 'zod';
import { API_ROOT } from '../../api/app.ts';
import { problemSchema } from '../../api/contract/route.ts';
import { PlimsollError } from '../../core/ports/errors.ts';

/** Opens the API when it is needed first. */
export type OpenApi = () => Promise<Hono>;

/** A problem that the API answered, in its words. */
class AnswerError extends PlimsollError {}

type Query = Readonly<Record<string, string | number | undefined>>;

export interface ApiClient {
  /** @param path Below the root of the API. Throws `AnswerError`. */
  get<Schema extends z.ZodType>(path: string, answer: Schema, query?: Query): Promise<z.output<Schema>>;
}

export function createApiClient(openApi: OpenApi): ApiClient {
  return {
    async get(path, answer, query = {}) {
      const api = await openApi();
      const parameters = new URLSearchParams();
      for (const [name, value] of Object.entries(query)) if (value !== undefined) parameters.set(name, String(value));
      const response = await api.request(`${API_ROOT}${path}?${parameters}`);
      const content: unknown = await response.json();
      if (response.ok) return answer.parse(content);
      const problem = problemSchema.safeParse(content);
      throw new AnswerError(problem.success ? problem.data.detail : `The API answered ${response.status}.`);
    },
  };
}

/** A part of a path. */
export function segment(text: string): string {
  return encodeURIComponent(text);
}
