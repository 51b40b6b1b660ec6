/** The counterfactual as a slider: the verdict of the detector, had the host grown by so much. It runs in the browser. */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { HostMemoryView } from '../../../api/contract/hosts.ts';
import { formatGrowth, formatShare } from '../../../core/messages/units.ts';
import { Empty, Failure, Loading } from '../../components/states.tsx';
import { Text } from '../../components/text.tsx';
import { Moment } from '../../components/time.tsx';
import { asApiError } from '../../data/api-error.ts';
import type { Read } from '../../data/use-answer.ts';
import type * as Detector from '../../what-if.ts';
import { Part } from './part.tsx';

export function WhatIfPanel({ memory }: { memory: Read<HostMemoryView> }) {
  const { value, reading } = memory;
  return (
    <Part id="what-if" title="What if it had grown by more, or less">
      {value === undefined && (reading ? <Loading rows={3} label="Reading the samples" /> : <NotRead />)}
      {value !== undefined && <Loaded key={value.readAt} memory={value} />}
    </Part>
  );
}

function NotRead() {
  return <Empty title="The samples were not read">The detector needs all of them. See the curve above for why.</Empty>;
}

type Chunk = typeof Detector;

/** The detector is loaded when the panel comes near the screen. */
function Loaded({ memory }: { memory: HostMemoryView }) {
  const panel = useRef<HTMLDivElement>(null);
  const [chunk, setChunk] = useState<Chunk | undefined>(undefined);
  const [error, setError] = useState<unknown>(undefined);
  const [isNear, setNear] = useState(false);
  useEffect(() => {
    const element = panel.current;
    if (element === null) return undefined;
    const seen = new IntersectionObserver(
      (entries) => {
        if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
        seen.disconnect();
        setNear(true);
        import('../../what-if.ts').then(setChunkOf(setChunk), setError);
      },
      { rootMargin: '400px' },
    );
    seen.observe(element);
    return () => seen.disconnect();
  }, []);
  const range = useMemo(() => chunk?.rangeOf(memory), [chunk, memory]);
  const isReproduced = useMemo(() => chunk?.isReproduced(memory) === true, [chunk, memory]);
  return (
    <div class="what-if" ref={panel}>
      {error !== undefined && <Failure error={asApiError(error)} />}
      {!isNear && <p class="muted">The detector is loaded when this part comes into view.</p>}
      {error === undefined && chunk === undefined && isNear && <Loading rows={3} label="Loading the detector" />}
      {chunk !== undefined && range === undefined && <NoVerdict memory={memory} />}
      {chunk !== undefined && range !== undefined && !isReproduced && <NotReproduced memory={memory} />}
      {chunk !== undefined && range !== undefined && isReproduced && (
        <Slider memory={memory} chunk={chunk} range={range} />
      )}
    </div>
  );
}

/** A module in a state would be called as an update of it. */
function setChunkOf(set: (update: () => Chunk) => void) {
  return (loaded: Chunk) => set(() => loaded);
}

function NoVerdict({ memory: { detail } }: { memory: HostMemoryView }) {
  return (
    <Empty title="There is no verdict to turn">
      <Text value={detail ?? 'The host has too few samples.'} length={500} />
    </Empty>
  );
}

/** What votes know is not in the browser; what the read itself found is. */
function NotReproduced({ memory: { counterfactual, unit, verdict } }: { memory: HostMemoryView }) {
  return (
    <Empty title="More than its samples decided">
      {counterfactual !== null && `${turnText(counterfactual.turnsAt, unit, verdict)} `}
      Others voted on this host, and what they know is not read in the browser: no other growth can be tried here.
    </Empty>
  );
}

interface SliderProps {
  readonly memory: HostMemoryView;
  readonly chunk: Chunk;
  readonly range: Detector.WhatIfRange;
}

/** Positions of the slider. */
const STEPS = 200;
/** Growths at which the track is coloured. */
const SCANNED = 41;

function Slider({ memory, chunk, range }: SliderProps) {
  const growthAt = (step: number) => range.low + ((range.high - range.low) * step) / STEPS;
  const stepOf = (growth: number) => Math.round(((growth - range.low) / (range.high - range.low)) * STEPS);
  const own = stepOf(range.measured);
  const [step, setStep] = useState(own);
  // The measured growth itself, not the position next to it.
  const growth = step === own ? range.measured : growthAt(step);
  const answer = useMemo(() => chunk.whatIf(memory, growth), [chunk, memory, growth]);
  const scan = useScan(chunk, memory, range);
  const turnsAt = memory.counterfactual?.turnsAt;
  const share = (value: number) => `${((value - range.low) / (range.high - range.low)) * 100}%`;
  return (
    <>
      <p class="what-if-answer" aria-live="polite">
        {answerText(answer, memory)}
        {answer.fullAt !== null && answer.reported && (
          <>
            {' '}
            Full <Moment at={new Date(answer.fullAt).toISOString()} show="both" />.
          </>
        )}
      </p>
      <div class="what-if-slider">
        <Track scan={scan} />
        <input
          type="range"
          min={0}
          max={STEPS}
          step={1}
          value={step}
          aria-label="Growth per hour"
          aria-valuetext={formatGrowth(growth, memory.unit)}
          onInput={({ currentTarget }) => setStep(Number(currentTarget.value))}
        />
        <span class="what-if-mark" style={{ left: share(range.measured) }}>
          <span class="what-if-mark-text">measured</span>
        </span>
        {turnsAt !== undefined && turnsAt >= range.low && turnsAt <= range.high && (
          <span class="what-if-mark what-if-turn" style={{ left: share(turnsAt) }} />
        )}
      </div>
      <div class="what-if-ends">
        <span>{formatGrowth(range.low, memory.unit)}</span>
        <span>{formatGrowth(range.high, memory.unit)}</span>
      </div>
      <div class="ranges">
        <button type="button" class="button button-small" onClick={() => setStep(own)}>
          Measured: {formatGrowth(range.measured, memory.unit)}
        </button>
        {turnsAt !== undefined && (
          <button type="button" class="button button-small" onClick={() => setStep(stepOf(turnsAt))}>
            Turns at {formatGrowth(turnsAt, memory.unit)}
          </button>
        )}
      </div>
      <p class="remark-plain">
        {turnsText(scan, memory)} A straight line is added to the samples of the last {Math.round(range.hours)} h, and
        the detector of this version evaluates them again here, in the browser.
      </p>
    </>
  );
}

function answerText(
  { growthPerHour, verdict, grade, confidence, reported }: Detector.WhatIf,
  memory: HostMemoryView,
): string {
  const had = `Had it grown ${formatGrowth(growthPerHour, memory.unit)}, it would `;
  if (confidence === null) return `${had}have too few samples: ${verdict.replaceAll('_', ' ')}.`;
  const sure = `confidence ${formatShare(confidence)}, ${formatShare(memory.requiredConfidence)} are required`;
  return reported ? `${had}be reported: ${grade}, ${sure}.` : `${had}not be reported: steady, ${sure}.`;
}

/** Evaluates growths one after another, in tasks of their own, so that the page answers meanwhile. */
function useScan(chunk: Chunk, memory: HostMemoryView, range: Detector.WhatIfRange): readonly Detector.WhatIf[] {
  const [answers, setAnswers] = useState<readonly Detector.WhatIf[]>([]);
  useEffect(() => {
    const left = chunk.growthsOf(range, SCANNED);
    const found: Detector.WhatIf[] = [];
    let timer = setTimeout(function next() {
      const growth = left.shift();
      if (growth === undefined) {
        setAnswers(found);
        return;
      }
      found.push(chunk.whatIf(memory, growth));
      timer = setTimeout(next, 0);
    }, 0);
    return () => clearTimeout(timer);
  }, [chunk, memory, range]);
  return answers;
}

function Track({ scan }: { scan: readonly Detector.WhatIf[] }) {
  return (
    <span class="what-if-track" aria-hidden="true">
      {scan.map(({ growthPerHour, reported, grade }) => (
        <span key={growthPerHour} class={reported ? `track-${grade}` : 'track-steady'} />
      ))}
    </span>
  );
}

function turnsText(scan: readonly Detector.WhatIf[], { counterfactual, unit, verdict }: HostMemoryView): string {
  if (counterfactual !== null) {
    return turnText(counterfactual.turnsAt, unit, verdict);
  }
  if (scan.length === 0) return '';
  return scan.some(({ reported }) => reported) ? '' : 'No growth within the range would have been reported.';
}

function turnText(turnsAt: number, unit: HostMemoryView['unit'], verdict: HostMemoryView['verdict']): string {
  const growth = formatGrowth(turnsAt, unit);
  return verdict === 'leaking'
    ? `Below ${growth} it would not have been reported.`
    : `From ${growth} on it would have been reported.`;
}
