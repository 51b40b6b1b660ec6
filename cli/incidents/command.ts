/** `plimsoll incidents …` on the command line: what is looked at. What people decide stands in decide-command.ts. */
import { type Command, Option } from 'commander';
import { RELATIONS } from '../../core/incidents/related.ts';
import { SEVERITIES } from '../../core/model/finding.ts';
import type { CommandContext } from '../context.ts';
import { withDeployment } from '../deployment.ts';
import type { Finish } from '../exit-code.ts';
import { addExamples, addHelpNote, type Example } from '../help.ts';
import { parseDuration, parsePositive, parseTime } from '../option-values.ts';
import { addAnswers, addLabels, addMutes } from './decide-command.ts';
import type { EventsOptions } from './events.ts';
import type { ExportOptions } from './export.ts';
import type { ListOptions } from './list.ts';
import { addIncidentOptions, INCIDENT, type Parent, repeated } from './options.ts';
import type { RelatedOptions } from './related.ts';
import type { ShowOptions } from './show.ts';

const EXAMPLES: readonly Example[] = [
  ['plimsoll incidents list --stage prod', 'what is open, in all tenants, the most severe first'],
  [
    'plimsoll incidents show web-1 --stage prod',
    'the story of a host: its curve, what was sent, and what was held back',
  ],
  ['plimsoll incidents ack 3f9a12c4 --note "on it" --stage prod', 'let others know that somebody is at it'],
  ['plimsoll incidents mute 3f9a12c4 --for 7d --reason "rolled out on Monday" --stage prod', 'growth that is expected'],
  ['plimsoll incidents label 3f9a12c4 false-positive --reason "a cache" --stage prod', 'hold back its look-alikes'],
];

const EXAMPLES_OF = {
  list: [
    ['plimsoll incidents list --tenant acme --stage prod --severity critical --severity high', 'what is urgent'],
    ['plimsoll incidents list --tenant acme --stage prod --status all --host web-1', 'all that is known of a host'],
  ],
  show: [['plimsoll incidents show i-0a1b2c3d --stage prod', 'by the id of its host']],
  related: [
    ['plimsoll incidents related 3f9a12c4 --within 6h --by group --stage prod', 'others of its group within six hours'],
  ],
  events: [
    [
      'plimsoll incidents events --tenant acme --since 2026-11-20 --stage prod --json',
      'for a script: the log of a tenant',
    ],
    ['plimsoll incidents events web-1 --stage prod', 'all that happened to an incident'],
  ],
  export: [['plimsoll incidents export 3f9a12c4 --format ocsf --stage prod > finding.json', 'for a security lake']],
} satisfies Readonly<Record<string, readonly Example[]>>;

const NOTE =
  `INCIDENT is ${INCIDENT}. A message names the id. All commands read PLIMSOLL_TABLE; without --tenant, and where no id is given, ` +
  'PLIMSOLL_CONFIGS_TABLE too. Exit codes: 0 done, 1 error.';

const DEFAULT_LIMIT = 50;

export function addIncidents(program: Command, context: CommandContext, finish: Finish): void {
  const incidents = program
    .command('incidents')
    .summary('see what is open, why it was or was not notified of, and decide what becomes of it')
    .description('Shows incidents and their log, and takes what people decide about them.');
  const parent = { incidents, context, finish };
  addList(parent);
  addShow(parent);
  addRelated(parent);
  addAnswers(parent);
  addMutes(parent);
  addLabels(parent);
  addEvents(parent);
  addExport(parent);
  addHelpNote(addExamples(incidents, EXAMPLES, context), NOTE, context);
}

function addList({ incidents, context, finish }: Parent): void {
  const command = incidents
    .command('list')
    .summary('list incidents, the most severe first')
    .description('Lists incidents, those that are open first, the most severe first. It only reads.')
    .addOption(
      new Option('--status <status>', 'only of this status; several: give it again (default: open and suspected)')
        .choices(['suspected', 'open', 'watched', 'closed', 'all'])
        .argParser(repeated(['suspected', 'open', 'watched', 'closed', 'all'])),
    )
    .addOption(
      new Option('--severity <severity>', 'only of this severity; several: give it again')
        .choices(SEVERITIES)
        .argParser(repeated(SEVERITIES)),
    )
    .option('--account <id>', 'only of this account')
    .option('--group <name>', 'only of this group')
    .option('--host <id>', 'only of the host with this id or name')
    .option('--since <time>', 'changed at this time or later', parseTime)
    .option('--until <time>', 'changed before this time', parseTime)
    .option('--limit <n>', 'at most so many of each tenant', parsePositive, DEFAULT_LIMIT)
    .option('--cursor <cursor>', 'go on where an earlier list ended')
    .action(async (options: ListOptions) => {
      const { listIncidents } = await import('./list.ts');
      finish(await listIncidents(options, await withDeployment(options, context)));
    });
  addIncidentOptions(command, 'print one JSON object a line; the last ones have the cursors');
  addExamples(command, EXAMPLES_OF.list, context);
}

function addShow({ incidents, context, finish }: Parent): void {
  const command = incidents
    .command('show')
    .argument('<incident>', INCIDENT)
    .summary('show the story of an incident')
    .description(
      'Shows what an incident is, its curve, every change with what was sent or held back and why, who took it, the mutes and labels that touch it, and related ones. It only reads.',
    )
    .action(async (name: string, options: ShowOptions) => {
      const { showIncident } = await import('./show.ts');
      finish(await showIncident(name, options, await withDeployment(options, context)));
    });
  addExamples(addIncidentOptions(command), EXAMPLES_OF.show, context);
}

function addRelated({ incidents, context, finish }: Parent): void {
  const command = incidents
    .command('related')
    .argument('<incident>', INCIDENT)
    .summary('list what happened near an incident')
    .description(
      'Lists incidents of the same host, fleet, group, region or account that grew at the same time. It only reads.',
    )
    .option('--within <duration>', 'how far apart in time they may be (default: 24h)', parseDuration)
    .addOption(
      new Option('--by <relation>', 'only those that have this in common; several: give it again')
        .choices(RELATIONS)
        .argParser(repeated(RELATIONS)),
    )
    .option('--limit <n>', 'at most so many', parsePositive, DEFAULT_LIMIT)
    .action(async (name: string, options: RelatedOptions) => {
      const { printRelated } = await import('./related.ts');
      finish(await printRelated(name, options, await withDeployment(options, context)));
    });
  addExamples(addIncidentOptions(command, 'print one JSON object a line'), EXAMPLES_OF.related, context);
}

function addEvents({ incidents, context, finish }: Parent): void {
  const command = incidents
    .command('events')
    .argument('[incident]', `${INCIDENT}; without it the log of the tenant is shown`)
    .summary('show the log of an incident, or of a tenant')
    .description(
      'Shows the log, the latest entry first: what happened, what was decided about it, what was sent, and what people did. It only reads.',
    )
    .option('--since <time>', 'of a tenant: from this time on (default: 7 days ago)', parseTime)
    .option('--until <time>', 'of a tenant: before this time', parseTime)
    .option('--limit <n>', 'at most so many entries', parsePositive, DEFAULT_LIMIT)
    .option('--cursor <cursor>', 'go on where an earlier page ended')
    .action(async (name: string | undefined, options: EventsOptions) => {
      const { printEvents } = await import('./events.ts');
      finish(await printEvents(name, options, await withDeployment(options, context)));
    });
  addIncidentOptions(
    command,
    'print one JSON object a line, with the bodies that were sent; the last one has the cursor',
  );
  addExamples(command, EXAMPLES_OF.events, context);
}

function addExport({ incidents, context, finish }: Parent): void {
  const command = incidents
    .command('export')
    .argument('<incident>', INCIDENT)
    .summary('print an incident with its log as JSON, or as a finding of OCSF')
    .description(
      'Prints an incident for other programs: with its log as JSON, or as an OCSF Detection Finding. It only reads.',
    )
    .addOption(new Option('--format <format>', 'in which form').choices(['json', 'ocsf']).default('json'))
    .action(async (name: string, options: ExportOptions) => {
      const { exportIncident } = await import('./export.ts');
      finish(await exportIncident(name, options, await withDeployment(options, context)));
    });
  addExamples(addIncidentOptions(command, 'the default form'), EXAMPLES_OF.export, context);
}
