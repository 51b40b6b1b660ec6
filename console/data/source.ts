/** Where the page's data comes from: the API over HTTP, or answers that are embedded in a report. */
import type { AnswerOf, BodyOf, Method, ParamsOf, PathOf, Query, RouteAt } from './routes.ts';

export interface ReadOptions {
  readonly query?: Query;
  readonly signal?: AbortSignal;
}

export interface SendOptions<M extends Method, P extends string> {
  /** JSON, as the contract's body of the route. */
  readonly body?: BodyOf<RouteAt<M, P>>;
  readonly query?: Query;
  /** The ETag of what was read before; the write is refused where it is another by now. */
  readonly ifMatch?: string;
  readonly signal?: AbortSignal;
}

export interface Source {
  /** Whether it can change anything, and whether asking again may give another answer. A report is false. */
  readonly live: boolean;

  /**
   * @throws ApiError where the API answers with a problem, and where it does not answer.
   */
  get<P extends PathOf<'get'>>(
    path: P,
    params: ParamsOf<P>,
    options?: ReadOptions,
  ): Promise<AnswerOf<RouteAt<'get', P>>>;

  /**
   * Writes, and reads by POST.
   * @throws ApiError as `get`; of status 412 where `ifMatch` is not what is stored.
   */
  send<M extends Exclude<Method, 'get'>, P extends PathOf<M>>(
    method: M,
    path: P,
    params: ParamsOf<P>,
    options?: SendOptions<M, P>,
  ): Promise<AnswerOf<RouteAt<M, P>>>;

  /** The ETag of the newest answer to this question; undefined where none was read or it has none. */
  etagOf<P extends PathOf<'get'>>(path: P, params: ParamsOf<P>, query?: Query): string | undefined;

  /**
   * The answer as a file, for routes that answer no JSON and for exports.
   * @throws ApiError as `get`.
   */
  download<P extends PathOf<'get'>>(path: P, params: ParamsOf<P>, options?: ReadOptions): Promise<Blob>;
}
