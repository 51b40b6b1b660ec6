/** The gRPC service of Cloud Monitoring, from the protos that the client library itself ships. */

import protos from '@google-cloud/monitoring/build/protos/protos.json' with { type: 'json' };
import { loadPackageDefinition, type ServiceClientConstructor, type ServiceDefinition, status } from '@grpc/grpc-js';
import { fromJSON } from '@grpc/proto-loader';

/** A status other than OK: thrown by what answers, sent by the server. */
export class GcpError extends Error {
  readonly code: status;

  constructor(code: status, message: string) {
    super(message);
    this.code = code;
  }
}

/** Stands for an answer that is no message of the protocol. */
export const GARBAGE = Symbol('garbage');

/** What clients over HTTP would see: https://cloud.google.com/apis/design/errors#handling_errors */
const HTTP_STATUS: Partial<Record<status, number>> = {
  [status.INVALID_ARGUMENT]: 400,
  [status.PERMISSION_DENIED]: 403,
  [status.NOT_FOUND]: 404,
  [status.RESOURCE_EXHAUSTED]: 429,
  [status.UNAVAILABLE]: 503,
};

export function httpStatusOf(code: status): number {
  return HTTP_STATUS[code] ?? 500;
}

let known: ServiceDefinition | undefined;

/**
 * `google.monitoring.v3.MetricService`; answers that are `GARBAGE` are sent as bytes that no client understands. Made once: the protos
 * take longer to read than a small fleet does.
 */
export function metricService(): ServiceDefinition {
  known ??= readMetricService();
  return known;
}

function readMetricService(): ServiceDefinition {
  const loaded = loadPackageDefinition(
    fromJSON(protos, { longs: String, enums: String, defaults: true, oneofs: true }),
  );
  const { service } = constructorAt(loaded, ['google', 'monitoring', 'v3', 'MetricService']);
  const { ListTimeSeries: method } = service;
  if (method === undefined) throw new Error('the protos have no ListTimeSeries');
  const responseSerialize = (value: unknown) =>
    value === GARBAGE ? Buffer.from('<html>Sign in to the hotel network') : method.responseSerialize(value);
  return { ...service, ListTimeSeries: { ...method, responseSerialize } };
}

function constructorAt(tree: object, path: readonly string[]): ServiceClientConstructor {
  const found = path.reduce<unknown>(
    (node, name) => Object.entries(Object(node)).find(([key]) => key === name)?.[1],
    tree,
  );
  if (!isServiceConstructor(found)) throw new Error(`the protos have no ${path.join('.')}`);
  return found;
}

function isServiceConstructor(value: unknown): value is ServiceClientConstructor {
  return typeof value === 'function' && 'service' in value;
}
