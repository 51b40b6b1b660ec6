/** What a mute or a label is about, as a choice. */
import { plain } from '../../components/text.tsx';
import type { SubjectChoice } from './subject.ts';

interface SubjectFieldProps {
  readonly choices: readonly SubjectChoice[];
  readonly chosen: string;
  readonly onChoose: (id: string) => void;
}

export function SubjectField({ choices, chosen, onChoose }: SubjectFieldProps) {
  return (
    <fieldset class="choices">
      <legend>What it is about</legend>
      {choices.map(({ id, title }) => (
        <label key={id}>
          <input type="radio" name="subject" value={id} checked={chosen === id} onChange={() => onChoose(id)} />
          <bdi>{plain(title, 200)}</bdi>
        </label>
      ))}
    </fieldset>
  );
}
