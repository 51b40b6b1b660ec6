/** Scaling and deployment events in words. */
import type { ScalingEvent, ScalingKind } from '../model/scaling-event.ts';
import { counted } from './units.ts';

const SCALING_TEXT: Readonly<Record<ScalingKind, string>> = {
  launched: 'launched',
  launch_failed: 'a launch failed',
  terminated: 'terminated',
  terminate_failed: 'a termination failed',
  detached: 'detached',
  resized: 'its size was set',
  changed: 'its definition was changed',
  deleted: 'it was deleted',
  refresh_started: 'an instance refresh began',
  refresh_checkpoint: 'an instance refresh reached a checkpoint',
  refresh_baking: 'an instance refresh waits before it ends',
  refresh_succeeded: 'an instance refresh ended',
  refresh_failed: 'an instance refresh failed',
  refresh_cancelled: 'an instance refresh was cancelled',
  rollback_started: 'a rollback began',
  rollback_succeeded: 'a rollback ended',
  rollback_failed: 'a rollback failed',
  deployed: 'deployed',
};

/** Kinds that are about single hosts. */
const OF_HOSTS: readonly ScalingKind[] = ['launched', 'terminated', 'detached'];

/** What happened to a group: `2 hosts launched`, `its size was set`, `v2.31 deployed`. */
export function scalingText({ kind, hosts, name }: Pick<ScalingEvent, 'kind' | 'hosts' | 'name'>): string {
  if (kind === 'deployed' && name !== undefined) return `${name} deployed`;
  if (!OF_HOSTS.includes(kind)) return SCALING_TEXT[kind];
  return `${hosts.length === 0 ? 'hosts' : counted(hosts.length, 'host')} ${SCALING_TEXT[kind]}`;
}
