/** Actions of a person: one at a time, with a notice of how it went. */
import { useState } from 'preact/hooks';
import { notify } from '../../components/toast.tsx';
import { asApiError } from '../../data/api-error.ts';

/** Resolves to whether it was done. */
export type Run = (done: string, failed: string, act: () => Promise<unknown>) => Promise<boolean>;

/** @param onDone After an action that was done: reads again what it changed. */
export function useAction(onDone: () => void): { run: Run; isRunning: boolean } {
  const [isRunning, setRunning] = useState(false);
  const run: Run = async (done, failed, act) => {
    setRunning(true);
    try {
      await act();
      notify(done);
      onDone();
      return true;
    } catch (error) {
      notify(`${failed} ${asApiError(error).message}`, 'bad');
      return false;
    } finally {
      setRunning(false);
    }
  };
  return { run, isRunning };
}
