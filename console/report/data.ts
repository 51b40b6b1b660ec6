/** What a report has embedded: answers of the API, and which incidents they are about. */
import type { Problem } from '../../api/contract/route.ts';
import type { AnomalyView } from '../../core/model/anomaly-view.ts';
import type { Snapshot } from '../data/snapshot-source.ts';

/** The element that holds it as JSON. */
export const DATA_ID = 'report-data';

export interface ReportedIncident {
  readonly ref: string;
  readonly host: string;
  readonly severity: string;
  readonly status: string;
  /** ISO 8601. */
  readonly since: string;
  readonly fullAt: string | null;
}

export interface ReportData {
  readonly title: string;
  readonly tenant: string;
  /** When it was made, ISO 8601. */
  readonly madeAt: string;
  /** What the page counts from, ISO 8601: of recorded series their end, else when it was made. */
  readonly asOf: string;
  /** Of Plimsoll. */
  readonly version: string;
  /** The most urgent first. */
  readonly incidents: readonly ReportedIncident[];
  /** One metric of one host each, the most urgent first. Absent where none was requested. */
  readonly metrics?: readonly AnomalyView[];
  /** What the report does not have, and why. */
  readonly gaps: readonly string[];
  readonly answers: Snapshot;
  /** Why an answer is not there, by its address. */
  readonly problems: Readonly<Record<string, Problem>>;
}
