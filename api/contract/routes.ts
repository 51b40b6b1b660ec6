/** Every route of the API. */
import { ACCESS_ROUTES } from './access.ts';
import { ANOMALY_ROUTES } from './anomalies.ts';
import { CONFIG_ROUTES } from './config.ts';
import { HOST_ROUTES } from './hosts.ts';
import { INCIDENT_ROUTES } from './incidents.ts';
import { INGEST_TOKEN_ROUTES } from './ingest-tokens.ts';
import { INSPECTION_ROUTES } from './inspections.ts';
import { MARK_ROUTES } from './marks.ts';
import { RECORDING_ROUTES } from './recordings.ts';
import { TENANT_ROUTES } from './tenants.ts';

export const ROUTES = [
  ...TENANT_ROUTES,
  ...ACCESS_ROUTES,
  ...INGEST_TOKEN_ROUTES,
  ...HOST_ROUTES,
  ...ANOMALY_ROUTES,
  ...INCIDENT_ROUTES,
  ...MARK_ROUTES,
  ...RECORDING_ROUTES,
  ...CONFIG_ROUTES,
  ...INSPECTION_ROUTES,
] as const;

/** Ids of the routes: each has a handler. */
export type RouteId = (typeof ROUTES)[number]['id'];
