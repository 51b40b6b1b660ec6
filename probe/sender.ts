/** Sends what is on disk, oldest first, and removes what has arrived. */
import { type Answer, outcomeOf, partialSuccessOf, reasonOf, sentOutcomeOf, waitAfter } from './answers.ts';
import type { Journal, Segment } from './journal.ts';
import type { Notices } from './notices.ts';
import type { Sweep } from './sweep.ts';

export interface SenderOptions {
  readonly journal: Journal;
  /** Never throws: a request without an answer has no status. */
  post(sweeps: readonly Sweep[]): Promise<Answer>;
  readonly notices: Notices;
  /** From 0 to 1. */
  readonly random: () => number;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

export interface Sender {
  /** @returns Milliseconds after which it is called again because something is left; 0 where all has arrived. */
  sendAll(): Promise<number>;
}

/**
 * Requests for one file that is refused: it is halved until the part is found that the receiver does not take. With more bad parts than
 * this allows, the rest is kept aside without a try.
 */
const MOST_REQUESTS = 32;

/** Until a file is read again that the disk did not give. */
const UNREAD_WAIT_MS = 300_000;

export function createSender({ journal, post, notices, random, now }: SenderOptions): Sender {
  let failures = 0;

  async function sendAll(): Promise<number> {
    let isAllRead = true;
    for (const segment of journal.segments()) {
      const sweeps = segment.sweeps();
      if (sweeps === undefined) {
        isAllRead = false;
        continue;
      }
      const result = await sendParts(sweeps, post);
      // What one file has of both is sent again with the file: the receiver takes a sample twice as one.
      if (result.failed !== undefined) return failed(result.failed);
      finish(segment, result);
    }
    failures = 0;
    notices.over('send', 'The receiver takes samples again.');
    return isAllRead ? 0 : UNREAD_WAIT_MS;
  }

  function finish(segment: Segment, { accepted, refused, why }: PartsResult): void {
    for (const answer of accepted) reportPartial(answer);
    if (refused.length > 0) {
      reportRefused(refused, why);
      segment.setAside(refused);
    }
    segment.remove();
  }

  function failed(answer: Answer): number {
    failures += 1;
    const isDenied = outcomeOf(answer) === 'denied';
    const next = isDenied
      ? 'Samples stay on disk, and are sent again every quarter of an hour: see to the token and the address'
      : 'Samples stay on disk until it takes them';
    notices.trouble(isDenied ? 'denied' : 'send', `Samples cannot be sent: ${reasonOf(answer)}. ${next}.`);
    return waitAfter(answer, failures, random(), now());
  }

  function reportPartial({ body }: Answer): void {
    const partial = partialSuccessOf(body);
    if (partial === undefined) return;
    notices.trouble('partial', `The receiver rejected ${partial.rejected} data points: ${partial.message}`);
  }

  function reportRefused(refused: readonly Sweep[], why: Answer | undefined): void {
    const reason = why === undefined ? '' : `: ${reasonOf(why)}`;
    notices.trouble('refused', `The receiver refuses ${refused.length} sweeps, which are kept aside${reason}.`);
  }

  return { sendAll };
}

interface PartsResult {
  readonly accepted: readonly Answer[];
  readonly refused: readonly Sweep[];
  /** Of the last part that was refused. */
  readonly why?: Answer;
  /** Why the sending ended before all parts were tried. */
  readonly failed?: Answer;
}

/** Sends sweeps as one request; where it is refused, as two halves, and so on down to single sweeps. */
async function sendParts(
  sweeps: readonly Sweep[],
  post: (sweeps: readonly Sweep[]) => Promise<Answer>,
): Promise<PartsResult> {
  const accepted: Answer[] = [];
  const refused: Sweep[] = [];
  let why: Answer | undefined;
  let parts: readonly (readonly Sweep[])[] = sweeps.length === 0 ? [] : [sweeps];
  for (let requests = 0; requests < MOST_REQUESTS; requests++) {
    const [part, ...others] = parts;
    if (part === undefined) break;
    const answer = await post(part);
    const outcome = sentOutcomeOf(answer);
    if (outcome === 'again' || outcome === 'denied') return { accepted, refused, failed: answer };
    if (outcome === 'accepted') accepted.push(answer);
    else why = answer;
    if (outcome === 'refused' && part.length === 1) refused.push(...part);
    parts = [...(outcome === 'refused' ? halvesOf(part) : []), ...others];
  }
  return { accepted, refused: [...refused, ...parts.flat()], ...(why && { why }) };
}

/** None of a single sweep. */
function halvesOf(sweeps: readonly Sweep[]): (readonly Sweep[])[] {
  const middle = Math.ceil(sweeps.length / 2);
  return sweeps.length < 2 ? [] : [sweeps.slice(0, middle), sweeps.slice(middle)];
}
