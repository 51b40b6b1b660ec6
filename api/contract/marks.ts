/** Mutes and labels: what people decide about incidents and hosts, with a reason. */
import * as z from 'zod';
import { subjectSchema } from '../../core/model/mute.ts';
import { time } from './places.ts';
import type { Route } from './route.ts';

const muteFields = {
  id: z.string(),
  subject: subjectSchema,
  /** The subject in words. */
  about: z.string(),
  reason: z.string(),
  by: z.string(),
  at: time,
};
export const muteView = z.strictObject({ ...muteFields, until: time, active: z.boolean() });
export type MuteView = z.output<typeof muteView>;
export const labelView = z.strictObject({
  ...muteFields,
  kind: z.enum(['false-positive', 'true-positive', 'known-leak', 'normal-period']),
  from: time.nullable(),
  to: time.nullable(),
  /** What look-alikes of it are, in words; null where it mutes nothing. */
  likeness: z.string().nullable(),
});
export type LabelView = z.output<typeof labelView>;

const reason = z.string().trim().min(3).max(500);

export const muteBody = z.strictObject({ subject: subjectSchema, reason, until: time });
export const labelBody = z.strictObject({
  kind: z.enum(['false-positive', 'true-positive', 'known-leak', 'normal-period']),
  subject: subjectSchema,
  reason,
  from: time.nullable().default(null),
  to: time.nullable().default(null),
});

export const MARK_ROUTES = [
  {
    id: 'listMutes',
    method: 'get',
    tag: 'mutes and labels',
    path: '/tenants/{tenant}/mutes',
    summary: 'Mutes, active ones first',
    role: 'viewer',
    answer: z.strictObject({ items: z.array(muteView) }),
  },
  {
    id: 'addMute',
    method: 'post',
    tag: 'mutes and labels',
    path: '/tenants/{tenant}/mutes',
    summary: 'Mute an incident, or hosts',
    role: 'operator',
    body: muteBody,
    answer: muteView,
    status: 201,
  },
  {
    id: 'removeMute',
    method: 'delete',
    tag: 'mutes and labels',
    path: '/tenants/{tenant}/mutes/{mute}',
    summary: 'Take a mute back',
    role: 'operator',
    query: z.object({ reason: reason.default('taken back') }),
    status: 204,
  },
  {
    id: 'listLabels',
    method: 'get',
    tag: 'mutes and labels',
    path: '/tenants/{tenant}/labels',
    summary: 'Labels',
    role: 'viewer',
    answer: z.strictObject({ items: z.array(labelView) }),
  },
  {
    id: 'addLabel',
    method: 'post',
    tag: 'mutes and labels',
    path: '/tenants/{tenant}/labels',
    summary: 'Label an incident, a host or a group',
    role: 'operator',
    body: labelBody,
    answer: labelView,
    status: 201,
  },
  {
    id: 'removeLabel',
    method: 'delete',
    tag: 'mutes and labels',
    path: '/tenants/{tenant}/labels/{label}',
    summary: 'Take a label back',
    role: 'operator',
    query: z.object({ reason: reason.default('taken back') }),
    status: 204,
  },
] as const satisfies readonly Route[];
