/** Why an inspection gave no verdict at all, for whoever thought that it would. */
import { formatWindow } from '../../core/messages/times.ts';
import type { RunSummary } from '../../core/model/run.ts';
import { scopeText } from '../findings/wording.ts';
import type { Selection, Target } from '../source/targets.ts';

/** One sentence or two; undefined where some host was evaluated, and where what could not be read explains it. */
export function whyNothingEvaluated(
  runs: readonly RunSummary[],
  { targets, end }: Pick<Selection, 'targets' | 'end'>,
): string | undefined {
  const sum = (pick: (run: RunSummary) => number) => runs.reduce((total, run) => total + pick(run), 0);
  const evaluated = sum(({ verdicts }) => verdicts.confirmed + verdicts.suspected + verdicts.steady);
  const isFiltered = targets.some(({ filters }) => filters.length > 0);
  const isPartial = runs.some(({ outcome }) => outcome === 'partial');
  const isEmpty = sum(({ hosts }) => hosts.known) === 0;
  if (evaluated > 0 || (isPartial && !(isEmpty && isFiltered))) return undefined;
  if (isEmpty) return whyNoHost(targets, isFiltered);
  if (sum(({ hosts }) => hosts.inspected) === 0) return 'None of them reports its memory.';
  const windows = new Set(runs.map(({ window }) => formatWindow(window)));
  return `There is insufficient data in ${[...windows].join(' and ')}. ${ENDS[end]}`;
}

const ENDS: Readonly<Record<Selection['end'], string>> = {
  given: 'The window ends with --at.',
  'newest sample': 'The window ends with the newest sample of all files; --at ends it elsewhere.',
  now: 'The window ends now; --at ends it elsewhere.',
};

function whyNoHost(targets: readonly Target[], isFiltered: boolean): string {
  const locations = targets.map(({ source }) => scopeText(source.scope)).join(', ');
  const hasCloud = targets.some(({ source }) => source.scope.provider !== 'local');
  if (!isFiltered) {
    const isServer = targets.every(({ source }) => source.scope.provider === 'prometheus');
    if (isServer && targets.length > 0) {
      return `No host shows in ${locations}: plimsoll doctor states what the server has, with the same options.`;
    }
    return hasCloud
      ? `No host shows in ${locations}: are account and region the right ones?`
      : `There is no sample in ${locations}.`;
  }
  const hasAws = targets.some(({ source }) => source.scope.provider === 'aws');
  const names = hasAws ? ' Hosts of AWS are known by their id; few have a name.' : '';
  return `None passes the filters: --include, --exclude, and those of a tenant’s config.${names}`;
}
