/** The commands by which a person answers a message, as they are pasted into a shell. */
import { shellWord } from './explain-command.ts';
import { asciiText } from './plain-text.ts';

/** Stops further reminders, and lets others know that somebody is at it. */
export function acknowledgeCommand(incident: string): string {
  return `npx plimsoll incidents ack ${word(incident)} --stage NAME`;
}

/** For growth that is expected: nothing is sent about it for a week, and it stays visible. */
export function muteCommand(incident: string): string {
  return `npx plimsoll incidents mute ${word(incident)} --for 7d --reason "expected" --stage NAME`;
}

/** For a false alarm: look-alikes of it are held back. */
export function falsePositiveCommand(incident: string): string {
  return `npx plimsoll incidents label ${word(incident)} false-positive --reason "WHY" --stage NAME`;
}

/** Lists what happened near it. */
export function relatedCommand(incident: string): string {
  return `npx plimsoll incidents related ${word(incident)} --stage NAME`;
}

function word(incident: string): string {
  return shellWord(asciiText(incident));
}
