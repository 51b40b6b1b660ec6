/** Recordings: started and stopped, looked at, exported and deleted. */
import { isoText } from '../../core/model/notation.ts';
import type { Recording } from '../../core/model/recording.ts';
import type { StoredTenant } from '../../core/model/tenant.ts';
import type { RecordedHost } from '../../core/ports/recording-store.ts';
import { DAY_MS, endOfDay } from '../../core/recordings/days.ts';
import { exportedLines } from '../../core/recordings/export.ts';
import { type RecordedReader, readHistory } from '../../core/recordings/history.ts';
import { MOST_AHEAD_MS } from '../../core/recordings/retention.ts';
import {
  deleteRecording,
  findRecording,
  listRecordings,
  readerOf,
  startRecording,
  stopRecording,
} from '../../core/recordings/start-stop.ts';
import { EVALUATED_MS, type EvaluatedProcess, evaluateProcesses } from '../../core/recordings/verdicts.ts';
import { recordingSubject } from '../audit-subjects.ts';
import type { HandlersOf, TenantCall } from '../call.ts';
import { MOST_HOSTS_EVALUATED, MOST_MOMENTS } from '../contract/recordings.ts';
import { notFound, ProblemError } from '../problem.ts';
import { processSamplesView, recordedHostView, recordingView } from '../views/recordings.ts';

export const recordingHandlers: HandlersOf<
  | 'listRecordings'
  | 'startRecording'
  | 'getRecording'
  | 'readRecordingSamples'
  | 'stopRecording'
  | 'deleteRecording'
  | 'exportRecording'
> = {
  async listRecordings({ tenant, now }) {
    const recordings = await listRecordings(tenant.id, tenant.ports.recordings, now);
    return { items: recordings.map((one) => recordingView(one, now)) };
  },

  async startRecording({ tenant, body, principal, api, now, audit }) {
    const { from, to, ...selected } = body.selection;
    const selection = { ...selected, from: epochOf(from), to: epochOf(to) };
    const request = { tenant: tenant.id, name: body.name, selection, by: principal.name, random: api.newId() };
    const accounts = recordableAccounts(tenant.stored);
    const recording = await startRecording({ ...request, accounts }, tenant.ports, now);
    audit.subject = recordingSubject(body, recording.id);
    return recordingView(recording, now);
  },

  async getRecording({ tenant, params, query, now }) {
    const { recording, reader } = await opened(params.recording, tenant, now);
    const hosts = await reader.hosts(recording);
    if (query.host !== undefined) requireHost(query.host, hosts);
    const wanted = query.host === undefined ? hosts : hosts.filter(({ host }) => host === query.host);
    const evaluated = new Map<string, readonly EvaluatedProcess[]>();
    for (const host of wanted.slice(0, MOST_HOSTS_EVALUATED))
      evaluated.set(host.host, await evaluateHost(recording, host, reader));
    const views = hosts.map((host) => recordedHostView(host, evaluated.get(host.host) ?? null));
    return { ...recordingView(recording, now), hosts: views };
  },

  async readRecordingSamples({ tenant, params, query, now }) {
    const { recording, reader } = await opened(params.recording, tenant, now);
    const host = requireHost(query.host, await reader.hosts(recording));
    const start = epochOf(query.from ?? null) ?? recording.selection.from;
    const end = epochOf(query.to ?? null) ?? now + MOST_AHEAD_MS;
    const all = await readHistory(reader, { of: recording, host, window: { start, end } });
    const histories = all.filter(({ process }) => query.process === undefined || process.name === query.process);
    const moments = histories.reduce((sum, { live, archived }) => sum + live.length + archived.length, 0);
    if (moments > MOST_MOMENTS) throw tooMany(moments);
    const processes = histories.map(processSamplesView);
    return { host: query.host, from: isoText(start), to: isoText(end), processes };
  },

  async stopRecording({ tenant, params, principal, now }) {
    const { recording } = await opened(params.recording, tenant, now);
    return recordingView(await stopRecording(recording, principal.name, tenant.ports, now), now);
  },

  async deleteRecording({ tenant, params, principal, now }) {
    const { recording } = await opened(params.recording, tenant, now);
    await deleteRecording(recording, principal.name, tenant.ports, now);
    return undefined;
  },

  async exportRecording({ tenant, params, now }) {
    const { recording, reader } = await opened(params.recording, tenant, now);
    // Before the answer begins: what cannot be listed is a problem, and no answer that breaks off.
    const hosts = await reader.hosts(recording);
    return { body: exportedLines(recording, hosts, reader), filename: `recording-${recording.id}.ndjson` };
  },
};

interface Opened {
  readonly recording: Recording;
  readonly reader: RecordedReader;
}

/** Throws a 404 where there is no such recording, or it is being deleted. */
async function opened(id: string, { id: tenant, ports }: TenantCall, now: number): Promise<Opened> {
  const recording = await findRecording(tenant, id, ports.recordings, now);
  if (recording === undefined) throw notFound('such recording');
  return { recording, reader: readerOf(recording, ports.recorded, now) };
}

function requireHost(id: string, hosts: readonly RecordedHost[]): RecordedHost {
  const found = hosts.find(({ host }) => host === id);
  if (found === undefined) throw notFound('such host in the recording');
  return found;
}

/** The days that a verdict needs before the host's newest one. */
async function evaluateHost(
  recording: Recording,
  host: RecordedHost,
  reader: RecordedReader,
): Promise<readonly EvaluatedProcess[]> {
  const newestDay = [...host.liveDays.map(({ day }) => day), ...host.archivedDays].toSorted().at(-1);
  if (newestDay === undefined) return [];
  const end = endOfDay(newestDay);
  const window = { start: end - DAY_MS - EVALUATED_MS, end };
  return evaluateProcesses(await readHistory(reader, { of: recording, host, window }), recording.selection.everyS);
}

function tooMany(moments: number): ProblemError {
  const detail = `There are ${moments} samples, and an answer has ${MOST_MOMENTS} at the most. Name a process, or a shorter time by from and to; the export has all.`;
  return new ProblemError(422, detail, { kind: 'too-many' });
}

/** Accounts for which hosts send their samples themselves. */
function recordableAccounts({ config }: StoredTenant): string[] {
  return config.accounts.filter(({ provider }) => isSent(provider)).map(({ account }) => account);
}

function isSent(provider: string): boolean {
  return provider === 'otlp';
}

function epochOf(time: string | null): number | null {
  return time === null ? null : Date.parse(time);
}
