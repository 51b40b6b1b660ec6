/** What a handler gets and gives, by the contract of its route. */
import type * as z from 'zod';
import type { Role } from '../core/model/audit.ts';
import type { StoredTenant } from '../core/model/tenant.ts';
import type { ROUTES, RouteId } from './contract/routes.ts';
import type { HeadCache } from './fleet/heads.ts';
import type { ApiPorts, Principal, TenantPorts } from './ports.ts';

type RouteOf<Id extends RouteId> = Extract<(typeof ROUTES)[number], { readonly id: Id }>;

type Names<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never;

type Parsed<Of, Field extends string> = Of extends { readonly [field in Field]: infer Schema extends z.ZodType }
  ? z.output<Schema>
  : undefined;

/** A tenant that exists, and that the caller may see. */
export interface TenantCall {
  readonly id: string;
  readonly role: Role;
  /** The newest version of its config. */
  readonly stored: StoredTenant;
  readonly ports: TenantPorts;
}

/** What an entry of the audit log has beside the route. */
export interface AuditNote {
  /** What it was done to, where the address does not name it. */
  subject?: string;
  /** Of a change of the config: the version that it made. */
  version?: number;
}

interface CallOf<Of extends { readonly path: string; readonly role: string }> {
  /** Parts of the address. */
  readonly params: Readonly<Record<Names<Of['path']>, string>>;
  readonly query: Parsed<Of, 'query'>;
  readonly body: Parsed<Of, 'body'>;
  readonly principal: Of['role'] extends 'public' ? undefined : Principal;
  readonly tenant: Of['path'] extends `/tenants/{tenant}${string}` ? TenantCall : undefined;
  readonly api: ApiPorts;
  readonly heads: HeadCache;
  /** Epoch milliseconds. */
  readonly now: number;
  /** Of the request, for logs and the audit log. */
  readonly id: string;
  /** Of the answer: a handler may add some. */
  readonly headers: Headers;
  readonly audit: AuditNote;
}

export type Call<Id extends RouteId> = CallOf<RouteOf<Id>>;

/** An answer with the ETag of what it shows. */
export interface Tagged<Value> {
  readonly value: Value;
  readonly etag: string;
}

/** An answer that is not JSON of the contract, or that is long: it is handed on while it is read, and collected by a gateway that takes it as one. */
export interface RawAnswer {
  readonly body: string | AsyncIterable<string>;
  /** Name under which a browser saves it. */
  readonly filename?: string;
}

type AnswerOf<Of> = Of extends { readonly answer: infer Schema extends z.ZodType }
  ? Of extends { readonly etag: true }
    ? Tagged<z.output<Schema>>
    : z.output<Schema>
  : Of extends { readonly mediaType: string }
    ? RawAnswer
    : undefined;

export type Answer<Id extends RouteId> = AnswerOf<RouteOf<Id>>;

/** Throws `ProblemError`, or what the use cases throw. */
export type Handler<Id extends RouteId> = (call: Call<Id>) => Promise<Answer<Id>>;

export type Handlers = { readonly [Id in RouteId]: Handler<Id> };

/** The handlers of some routes. */
export type HandlersOf<Id extends RouteId> = Pick<Handlers, Id>;
