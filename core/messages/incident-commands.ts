/** The commands by which a person answers a message, as they are pasted into a shell. */
import { shellWord } from './explain-command.ts';
import { asciiText } from './plain-text.ts';

/** The stage of the deployment that sends a message; absent in bodies that were not published, and of the first versions. */
type Stage = string | undefined;

/** Names the deployment in a command. A reader of a body that has no stage puts the name in. */
export function stageOption(stage: Stage): string {
  return `--stage ${stage === undefined ? 'NAME' : word(stage)}`;
}

/** Stops further reminders, and lets others know that somebody is at it. */
export function acknowledgeCommand(incident: string, stage: Stage): string {
  return `npx plimsoll incidents ack ${word(incident)} ${stageOption(stage)}`;
}

/** For growth that is expected: nothing is sent about it for a week, and it stays visible. */
export function muteCommand(incident: string, stage: Stage): string {
  return `npx plimsoll incidents mute ${word(incident)} --for 7d --reason "expected" ${stageOption(stage)}`;
}

/** For a false alarm: look-alikes of it are held back. */
export function falsePositiveCommand(incident: string, stage: Stage): string {
  return `npx plimsoll incidents label ${word(incident)} false-positive --reason "WHY" ${stageOption(stage)}`;
}

/** Lists what happened near it. */
export function relatedCommand(incident: string, stage: Stage): string {
  return `npx plimsoll incidents related ${word(incident)} ${stageOption(stage)}`;
}

function word(text: string): string {
  return shellWord(asciiText(text));
}
