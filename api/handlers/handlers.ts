/** The handler of every route. */
import type { Handlers } from '../call.ts';
import { accessHandlers } from './access.ts';
import { answerHandlers } from './answers.ts';
import { hostMemoryHandlers } from './host-memory.ts';
import { incidentHandlers } from './incidents.ts';
import { markHandlers } from './marks.ts';
import { sessionHandlers } from './session.ts';

export const HANDLERS: Partial<Handlers> = {
  ...sessionHandlers,
  ...accessHandlers,
  ...incidentHandlers,
  ...answerHandlers,
  ...markHandlers,
  ...hostMemoryHandlers,
};
