/** What every dialog of an action is given. */
import type { IncidentView } from '../../../api/contract/incidents.ts';

export interface ActionsProps {
  readonly incident: IncidentView;
  /** After an action that was done: reads again what it changed. */
  readonly onDone: () => void;
  /** After an inspection of its host: reads the samples again too. */
  readonly onInspected: () => void;
}

export interface ActionDialogProps extends ActionsProps {
  readonly onClose: () => void;
}
