/** Replays a past window of one region: of what would have been notified. It records nothing and publishes nothing. */
import { whenLeft } from '../inspection/deadline.ts';
import { unlabelled } from '../inspection/listed-finding.ts';
import type { ReplayRegion, ReplayRequest } from '../inspection/replay.ts';
import { createMeter } from '../inspection/run-summary.ts';
import { severityOf } from '../model/finding.ts';
import { fullHostSeverity } from '../model/full-host.ts';
import { MOST_REPLAYED, type RegionReplay, type ReplayedNotification } from '../model/inspection-result.ts';
import type { NotificationKind } from '../model/notification.ts';
import { isResource } from '../model/series.ts';
import type { Episode } from './episode.ts';
import type { FullEpisode } from './full-episode.ts';
import { type Backtested, backtestHosts } from './hosts.ts';

/** Time that is left when no further host is replayed, so that the result can be kept. */
const UNTIL_MS = 15_000;

export const replayRegion: ReplayRegion = async (request, { remainingMs }) => {
  const tally = startTally(request);
  const { policies, window: _, ...plan } = request;
  const signal = whenLeft({ remainingMs }, UNTIL_MS);
  for await (const host of backtestHosts({ ...plan, policies: [policies], meter: createMeter() }, signal)) {
    tally.add(host);
    // A replay computes for seconds without waiting for anything: no signal interrupts it.
    if (remainingMs() <= UNTIL_MS) {
      return { outcome: 'partial', reason: `${OUT_OF_TIME} ${tally.hosts.replayed} hosts`, replay: tally.replay() };
    }
  }
  const [failure] = tally.failures;
  return failure === undefined
    ? { outcome: 'complete', reason: null, replay: tally.replay() }
    : { outcome: 'partial', reason: `not everything could be read: ${failure}`, replay: tally.replay() };
};

const OUT_OF_TIME = 'time was up: give hosts, a group or a shorter window. Replayed were';

/** Counts, and the notifications: hosts are not kept. */
function startTally({ window, due }: ReplayRequest) {
  const hosts = { replayed: 0, notMonitored: 0, unreadable: 0 };
  const failures: string[] = [];
  const notified: ReplayedNotification[] = [];

  return {
    hosts,
    failures,
    add(host: Backtested): void {
      switch (host.kind) {
        case 'replayed': {
          hosts.replayed++;
          const facts = unlabelled(host.series.resource);
          const episodes = host.replays.flatMap((replay) => replay.episodes);
          const fullEpisodes = host.replays.flatMap((replay) => replay.fullEpisodes);
          const events = [...episodes.flatMap(eventsOf), ...fullEpisodes.flatMap(eventsOfFull)];
          for (const event of events) notified.push({ ...event, host: facts });
          return;
        }
        case 'not_monitored':
          hosts.notMonitored++;
          return;
        case 'unreadable':
          if (isResource(host.scope)) hosts.unreadable++;
          failures.push(host.detail);
      }
    },
    replay(): RegionReplay {
      const inOrder = notified.toSorted((a, b) => a.at - b.at);
      const inspections = due.length;
      const listed = inOrder.slice(0, MOST_REPLAYED);
      return { window, inspections, hosts: { ...hosts }, notified: listed, notifications: notified.length };
    },
  };
}

type Event = Omit<ReplayedNotification, 'host'>;

function eventOf(finding: Event['finding']) {
  return (kind: NotificationKind, at: number | null, severity: Event['severity']): Event[] =>
    at === null ? [] : [{ at, kind, finding, severity }];
}

/** The notifications of an episode, in order. Its evidence is that of the page, or of the suspicion where none came. */
function eventsOf({ suspectedAt, openedAt, worse, endedAt, severity, evidence }: Episode): Event[] {
  const first = severityOf(evidence.exhaustion, evidence.evaluated.end);
  const event = eventOf('leak');
  return [
    ...event('suspected', suspectedAt, openedAt === null ? first : null),
    ...event('opened', openedAt, first),
    ...worse.flatMap((one) => event('worse', one.at, one.severity)),
    ...event(openedAt === null ? 'cleared' : 'recovered', endedAt, severity),
  ];
}

/** The same of a full host. */
function eventsOfFull({ openedAt, worse, endedAt, severity, full }: FullEpisode): Event[] {
  const event = eventOf('exhausted');
  return [
    ...event('opened', openedAt, fullHostSeverity(full)),
    ...worse.flatMap((one) => event('worse', one.at, one.severity)),
    ...event('recovered', endedAt, severity),
  ];
}
