/** What several answers have in common: hosts, moments and figures, as people and scripts read them. */
import * as z from 'zod';
import { SEVERITIES } from '../../core/model/finding.ts';
import { type Curve, curveSchema } from '../../core/model/host-memory.ts';
import { isoTime } from '../../core/model/notation.ts';
import { HOST_KINDS, PROVIDERS, UNITS } from '../../core/model/series.ts';
import { GRADES } from '../../core/model/verdict.ts';
import { refSchema } from './route.ts';

export const count = z.int().min(0);
export const time = isoTime;
export const provider = z.enum(PROVIDERS);
export const severity = z.enum(SEVERITIES);
export const grade = z.enum(GRADES);
export const unit = z.enum(UNITS);

/** A host, and how the API refers to it. */
export const hostView = z.strictObject({
  ref: refSchema,
  provider,
  account: z.string(),
  region: z.string().nullable(),
  id: z.string(),
  name: z.string().nullable(),
  /** Null of a machine. */
  kind: z.enum(HOST_KINDS).nullable(),
  group: z.string().nullable(),
  /** By a label of the host that names one. */
  version: z.string().nullable(),
});
export type HostView = z.output<typeof hostView>;

/** When the limit is reached, as of the evaluated window; a bound that is beyond the horizon is null. */
export const exhaustionView = z.strictObject({
  earliest: time,
  likely: time.nullable(),
  latest: time.nullable(),
});
export type ExhaustionView = z.output<typeof exhaustionView>;

/** In the unit that stands beside it. */
export const curveView = curveSchema;
export type CurveView = Curve;

export const spanView = z.strictObject({ start: time, end: time });
