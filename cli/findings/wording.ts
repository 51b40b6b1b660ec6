/** How hosts, accounts and severities look on a terminal: names from outside are made harmless there. */

import * as locations from '../../core/messages/locations.ts';
import type { Severity } from '../../core/model/finding.ts';
import type { Resource, Scope } from '../../core/model/series.ts';
import { harmless, type Tone } from '../render/text.ts';

export const SEVERITY_TONE: Readonly<Record<Severity, Tone>> = {
  low: 'dim',
  medium: 'accent',
  high: 'warn',
  critical: 'bad',
};

/** The name that people know a host by. */
export function hostName(resource: Resource): string {
  return harmless(locations.hostName(resource));
}

/** `web-7 (i-0a1b2c3d)`, or the id alone where there is no name. */
export function hostNameAndId(resource: Resource): string {
  return harmless(locations.hostNameAndId(resource));
}

/** Ids of Azure are paths of a hundred characters and more, which end in the name. */
const LONGEST_ID = 40;

/** Whether the id would bury a sentence that it stands in. */
export function isPath({ name, id }: Resource): boolean {
  return name !== undefined && id.length > LONGEST_ID;
}

/** As `hostNameAndId`, for a sentence. */
export function hostTitle(resource: Resource): string {
  return isPath(resource) ? hostName(resource) : hostNameAndId(resource);
}

/** `aws 111122223333 eu-west-1`; of a trace file its name. */
export function scopeText(scope: Scope): string {
  return harmless(locations.scopeText(scope));
}
