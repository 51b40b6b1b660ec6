/** What the events of a topic are about: those about the same go to a receiver in order, as one thread, alert or incident there. */
import { isServiceEvent, type PublishedEvent, type ServiceEvent } from './service-event.ts';

/** The incident of an event about a host; of one about Plimsoll itself what it begins or ends. */
export function subjectOf(event: PublishedEvent): string {
  return isServiceEvent(event) ? serviceSubject(event) : event.data.incident;
}

/** Of two events about the same the later one has the greater number. */
export function orderOf(event: PublishedEvent): number {
  return isServiceEvent(event) ? Date.parse(event.time) : event.data.transition;
}

function serviceSubject({ id, source, data }: ServiceEvent): string {
  switch (data.kind) {
    case 'inspection_failed':
    case 'inspection_restored':
      return `${source}/inspection`;
    case 'cadence_reduced':
    case 'cadence_restored':
      return `${source}/cadence`;
    case 'jobs_failed':
    case 'jobs_restored':
      return `${source}/jobs`;
    case 'receiver_failing':
    case 'receiver_restored':
      return `${source}/receivers/${data.receiver}`;
    case 'agents_stopped':
    case 'alive':
    case 'digest':
    case 'shadow_summary':
    case 'test':
      return id;
  }
}
