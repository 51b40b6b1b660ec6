/** The queries that are asked of Azure, and the only way in which a name gets into one. https://learn.microsoft.com/kusto/query/ */

import type { Resource } from '../../core/model/series.ts';
import type { MeanSpan } from '../../core/ports/memory-source.ts';

/** Everything but what is plain in a string: a quote and a backslash would end or escape it, a control character breaks the line. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what has to be escaped
const SPECIAL = /["\\\u0000-\u001f\u007f-\u009f\u2028\u2029]/g;

/**
 * A text as a string literal. Names come from a tenant's cloud, where anybody who may name a machine could otherwise write
 * a piece of the query. https://learn.microsoft.com/kusto/query/scalar-data-types/string
 */
export function quoted(text: string): string {
  return `"${text.replaceAll(SPECIAL, escaped)}"`;
}

function escaped(character: string): string {
  if (character === '"' || character === '\\') return `\\${character}`;
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** The virtual machines of a region, those of flexible scale sets among them. */
export function machinesQuery(region: string): string {
  return [
    'resources',
    `| where type =~ "microsoft.compute/virtualmachines" and location =~ ${quoted(region)}`,
    '| project id, name, tags, size = tostring(properties.hardwareProfile.vmSize),',
    '    power = tostring(properties.extended.instanceView.powerState.code),',
    '    scaleSet = tostring(properties.virtualMachineScaleSet.id),',
    '    availabilitySet = tostring(properties.availabilitySet.id)',
    '| order by id asc',
  ].join('\n');
}

/**
 * The instances of a region's uniform scale sets, which is what the nodes of AKS are. They are no virtual machines to
 * Azure: another table, another metric namespace. They go by the name that their operating system has.
 */
export function instancesQuery(region: string): string {
  return [
    'computeresources',
    '| where type =~ "microsoft.compute/virtualmachinescalesets/virtualmachines"',
    `    and location =~ ${quoted(region)}`,
    '| project id, name = tostring(properties.osProfile.computerName), tags, size = tostring(sku.name),',
    '    power = tostring(properties.extended.instanceView.powerState.code),',
    '    scaleSet = tostring(split(id, "/virtualMachines/")[0]), availabilitySet = ""',
    '| order by id asc',
  ].join('\n');
}

/**
 * Memory of a machine's processes, in bytes: all that go by one name are one. Windows numbers them ("node#1"). A total is
 * recorded once each time that the agent looks; where there is none, the agent is taken to look once a minute.
 */
export function processesQuery(host: Resource, span: MeanSpan): string {
  return [
    'let records = Perf',
    `| where ${during(span)}`,
    `| where ${recordedBy(host)}`,
    '| where ObjectName == "Process" and CounterName in ("Working Set", "Used Memory kBytes");',
    'let looks = records',
    '| summarize totals = countif(InstanceName in ("_Total", "total")),',
    `    minutes = count_distinct(bin(TimeGenerated, ${LOOKS_EVERY_S}s)) by ${period(span)}`,
    '| project time, looks = iff(totals > 0, totals, minutes);',
    'records',
    '| where InstanceName !in ("_Total", "total", "Idle")',
    '| extend name = replace_regex(InstanceName, @"#\\d+$", ""), namespace = "",',
    '    bytes = CounterValue * iff(CounterName == "Used Memory kBytes", 1024, 1)',
    ...folded(span),
  ].join('\n');
}

/**
 * Memory of a node's pods, in bytes: the working sets of a pod's containers, added up. A container's instance name ends with
 * "/<pod's uid>/<container's name>", and an index from the end has to stand in parentheses.
 */
export function podsQuery(host: Resource, span: MeanSpan): string {
  return [
    'let pods = KubePodInventory',
    `| where ${during(span)}`,
    `| where ${onNode(host)}`,
    '| summarize arg_max(TimeGenerated, Name, Namespace) by PodUid',
    '| project PodUid, name = Name, namespace = Namespace;',
    'let records = Perf',
    `| where ${during(span)}`,
    `| where ${onNode(host)}`,
    '| where ObjectName == "K8SContainer" and CounterName == "memoryWorkingSetBytes";',
    'let looks = records',
    `| summarize looks = count_distinct(bin(TimeGenerated, ${LOOKS_EVERY_S}s)) by ${period(span)};`,
    'records',
    '| extend PodUid = tostring(split(InstanceName, "/")[(-2)]), bytes = CounterValue',
    '| lookup kind=leftouter pods on PodUid',
    '| extend name = coalesce(name, PodUid)',
    ...folded(span),
  ].join('\n');
}

/**
 * Which counters of processes, and on a node of containers, the workspace has of a host, whatever they count: where there is no
 * memory by process, the answer distinguishes an agent that is missing from a rule that collects something else.
 */
export function countersQuery(host: Resource, span: MeanSpan): string {
  return [
    'Perf',
    `| where ${during(span)}`,
    `| where (${recordedBy(host)}) or (${onNode(host)})`,
    '| where ObjectName in ("Process", "K8SContainer") and InstanceName !in ("Idle")',
    '| extend instance = iff(ObjectName == "K8SContainer" or InstanceName !in ("_Total", "total"), "*", "_Total")',
    '| summarize records = count_distinct(TimeGenerated) by object = ObjectName, instance, counter = CounterName',
    '| project object, instance, counter',
    '| order by object asc, instance asc, counter asc',
  ].join('\n');
}

/**
 * What the agent records of a machine's used swap, as means: of Linux in MiB and in percent of it, of Windows the percent of all paging
 * files. https://learn.microsoft.com/azure/azure-monitor/metrics/metrics-opentelemetry-guest names those of Linux, and
 * https://msdn.microsoft.com/library/aa394270 (Win32_PerfFormattedData_PerfOS_PagingFile) the one of Windows.
 */
export function swapQuery(host: Resource, span: MeanSpan): string {
  return [
    'Perf',
    `| where ${during(span)}`,
    `| where ${recordedBy(host)}`,
    '| where (ObjectName == "Memory" and CounterName in ("Used MBytes Swap Space", "% Used Swap Space"))',
    '    or (ObjectName == "Paging File" and CounterName == "% Usage" and InstanceName == "_Total")',
    `| summarize value = avg(CounterValue) by counter = CounterName, ${period(span)}`,
    '| project counter, time, value',
    '| order by counter asc, time asc',
  ].join('\n');
}

/**
 * The seconds between two looks that agents are configured to take. What is recorded of one look may differ by milliseconds: no
 * time is compared, but what a period holds is added up and divided by how often the agent looked.
 */
const LOOKS_EVERY_S = 60;

/**
 * Bytes over looks, period by period. A process that was there at one look of fifteen counts with a fifteenth of its bytes,
 * so that a job which starts a hundred processes one after the other does not count as a hundred at once.
 */
function folded(span: MeanSpan): string[] {
  return [
    `| summarize bytes = sum(bytes) by name, namespace, ${period(span)}`,
    '| lookup kind=inner looks on time',
    '| project name, namespace, time, value = bytes / looks',
    '| order by name asc, namespace asc, time asc',
  ];
}

function period({ periodMs }: MeanSpan): string {
  return `time = bin(TimeGenerated, ${periodMs / 1000}s)`;
}

function during({ window }: MeanSpan): string {
  return `TimeGenerated >= ${datetime(window.start)} and TimeGenerated < ${datetime(window.end)}`;
}

function datetime(time: number): string {
  return `datetime(${new Date(time).toISOString()})`;
}

/**
 * Names are not unique in a workspace; a resource id is. An instance's records carry its scale set's id or its own, and the
 * names of sets begin alike ("web", "web-staging").
 */
function recordedBy(host: Resource): string {
  const [scaleSet, instance] = host.id.split('/virtualmachines/');
  if (instance === undefined || host.name === undefined || !scaleSet?.includes('/virtualmachinescalesets/')) {
    return `_ResourceId =~ ${quoted(host.id)}`;
  }
  const ofSet = `_ResourceId =~ ${quoted(scaleSet)} or _ResourceId startswith ${quoted(`${scaleSet}/`)}`;
  return `(${ofSet}) and ${computer(host.name)}`;
}

/** What Container insights records belongs to the cluster: the node is found by its name, which is unique in a subscription. */
function onNode({ account, name = '' }: Resource): string {
  return `_SubscriptionId =~ ${quoted(account)} and ${computer(name)}`;
}

/** Agents give the host name with its domain or without. */
function computer(name: string): string {
  return `(Computer =~ ${quoted(name)} or Computer startswith ${quoted(`${name}.`)})`;
}
