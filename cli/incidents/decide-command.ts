/** The commands of `plimsoll incidents` by which people decide something, and `plimsoll label`: what they take. */
import { Argument, type Command, InvalidArgumentError, Option } from 'commander';
import type { Answer } from '../../core/incidents/answer.ts';
import { FINDING_KINDS } from '../../core/model/metrics.ts';
import { PATTERN_NAMES } from '../../core/model/verdict.ts';
import type { CommandContext } from '../context.ts';
import { addDeploymentOptions, withDeployment } from '../deployment.ts';
import type { Finish } from '../exit-code.ts';
import { addExamples, addHelpNote, type Example } from '../help.ts';
import { parseDuration, parseTenantId, parseTime } from '../option-values.ts';
import { UsageError } from '../usage-error.ts';
import type { AnswerOptions } from './answer.ts';
import type { HostLabelOptions, IncidentLabelOptions, LabelsOptions } from './label.ts';
import type { MuteOptions, MutesOptions } from './mute.ts';
import { addIncidentOptions, INCIDENT, type Parent } from './options.ts';
import type { TakeBackOptions } from './take-back.ts';

/** What `label` takes for incidents, and for hosts. */
const INCIDENT_LABELS = ['false-positive', 'true-positive'] as const;
const HOST_LABELS = ['known-leak', 'normal-period'] as const;

const EXAMPLES_OF = {
  ack: [['plimsoll incidents ack 3f9a12c4 --note "on it" --stage prod', 'reminders and escalation stop']],
  unack: [['plimsoll incidents unack 3f9a12c4 --stage prod', 'reminders go on']],
  owner: [
    ['plimsoll incidents owner web-1 "team payments" --stage prod', 'a team takes care of it'],
    ['plimsoll incidents owner web-1 --nobody --stage prod', 'nobody does any more'],
  ],
  note: [
    ['plimsoll incidents note 3f9a12c4 "grows since the release of Monday" --stage prod', 'for whoever comes next'],
  ],
  mutes: [['plimsoll incidents mutes --active --tenant acme --stage prod', 'what holds messages of a tenant back now']],
  unmute: [['plimsoll incidents unmute m-1a2b3c4d --stage prod', 'by the id that `incidents mutes` shows']],
  labels: [['plimsoll incidents labels --tenant acme --stage prod', 'what was stated about hosts and incidents']],
  unlabel: [
    ['plimsoll incidents unlabel l-1a2b3c4d --reason "a leak" --stage prod', 'by the id that `incidents labels` shows'],
  ],
  mute: [
    ['plimsoll incidents mute web-1 --for 7d --reason "expected" --stage prod', 'one incident, for a week'],
    [
      'plimsoll incidents mute --tenant acme --group "batch-*" --until 2026-12-01 --reason "migration" --stage prod',
      'all hosts of some groups',
    ],
  ],
  label: [
    ['plimsoll incidents label web-1 false-positive --reason "a cache that fills" --stage prod', 'of its host'],
    [
      'plimsoll incidents label web-1 false-positive --group --reason "a cache that fills" --stage prod',
      'of all hosts of its group',
    ],
  ],
  labelHost: [
    [
      'plimsoll label db-1 normal-period --tenant acme --from 2026-11-20 --to 2026-11-23 --reason "import" --stage prod',
      'growth that was planned',
    ],
    [
      'plimsoll label "batch-*" known-leak --group --tenant acme --reason "JIRA-1" --stage prod',
      'of all hosts of groups',
    ],
  ],
} satisfies Readonly<Record<string, readonly Example[]>>;

export function addAnswers(parent: Parent): void {
  const ack = answerCommand(parent, 'ack', 'let others know that somebody is at it: reminders and escalation stop');
  ack.option('--note <text>', 'what others should know', parseText);
  onAnswer(ack, parent, ({ note = null }) => ({ kind: 'acknowledged', note }));
  onAnswer(answerCommand(parent, 'unack', 'take an acknowledgement back'), parent, () => ({ kind: 'unacknowledged' }));
  const owner = answerCommand(parent, 'owner', 'name who takes care of it');
  owner.argument('[name]', 'a person or a team', parseText).option('--nobody', 'nobody does any more');
  onAnswer(owner, parent, ({ nobody }, name) => {
    if ((name === undefined) !== (nobody === true))
      throw new UsageError('Give the name of a person or a team, or --nobody.');
    return { kind: 'owner', owner: name ?? null };
  });
  const note = answerCommand(parent, 'note', 'write something into its log').argument('<text>', 'the note', parseText);
  onAnswer(note, parent, (_options, text = '') => ({ kind: 'note', note: text }));
}

type AnswerName = 'ack' | 'unack' | 'owner' | 'note';

function answerCommand({ incidents, context }: Parent, name: AnswerName, summary: string): Command {
  const command = incidents.command(name).summary(summary).argument('<incident>', INCIDENT);
  return addExamples(command, EXAMPLES_OF[name], context);
}

interface AnswerValues extends AnswerOptions {
  readonly note?: string;
  readonly nobody?: boolean;
}

function onAnswer(
  command: Command,
  { context, finish }: Parent,
  answerOf: (options: AnswerValues, text: string | undefined) => Answer,
): void {
  addIncidentOptions(command).action(async (name: string, ...values: unknown[]) => {
    const text = typeof values[0] === 'string' ? values[0] : undefined;
    const options = command.opts<AnswerValues>();
    const answer = answerOf(options, text);
    const { giveAnswer } = await import('./answer.ts');
    finish(await giveAnswer(name, answer, options, await withDeployment(options, context)));
  });
}

export function addMutes(parent: Parent): void {
  addMute(parent);
  addTakeBack(parent, 'unmute', 'end a mute now');
  const { incidents, context, finish } = parent;
  const command = incidents
    .command('mutes')
    .summary('list mutes, those that have expired too')
    .option('--active', 'without those that have expired')
    .action(async (options: MutesOptions) => {
      const { listMutes } = await import('./mute.ts');
      finish(await listMutes(options, await withDeployment(options, context)));
    });
  addExamples(addIncidentOptions(command, 'print one JSON object a line'), EXAMPLES_OF.mutes, context);
}

function addMute({ incidents, context, finish }: Parent): void {
  const command = incidents
    .command('mute')
    .argument('[incident]', INCIDENT)
    .summary('send nothing about an incident, or about some hosts, for a while')
    .description(
      'Sends nothing about an incident, or about the hosts that the options name, until a time. What happens meanwhile is recorded, and what still grows at the end is sent then.',
    )
    .option('--for <duration>', 'for so long, for example 7d', parseDuration)
    .option('--until <time>', 'until this time', parseTime)
    .requiredOption('--reason <text>', 'why', parseText)
    .option('--host <pattern>', 'id or name of hosts; * and ? stand for what differs')
    .option('--group <pattern>', 'name of groups')
    .option('--account <pattern>', 'id of accounts')
    .option('--region <pattern>', 'name of regions')
    .option('--label <key=pattern>', 'a label of hosts; several: give it again', parseLabel)
    .option('--consumer <pattern>', 'the process, pod or container that grew most')
    .addOption(new Option('--pattern <name>', 'the shape of the growth').choices(PATTERN_NAMES))
    .addOption(new Option('--finding <kind>', 'the kind of finding').choices(FINDING_KINDS))
    .action(async (name: string | undefined, options: MuteOptions) => {
      const { muteCommand } = await import('./mute.ts');
      finish(await muteCommand(name, options, await withDeployment(options, context)));
    });
  addExamples(addIncidentOptions(command), EXAMPLES_OF.mute, context);
}

export function addLabels(parent: Parent): void {
  const { incidents, context, finish } = parent;
  const command = incidents
    .command('label')
    .argument('<incident>', INCIDENT)
    .addArgument(new Argument('<label>', 'what it was').choices(INCIDENT_LABELS))
    .summary('state that an incident was false, or real')
    .description(
      'States that an incident was a false alarm, which holds back look-alikes of it (printed), or a real one. It is kept with the incident as evidence.',
    )
    .requiredOption('--reason <text>', 'why', parseText)
    .option('--group', 'look-alikes of all hosts of its group, and not only of its host')
    .action(async (name: string, kind: (typeof INCIDENT_LABELS)[number], options: IncidentLabelOptions) => {
      const { labelIncident } = await import('./label.ts');
      finish(await labelIncident(name, kind, options, await withDeployment(options, context)));
    });
  addExamples(addIncidentOptions(command), EXAMPLES_OF.label, context);
  addTakeBack(parent, 'unlabel', 'take a label back');
  const list = incidents
    .command('labels')
    .summary('list labels')
    .action(async (options: LabelsOptions) => {
      const { listLabels } = await import('./label.ts');
      finish(await listLabels(options, await withDeployment(options, context)));
    });
  addExamples(addIncidentOptions(list, 'print one JSON object a line'), EXAMPLES_OF.labels, context);
}

function addTakeBack({ incidents, context, finish }: Parent, name: 'unmute' | 'unlabel', summary: string): void {
  const command = incidents
    .command(name)
    .argument('<id>', `the id that \`incidents ${name.slice(2)}s\` shows`)
    .summary(summary)
    .option('--reason <text>', 'why, for the log', parseText)
    .action(async (id: string, options: TakeBackOptions) => {
      const actions = await import('./take-back.ts');
      finish(await actions[name](id, options, await withDeployment(options, context)));
    });
  addExamples(addIncidentOptions(command), EXAMPLES_OF[name], context);
}

/** `plimsoll label HOST|GROUP`: for what has no incident. */
export function addLabel(program: Command, context: CommandContext, finish: Finish): void {
  const command = program
    .command('label')
    .argument('<host>', 'id or name of a host, or with --group the name of a group; * and ? stand for what differs')
    .addArgument(new Argument('<label>', 'what it does').choices(HOST_LABELS))
    .summary('state that a host or group leaks as known, or grows as planned')
    .description(
      'States that a host or a group leaks as known, or grows as planned in some time: nothing is sent about that, and it is recorded as before. Incidents are labelled by `plimsoll incidents label`.',
    )
    .requiredOption('--tenant <id>', 'id of a tenant', parseTenantId)
    .requiredOption('--reason <text>', 'why', parseText)
    .option('--from <time>', 'from this time on', parseTime)
    .option('--to <time>', 'until this time', parseTime)
    .option('--group', 'the name is of a group')
    .option('--account <id>', 'only of this account')
    .option('--region <name>', 'only of this region')
    .option('--json', 'print one JSON object')
    .action(async (name: string, kind: (typeof HOST_LABELS)[number], options: HostLabelOptions) => {
      const { labelHost } = await import('./label.ts');
      finish(await labelHost(name, kind, options, await withDeployment(options, context)));
    });
  addExamples(addDeploymentOptions(command), EXAMPLES_OF.labelHost, context);
  addHelpNote(
    command,
    '`plimsoll incidents labels` lists labels, and `plimsoll incidents unlabel` takes one back.',
    context,
  );
}

/** Of a note, a name or a reason. */
function parseText(text: string): string {
  const trimmed = text.trim();
  if (trimmed !== '' && trimmed.length <= 500) return trimmed;
  throw new InvalidArgumentError('Give a text of 1 to 500 characters.');
}

/** Adds a label to those before it. */
function parseLabel(text: string, before: Readonly<Record<string, string>> = {}): Record<string, string> {
  const [, key, pattern] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  if (key !== undefined && pattern !== undefined) return { ...before, [key]: pattern };
  throw new InvalidArgumentError('Give KEY=PATTERN, for example env=prod.');
}
