/**
 * Documents as versions 0.1.0 and 0.2.0 wrote them, in the fields of this version. What does not look as it did then is left as it is:
 * the shape of its item refuses it.
 */

type Fields = Readonly<Record<string, unknown>>;

/** The value as fields by name; undefined where it is a text, a list or nothing. */
export function asRecord(value: unknown): Fields | undefined {
  const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isRecord ? Object.fromEntries(Object.entries(value)) : undefined;
}

/** An incident. Its outbox was called `pending`, and held each event as a text of JSON. */
export function withCurrentFields(incident: Fields): Fields {
  // In 0.1.0 every incident was about a leak.
  const renamed = within(rename(incident, { pending: 'outbox' }), 'key', (key) => ({ ...key, finding: 'leak' }));
  return { ...renamed, outbox: asList(renamed['outbox'], (body) => withCurrentData(fromJson(body))) };
}

/**
 * An incident as 0.2.0 wrote it, whose outbox had bodies alone. It had one cycle an episode, and every change was sent at once. Who
 * acknowledged or owned it was not known.
 */
export function withUndecided(incident: Fields): Fields {
  const { since, asOf, status } = incident;
  return {
    ...incident,
    cycle: 1,
    cycleSince: since,
    openedAt: status === 'open' ? since : null,
    endedAt: status === 'closed' ? asOf : null,
    // Of one that goes on nothing better is known.
    lastChangeAt: status === 'closed' ? asOf : since,
    undecided: [],
    outbox: asList(incident['outbox'], (body) => outboxEntryOf(body, incident)),
    dropped: 0,
    // Its beginning was sent: so is its end.
    lastNotifiedAt: status === 'closed' ? null : since,
    acknowledged: null,
    owner: null,
    fleet: null,
  };
}

function outboxEntryOf(body: unknown, { changedAt }: Fields): unknown {
  const event = asRecord(body);
  const data = asRecord(event?.['data']);
  if (event === undefined || data === undefined) return body;
  const { transition: number, episode, kind, severity, since, leak, early } = data;
  const at = timeOf(event['time']);
  const change = {
    number,
    episode,
    kind,
    at,
    recordedAt: changedAt,
    severity,
    grade: asRecord(leak)?.['grade'] ?? null,
    cycles: { cycle: 1, firstAt: timeOf(since), lastedHours: [], reopened: false },
    ...(leak !== undefined && { leak }),
    ...(early !== undefined && { early }),
  };
  return { change, decision: SENT_BEFORE, body, dropped: null };
}

function timeOf(iso: unknown): unknown {
  return typeof iso === 'string' ? Date.parse(iso) : iso;
}

const SENT_BEFORE = {
  outcome: 'sent',
  stage: null,
  reason: 'every change was sent in the version that recorded it',
  page: true,
  receivers: [],
  until: null,
  fleet: null,
  runbook: null,
};

/** A run's summary. */
export function withCurrentRun(run: Fields): Fields {
  return within(run, 'hosts', (hosts) => rename(hosts, { uncovered: 'notMonitored' }));
}

/** An event that waits in an outbox. */
function withCurrentData(event: unknown): unknown {
  const fields = asRecord(event);
  return fields && within(fields, 'data', (data) => within({ finding: 'leak', ...data }, 'leak', withCurrentLeak));
}

function withCurrentLeak(leak: Fields): Fields {
  // In 0.1.0 every leak had `gates`.
  if (!Object.hasOwn(leak, 'gates')) return leak;
  const renamed = rename(leak, { judged: 'evaluated', gates: 'checks' });
  const checked = { ...renamed, checks: asList(renamed['checks'], withMessage) };
  const reasoned = within(checked, 'exhaustion', withReasonAsMessage);
  return within(reasoned, 'attribution', withCurrentAttribution);
}

function withReasonAsMessage(exhaustion: Fields): Fields {
  return exhaustion['kind'] === 'cannot_say' ? { message: exhaustion['reason'], ...exhaustion } : exhaustion;
}

function withCurrentAttribution(attribution: Fields): Fields {
  if (attribution['kind'] !== 'attributed') {
    const { reason } = attribution;
    return { ...rename(attribution, { says: 'message' }), reason: reason === 'not_asked' ? 'not_requested' : reason };
  }
  const grown = asList(attribution['grown'], withCollection);
  return within({ ...attribution, grown }, 'unexplained', withRemainder);
}

/** From when and until when a consumer was collected was said in words only. */
function withCollection(contribution: unknown): unknown {
  const fields = asRecord(contribution);
  return fields && { collectedFrom: null, collectedUntil: null, ...rename(fields, { says: 'message' }) };
}

/** What the remainder is was said in words only. */
function withRemainder(unexplained: Fields): Fields {
  const rise = asRecord(unexplained['rise'])?.['estimate'];
  const remainder = typeof rise === 'number' && rise < 0 ? 'counted_twice' : 'not_collected';
  return { remainder, ...rename(unexplained, { says: 'message' }) };
}

function withMessage(value: unknown): unknown {
  const fields = asRecord(value);
  return fields && rename(fields, { says: 'message' });
}

function within(fields: Fields, name: string, change: (inner: Fields) => Fields): Fields {
  const inner = asRecord(fields[name]);
  return inner === undefined ? fields : { ...fields, [name]: change(inner) };
}

function asList(value: unknown, change: (entry: unknown) => unknown): unknown {
  return Array.isArray(value) ? value.map(change) : value;
}

function rename(fields: Fields, names: Readonly<Record<string, string>>): Fields {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [renamed(name, names), value]));
}

function renamed(name: string, names: Readonly<Record<string, string>>): string {
  return Object.hasOwn(names, name) ? (names[name] ?? name) : name;
}

function fromJson(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
