/** All versions of a config: when, by whom, what each changed; an old one can be taken up again. */
import { useCallback, useState } from 'preact/hooks';
import { DiffView } from '../../components/diff-view.tsx';
import { Panel } from '../../components/panel.tsx';
import { Empty, Failure, Loading, Remote } from '../../components/states.tsx';
import { useTenant } from '../../components/tenant.ts';
import { Text } from '../../components/text.tsx';
import { Moment } from '../../components/time.tsx';
import { notify } from '../../components/toast.tsx';
import { diffOf } from '../../config/text-diff.ts';
import { asApiError } from '../../data/api-error.ts';
import type { AnswerOf, RouteAt } from '../../data/routes.ts';
import { useReading, useSource } from '../../data/use-answer.ts';
import { usePages } from '../../data/use-pages.ts';
import { useEditor } from './use-editor.ts';

const FIRST_READ = 100;

type VersionPage = AnswerOf<RouteAt<'get', '/tenants/{tenant}/config/versions'>>;
type Version = VersionPage['items'][number];

export function Versions({ onRestored }: { onRestored: () => void }) {
  const source = useSource();
  const { tenant } = useTenant();
  const { newest } = useEditor();
  const read = useCallback(
    (cursor: string | undefined, signal: AbortSignal) =>
      source.get('/tenants/{tenant}/config/versions', { tenant }, { query: { cursor }, signal }),
    // A version that was stored meanwhile is on a list that is read anew.
    [source, tenant, newest.view.version],
  );
  const { items, error, reading, hasMore, more, reload } = usePages<Version, VersionPage>(read, { most: FIRST_READ });
  const [opened, setOpened] = useState<number>();
  if (error !== undefined && items.length === 0) return <Failure error={error} retry={reload} />;
  if (reading && items.length === 0) return <Loading rows={8} />;
  if (items.length === 0)
    return <Empty title="There is no version">The first config that is stored is the first.</Empty>;
  return (
    <Panel title="Versions">
      <ol class="versions">
        {items.map(({ version, putAt, putBy }) => (
          <li key={version}>
            <div class="version">
              <strong>{version}</strong>
              <Moment at={putAt} show="both" />
              <span class="version-by muted">
                {putBy === null ? 'author not recorded' : <Text value={putBy} length={120} />}
              </span>
              <span class="inline">
                <button
                  type="button"
                  class="button button-small"
                  aria-expanded={opened === version}
                  onClick={() => setOpened(opened === version ? undefined : version)}
                >
                  What it changed<span class="visually-hidden">, version {version}</span>
                </button>
                <Restore version={version} onRestored={onRestored} />
              </span>
            </div>
            {opened === version && <VersionDiff version={version} />}
          </li>
        ))}
      </ol>
      {hasMore && (
        <div class="panel-body">
          <button type="button" class="button button-small" onClick={more}>
            Show older ones
          </button>
        </div>
      )}
    </Panel>
  );
}

const ONE = '/tenants/{tenant}/config/versions/{version}';

/** What a version differs in from the one before it; the first from nothing. */
function VersionDiff({ version }: { version: number }) {
  const source = useSource();
  const { tenant } = useTenant();
  const read = useCallback(
    async (signal: AbortSignal) => {
      const textOf = async (one: number) => (await source.get(ONE, { tenant, version: String(one) }, { signal })).yaml;
      const [after, before] = await Promise.all([textOf(version), version === 1 ? '' : textOf(version - 1)]);
      return diffOf(before, after);
    },
    [source, tenant, version],
  );
  const answer = useReading(read);
  return (
    <div class="version-diff">
      <Remote answer={answer} rows={4}>
        {(lines) => <DiffView lines={lines} label={`What version ${version} changed`} />}
      </Remote>
    </div>
  );
}

/** Takes an old version up as what is edited: it is reviewed and stored as any other change. */
function Restore({ version, onRestored }: { version: number; onRestored: () => void }) {
  const source = useSource();
  const { tenant } = useTenant();
  const { newest, mayEdit, isChanged, continueWith } = useEditor();
  if (!mayEdit || version === newest.view.version) return null;
  const restore = async () => {
    try {
      const { yaml } = await source.get(ONE, { tenant, version: String(version) });
      continueWith(yaml);
      notify(`Version ${version} is in the form. Review and save it.`);
      onRestored();
    } catch (error) {
      notify(asApiError(error).message, 'bad');
    }
  };
  return (
    <button
      type="button"
      class="button button-small"
      disabled={isChanged}
      title={isChanged ? 'Save or discard your changes first' : undefined}
      onClick={() => void restore()}
    >
      Restore…<span class="visually-hidden"> version {version}</span>
    </button>
  );
}
