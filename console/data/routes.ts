/**
 * The API's routes as types: a path that the contract does not have, or a parameter too few, is an error of the compiler. Only types are
 * imported, so that none of the schemas is in the page.
 */
import type { ROUTES } from '../../api/contract/routes.ts';

type AnyRoute = (typeof ROUTES)[number];
export type Method = AnyRoute['method'];

/** Paths of the contract that answer to a method: `/tenants/{tenant}/hosts`. */
export type PathOf<M extends Method> = Extract<AnyRoute, { method: M }>['path'];

export type RouteAt<M extends Method, P extends string> = Extract<AnyRoute, { method: M; path: P }>;

/** What a route answers as JSON; undefined where it has no body. */
export type AnswerOf<R> = R extends { answer: { _zod: { output: infer Output } } } ? Output : undefined;

/** The body that a route takes. */
export type BodyOf<R> = R extends { body: { _zod: { input: infer Input } } } ? Input : undefined;

type NamesIn<P extends string> = P extends `${string}{${infer Name}}${infer Rest}` ? Name | NamesIn<Rest> : never;

/** A value for each `{name}` in a path. */
export type ParamsOf<P extends string> = { readonly [Name in NamesIn<P>]: string };

/** Query parameters as they are written: lists with commas. What is undefined is left out. */
export type Query = Readonly<Record<string, string | number | undefined>>;

/** The address below `/api/v1`: values are encoded, parameters are sorted, so that equal questions have equal addresses. */
export function addressOf<P extends string>(path: P, params: ParamsOf<P>, query: Query = {}): string {
  const values: Readonly<Record<string, string>> = params;
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? ''));
  const entries = Object.entries(query)
    .filter((entry): entry is [string, string | number] => entry[1] !== undefined && entry[1] !== '')
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]): [string, string] => [name, String(value)]);
  return entries.length === 0 ? filled : `${filled}?${new URLSearchParams(entries).toString()}`;
}
