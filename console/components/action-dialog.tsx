/** A dialog that does one thing: while it is done its button waits, and what fails is stated in it. */
import type { ComponentChildren } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { type ApiError, asApiError } from '../data/api-error.ts';
import { Dialog } from './dialog.tsx';
import { focusFirstError } from './field.tsx';
import { Failure } from './states.tsx';

interface ActionDialogProps {
  readonly title: string;
  /** Of the button: `Disable`. */
  readonly action: string;
  /** Closes the dialog when it resolves. What it rejects with is shown. */
  readonly act: () => Promise<void>;
  /** False: the fields are wrong; each shows why, and the first gets the focus. */
  readonly check?: () => boolean;
  readonly onClose: () => void;
  /** Called with what `act` failed with; true: the dialog shows nothing of it. */
  readonly onFailure?: (error: ApiError) => boolean;
  readonly disabled?: boolean;
  readonly children: ComponentChildren;
}

export function ActionDialog({
  title,
  action,
  act,
  check,
  onClose,
  onFailure,
  disabled = false,
  children,
}: ActionDialogProps) {
  const [error, setError] = useState<ApiError>();
  const [isRunning, setRunning] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const run = async () => {
    setError(undefined);
    if (check?.() === false) {
      // The fields show what is wrong after the next render.
      requestAnimationFrame(() => form.current !== null && focusFirstError(form.current));
      return;
    }
    setRunning(true);
    try {
      await act();
      onClose();
    } catch (thrown) {
      const failure = asApiError(thrown);
      if (onFailure?.(failure) !== true) setError(failure);
      setRunning(false);
    }
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        ref={form}
        class="form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (!isRunning) void run();
        }}
      >
        {children}
        {error !== undefined && <Failure error={error} />}
        <div class="form-actions">
          <button type="button" class="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" class="button button-main" disabled={isRunning || disabled}>
            {isRunning ? `${action}…` : action}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
