/** The handler of every route. */
import type { Handlers } from '../call.ts';
import { accessHandlers } from './access.ts';
import { alertHandlers } from './alerts.ts';
import { anomalyHandlers } from './anomalies.ts';
import { answerHandlers } from './answers.ts';
import { configHandlers } from './config.ts';
import { coverageHandlers } from './coverage.ts';
import { hostAnomalyHandlers } from './host-anomalies.ts';
import { hostMemoryHandlers } from './host-memory.ts';
import { hostHandlers } from './hosts.ts';
import { incidentHandlers } from './incidents.ts';
import { ingestTokenHandlers } from './ingest-tokens.ts';
import { inspectionHandlers } from './inspections.ts';
import { markHandlers } from './marks.ts';
import { overviewHandlers } from './overview.ts';
import { recordingHandlers } from './recordings.ts';
import { runHandlers } from './runs.ts';
import { sessionHandlers } from './session.ts';
import { sparklineHandlers } from './sparklines.ts';

export const HANDLERS: Handlers = {
  ...sessionHandlers,
  ...overviewHandlers,
  ...runHandlers,
  ...coverageHandlers,
  ...accessHandlers,
  ...hostHandlers,
  ...sparklineHandlers,
  ...incidentHandlers,
  ...answerHandlers,
  ...markHandlers,
  ...hostMemoryHandlers,
  ...hostAnomalyHandlers,
  ...recordingHandlers,
  ...configHandlers,
  ...alertHandlers,
  ...anomalyHandlers,
  ...inspectionHandlers,
  ...ingestTokenHandlers,
};
