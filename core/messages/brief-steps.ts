/**
 * What a person can do about a finding, by its pattern and evidence: what helps first comes first. It is advice about steady growth,
 * which may be legitimate.
 */
import type { NotificationData, NotificationLeak } from '../model/notification.ts';
import type { PatternName } from '../model/verdict.ts';
import { anomalySteps } from './anomaly-steps.ts';
import { consumerName } from './attribution.ts';
import type { Step } from './brief.ts';
import { hostNoun, hostsNoun, lookCommand, restartCommand, restartedText, undoCommand } from './container-host.ts';
import { lastDuration } from './cycles.ts';
import { explainCommand, explainNeeds } from './explain-command.ts';
import { falsePositiveCommand, muteCommand, relatedCommand } from './incident-commands.ts';
import { deadlineOf, NIGHT } from './lead.ts';
import { momentText } from './moments.ts';
import { displayText } from './plain-text.ts';

/** Below this a pattern's name is a guess, and advice that follows from it misleads. */
const PATTERN_KNOWN = 0.5;

/** What the shape of the growth suggests. A pattern of another version has none. */
const BY_PATTERN: Readonly<Record<PatternName, string>> = {
  linear: 'It grows evenly: look for what is kept for each request, timer or connection and never given back.',
  creep: 'It grows slowly: look for a cache, a registry or a set of metric labels without a bound.',
  exponential:
    'It accelerates, so that the forecast may be late: look for retries, queues or copies that feed themselves.',
  sawtooth: 'Its floor rises from one collection to the next: look at what survives garbage collection.',
  staircase: 'It rises in steps: compare their times with jobs, imports and reloads.',
  load_proportional:
    'It follows the load: compare with requests and sessions. More hosts, or more memory, may be the answer.',
};

/** How to keep the evidence that a restart destroys, by the name of the process. */
const HEAP_DUMPS: readonly (readonly [RegExp, string])[] = [
  [/^java/, 'jcmd PID GC.heap_dump /tmp/before-restart.hprof'],
  [/^dotnet/, 'dotnet-gcdump collect -p PID'],
];

/** @param now Epoch milliseconds: a time that is past by then is stated as past. */
export function stepsOf(data: NotificationData, now: number): Step[] {
  switch (data.kind) {
    case 'recovered':
      return recoveredSteps(data);
    case 'cleared':
    case 'host_gone':
      return [];
    case 'no_data':
      return [lookStep(data), ...(data.finding === 'anomaly' ? [] : [explain(data)])];
    default:
      return activeSteps(data, now);
  }
}

function lookStep({ host, finding }: NotificationData): Step {
  if (finding === 'anomaly') return { text: 'Look whether the host, or what reports its metrics, has stopped.' };
  if (host.kind === undefined)
    return { text: 'Look whether the host, or the agent that reports its memory, has stopped.' };
  const text = `Look whether the ${host.kind} still runs, and whether its cluster still reports its memory:`;
  return { text, ...commandFrom(lookCommand(host)) };
}

function recoveredSteps({ end, cycles }: NotificationData): Step[] {
  if (end?.how !== 'memory_given_back') return [];
  const next = (cycles?.cycle ?? 1) + 1;
  return [
    {
      text: `Whether that has cured it is seen at the same age: if it grows again, it opens again, for the ${next}${next === 2 ? 'nd' : next === 3 ? 'rd' : 'th'} time.`,
    },
  ];
}

function activeSteps(data: NotificationData, now: number): Step[] {
  switch (data.finding) {
    case 'fleet':
      return [
        {
          text: `Compare what they have in common: version, configuration, traffic, jobs. Roll back what came before ${data.fleet?.anomaly ? 'it' : 'the growth'}.`,
        },
        { text: 'See them, and what happened near it:', command: relatedCommand(data.incident, data.stage) },
        ...expectedSteps(data),
      ];
    case 'exhausted':
      return [
        { text: 'Give it more memory, or less to do: it needs what it has not.' },
        {
          text: 'Find out whether it fills by a leak, or needs this much from the start:',
          ...commandFrom(explain(data).command),
        },
        ...expectedSteps(data),
      ];
    case 'early':
      return [
        { text: `Compare what differs between this ${hostNoun(data.host)} and the others: version, traffic, jobs.` },
        { text: 'It is compared again until it is nine hours old; from then on its own history decides.' },
        ...expectedSteps(data),
      ];
    case 'anomaly':
      return anomalySteps(data);
    case 'leak':
      return leakSteps(data, now);
  }
}

function leakSteps(data: NotificationData, now: number): Step[] {
  const deadline = deadlineOf(data);
  const isUrgent = deadline !== undefined && deadline - now < NIGHT;
  const [gainTime, cause] = [restartSteps(data, deadline, now), [rollBack(data)]];
  return [
    ...(data.kind === 'suspected' ? cause : isUrgent ? [...gainTime, ...cause] : [...cause, ...gainTime]),
    ...patternSteps(data.leak),
    explain(data),
    ...expectedSteps(data),
  ];
}

/** To what came before the growth; where siblings on another version do not grow, that is as good as proof. */
function rollBack(data: NotificationData): Step {
  return { text: rollBackText(data), ...commandFrom(undoCommand(data.host)) };
}

function rollBackText({ leak, context, timezone, host }: NotificationData): string {
  const { siblings = [], deployments = [] } = context ?? {};
  const [growing, spared] = [siblings.filter(({ grow, of }) => grow === of), siblings.filter(({ grow }) => grow === 0)];
  const [bad, good] = [growing[0], spared[0]];
  if (bad && good && growing.length + spared.length === siblings.length) {
    return `Roll back ${displayText(bad.version)}: all ${bad.of} ${hostsNoun(host)} on it grow, and none of the ${good.of} on ${displayText(good.version)}.`;
  }
  const last = deployments.at(-1);
  if (last !== undefined) {
    return `Roll back ${displayText(last.name)}, deployed at ${momentText(Date.parse(last.at), timezone)}: the growth began with it.`;
  }
  const began = leak?.onset;
  const before = began ? `before ${momentText(Date.parse(began.latest), timezone)}` : 'before it began';
  return `Roll back what was deployed ${before}, where it explains the growth.`;
}

function restartSteps(data: NotificationData, deadline: number | undefined, now: number): Step[] {
  const { leak, cycles, host } = data;
  const top = leak?.attribution?.kind === 'attributed' ? leak.attribution.grown[0] : undefined;
  // A container restarts with its workload, whatever grew inside of it.
  const workload = restartedText(host);
  const grown = top === undefined ? 'what leaks' : displayText(consumerName(top));
  const what = workload === undefined ? grown : displayText(workload);
  const lasted = cycles && lastDuration(cycles);
  const gained =
    lasted === undefined
      ? 'It gains time and cures nothing.'
      : `It gains about ${lasted}, as last time, and cures nothing.`;
  const dump = HEAP_DUMPS.find(([name]) => name.test(top?.name ?? ''))?.[1];
  return [
    ...(dump === undefined ? [] : [{ text: 'Keep the evidence first: a restart destroys it.', command: dump }]),
    {
      text: `${restartText(what, data, deadline, now)}, or raise its limit. ${gained}`,
      ...commandFrom(restartCommand(host)),
    },
  ];
}

function restartText(
  what: string,
  { restartBy, timezone }: NotificationData,
  deadline: number | undefined,
  now: number,
): string {
  if (deadline === undefined) return `Restart ${what}`;
  const until = momentText(deadline, timezone);
  if (deadline < now) {
    const past = restartBy ? 'The safe time for a restart was' : 'The memory may have been full since';
    return `${past} ${until}: restart ${what} as soon as you can`;
  }
  return `Restart ${what} before ${until}${windowText(restartBy?.window, timezone, now)}`;
}

type RestartWindow = NonNullable<NotificationData['restartBy']>['window'];

/** Empty where no window is planned, or it is over by now. */
function windowText(window: RestartWindow | undefined, timezone: string | undefined, now: number): string {
  if (!window || Date.parse(window.end) <= now) return '';
  const start = Date.parse(window.start);
  return start < now ? ', best now' : `, best from ${momentText(start, timezone)} on`;
}

function patternSteps(leak: NotificationLeak | undefined): Step[] {
  if (!leak?.pattern || leak.pattern.confidence < PATTERN_KNOWN) return [];
  const advice = new Map<string, string>(Object.entries(BY_PATTERN)).get(leak.pattern.name);
  return advice === undefined ? [] : [{ text: advice }];
}

function explain({ host, tenant }: NotificationData): Step {
  const needs = explainNeeds(host);
  const first = needs === null ? '' : `, ${needs}`;
  return { text: `See the reasons and the curve${first}:`, command: explainCommand(host, tenant) };
}

function commandFrom(command: string | undefined): Pick<Step, 'command'> {
  return command === undefined ? {} : { command };
}

function expectedSteps({ incident, stage }: NotificationData): Step[] {
  return [
    { text: 'Where it is expected (a cache that fills, more load), mute it:', command: muteCommand(incident, stage) },
    {
      text: 'Where it is a false alarm, look-alikes can be held back:',
      command: falsePositiveCommand(incident, stage),
    },
  ];
}
