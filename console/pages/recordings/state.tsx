/** The state of a recording, in a word. */
import type { RecordingView } from '../../../api/contract/recordings.ts';
import { Badge } from '../../components/badge.tsx';

const TONES = { waiting: 'warning', running: 'good', ended: 'neutral' } as const;

export function RecordingState({ recording: { state, demo } }: { recording: RecordingView }) {
  return demo ? <Badge tone="info">demo</Badge> : <Badge tone={TONES[state]}>{state}</Badge>;
}
