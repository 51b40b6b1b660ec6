/** What the API makes of a text that is not stored: asked when the typing pauses. */
import { useEffect, useState } from 'preact/hooks';
import type { PreviewView } from '../../../api/contract/config.ts';
import { useTenant } from '../../components/tenant.ts';
import { type ApiError, asApiError } from '../../data/api-error.ts';
import { useSource } from '../../data/use-answer.ts';

export interface PreviewState {
  /** Of the text, or of the one before it while that is checked. */
  readonly value: PreviewView | undefined;
  readonly error: ApiError | undefined;
  readonly isChecking: boolean;
}

interface Checked {
  readonly text: string | undefined;
  readonly value?: PreviewView;
  readonly error?: ApiError;
}

const PAUSE_MS = 400;

/** @param isDocument A text that is none is not sent: the page knows what is wrong with it. */
export function usePreview(text: string, isDocument: boolean): PreviewState {
  const source = useSource();
  const { tenant } = useTenant();
  const [checked, setChecked] = useState<Checked>({ text: undefined });
  useEffect(() => {
    if (!isDocument) return undefined;
    const abort = new AbortController();
    const check = async () => {
      const options = { body: { text }, signal: abort.signal };
      try {
        const value = await source.send('post', '/tenants/{tenant}/config/preview', { tenant }, options);
        if (!abort.signal.aborted) setChecked({ text, value });
      } catch (error) {
        if (!abort.signal.aborted) setChecked({ text, error: asApiError(error) });
      }
    };
    const timer = setTimeout(() => void check(), PAUSE_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [source, tenant, text, isDocument]);
  return { value: checked.value, error: checked.error, isChecking: isDocument && checked.text !== text };
}
