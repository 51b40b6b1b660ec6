/** What a person can do about anomalies, by what the first of them is. */
import type { AnomalyType } from '../model/anomaly.ts';
import type { AnomalyFact } from '../model/anomaly-facts.ts';
import type { NotificationData } from '../model/notification.ts';
import type { Resource } from '../model/series.ts';
import { anomalyTitle } from './anomaly.ts';
import type { Step } from './brief.ts';
import { explainNeeds, shellWord } from './explain-command.ts';
import { muteCommand, relatedCommand, stageOption } from './incident-commands.ts';
import { momentText } from './moments.ts';
import { asciiText, displayText } from './plain-text.ts';

/** Metrics that a command of a step inspects. */
const INSPECTED = 3;

/** What the type suggests. One of another version suggests nothing. */
const BY_TYPE: Readonly<Record<Exclude<AnomalyType, 'fills'>, (title: string, at: string) => string>> = {
  spike: (_, at) => `Look at what ran near ${at}: scheduled tasks, deployments, traffic.`,
  dip: (_, at) => `Look whether its service stopped, or its traffic stayed away, near ${at}.`,
  shift_up: (_, at) =>
    `Compare with what was deployed, or sent to it, near ${at}: a level that stays has a cause that stays.`,
  shift_down: (_, at) => `Look whether part of its work stopped, or went elsewhere, near ${at}.`,
  season_broken: (_, at) => `Look for what did not run as usual near ${at}: a scheduled task, or the usual traffic.`,
  limit_crossed: (title) => `${title} is beyond what its metric allows: act on it, or correct the limit in the config.`,
  flat_line: () => 'Look whether what reports the metric still measures it, or the process behind it has stopped.',
};

/** What shows more on the host itself, by metric. */
const ON_HOST: Readonly<Record<string, string>> = {
  'system.cpu.utilization': 'ps -eo pid,pcpu,etime,args --sort=-pcpu | head',
  'system.cpu.load_average.1m': 'ps -eo pid,stat,pcpu,wchan,args --sort=-pcpu | head',
  'system.memory.utilization': 'ps -eo pid,rss,etime,args --sort=-rss | head',
  'system.network.errors': 'ip -s -s link',
};

export function anomalySteps(data: NotificationData): Step[] {
  const [first] = data.anomaly?.anomalies ?? [];
  return [
    ...(first === undefined
      ? []
      : [adviceOf(first, data.timezone), ...(data.host.kind === undefined ? onHost(first) : [])]),
    ...inspectSteps(data),
    { text: 'See what else happened near it:', command: relatedCommand(data.incident, data.stage) },
    { text: 'Where it is expected, mute it:', command: muteCommand(data.incident, data.stage) },
    ...jobStep(first),
  ];
}

function adviceOf(fact: AnomalyFact, timezone: string | undefined): Step {
  const title = anomalyTitle(fact);
  const at = momentText(Date.parse(fact.since), timezone);
  if (fact.type === 'fills') return { text: `Make room, or enlarge it: look at what grew since ${at}.` };
  const advice = new Map<string, (title: string, at: string) => string>(Object.entries(BY_TYPE)).get(fact.type);
  return { text: advice?.(title, at) ?? `Look at what happened near ${at}.` };
}

/** What takes the room of a disk, or the time of a processor: typed on the host itself. */
function onHost({ metric, part }: AnomalyFact): Step[] {
  const command = metric === 'system.filesystem.utilization' ? diskCommand(part) : ownCommand(metric);
  return command === undefined ? [] : [{ text: 'On the host, where it is one of Linux:', command }];
}

function ownCommand(metric: string): string | undefined {
  return Object.hasOwn(ON_HOST, metric) ? ON_HOST[metric] : undefined;
}

/** A label is text of a stranger: only what is a path makes a command. */
function diskCommand({ mountpoint = '' }: AnomalyFact['part']): string | undefined {
  if (!/^\/[\w./-]{0,100}$/.test(mountpoint)) return undefined;
  return `du -xh --max-depth=2 ${shellWord(mountpoint)} | sort -h | tail`;
}

/** The metrics of feeds are known to the config alone: the command reads them by the tenant. */
function inspectSteps({ anomaly, host, tenant, stage }: NotificationData): Step[] {
  const anomalies = anomaly?.anomalies ?? [];
  const metrics = [...new Set(anomalies.map(({ metric }) => metric))].slice(0, INSPECTED);
  if (metrics.length === 0) return [];
  const isCatalogued = metrics.every((metric) => /^system\.[\w.]+$/.test(metric));
  const needs = isCatalogued ? explainNeeds(host) : 'with credentials for the account that Plimsoll runs in';
  const first = needs === null ? '' : `, ${needs}`;
  const command = inspectCommand(
    host,
    metrics,
    isCatalogued && host.provider !== 'otlp' ? undefined : { tenant, stage },
  );
  return [{ text: `See the curve, and what was expected${first}:`, command }];
}

interface Deployment {
  readonly tenant: string;
  readonly stage: string | undefined;
}

/** As it is pasted into a shell. @param of Reads by the config of the tenant; undefined: with the reader's own credentials. */
function inspectCommand(
  { provider, account, region, id }: Pick<Resource, 'provider' | 'account' | 'region' | 'id'>,
  metrics: readonly string[],
  of: Deployment | undefined,
): string {
  const word = (text: string) => shellWord(asciiText(text));
  const whose = of === undefined ? `--provider ${provider}` : `--tenant ${word(of.tenant)} ${stageOption(of.stage)}`;
  const where = region === null || provider === 'prometheus' || provider === 'otlp' ? '' : ` --region ${word(region)}`;
  const which = metrics.map((metric) => `--metric ${word(metric)}`).join(' ');
  return `npx plimsoll inspect ${which} ${whose} --account ${word(account)}${where} --include ${word(`id=${id}`)}`;
}

function jobStep(fact: AnomalyFact | undefined): Step[] {
  if (fact === undefined) return [];
  return [
    {
      text: `Where it comes too often, raise the threshold of job ${displayText(fact.job)} in the config, or leave ${anomalyTitle({ ...fact, part: {} })} out of it.`,
    },
  ];
}
