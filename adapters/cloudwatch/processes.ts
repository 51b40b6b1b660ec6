/**
 * The processes of a host, as the agent's procstat section publishes them: no process id, but the name of the process and the
 * selector by which the section found it (`exe`, `pattern` or `pidfile`).
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-Agent-procstat-process-metrics.html
 */
import type { Consumed } from './consumer-samples.ts';
import { type DimensionedMetric, type Dimensions, dimensionValue, moreSpecificFirst } from './hosts.ts';
import type { LINUX_PROCESSES } from './metrics.ts';

const SELECTORS = ['exe', 'pattern', 'pidfile'] as const;
const PROCESS = 'process_name';

/** What a section writes that is to find every process, as a regular expression or, on Windows, as a WMI pattern. */
const FINDS_ALL: readonly string[] = ['.', '.*', '.+', '^.*$', '^.+$', '%'];

/** A process's dimension set, taken apart. */
interface Way {
  readonly dimensions: Dimensions;
  /** `exe=java`. */
  readonly selector: string;
  readonly findsAll: boolean;
  readonly process: string;
}

/**
 * One consumer for each process name and selector. Where one section finds every process the others find a part of them once
 * more, and are left out: memory must not be counted twice.
 *
 * @param looks The dimension sets of the process counts, which name no process: one for each selector, and one more for each
 * way to find processes (`pid_finder`) that the agent used in turn.
 * @param otherwise What counts the looks of a section that does not publish its process count: the agent collects all of
 * its sections at one interval unless it is configured otherwise.
 */
export function processesOf(
  sets: readonly Dimensions[],
  looks: readonly Dimensions[],
  names: typeof LINUX_PROCESSES,
  otherwise: readonly DimensionedMetric[],
): Consumed[] {
  const ways = sets.map(wayOf).filter((way) => way !== undefined);
  const complete = ways.filter(({ findsAll }) => findsAll);
  const chosen = complete.length > 0 ? ways.filter(({ selector }) => selector === complete[0]?.selector) : ways;
  const selectorsOf = Map.groupBy(chosen, ({ process }) => process);
  const looksOf = Map.groupBy(looks, selectorOf);
  return [...Map.groupBy(chosen, ({ process, selector }) => JSON.stringify([process, selector])).values()].flatMap(
    (same) => {
      const [way] = same.toSorted((a, b) => moreSpecificFirst(a.dimensions, b.dimensions));
      if (way === undefined) return [];
      const { process, selector, dimensions } = way;
      const shared = new Set(selectorsOf.get(process)?.map((other) => other.selector)).size > 1;
      const counts = mostSpecific(looksOf.get(selector) ?? []);
      return {
        consumer: { kind: 'process', name: shared ? `${process} (${selector})` : process },
        memory: { metric: names.memory, dimensions },
        looks: counts.length > 0 ? counts.map((set) => ({ metric: names.looks, dimensions: set })) : otherwise,
      };
    },
  );
}

/** Undefined for a roll-up over several processes. */
function wayOf(dimensions: Dimensions): Way | undefined {
  const selector = selectorOf(dimensions);
  const process = dimensionValue(dimensions, PROCESS);
  if (selector === undefined || process === undefined) return undefined;
  return { dimensions, selector, process, findsAll: FINDS_ALL.includes(selector.slice(selector.indexOf('=') + 1)) };
}

/** Without roll-ups, which would count the same looks again: those that have all names of the most specific one. */
function mostSpecific(sets: readonly Dimensions[]): Dimensions[] {
  const [best] = sets.toSorted(moreSpecificFirst);
  return best ? sets.filter((set) => namesOf(set) === namesOf(best)) : [];
}

function namesOf(dimensions: Dimensions): string {
  return JSON.stringify(dimensions.map(({ Name }) => Name).sort());
}

function selectorOf(dimensions: Dimensions): string | undefined {
  const name = SELECTORS.find((each) => dimensionValue(dimensions, each) !== undefined);
  return name && `${name}=${dimensionValue(dimensions, name)}`;
}
