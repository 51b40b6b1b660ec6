/** The state of a form whose fields show what is wrong after the first attempt to send it. */
import { useState } from 'preact/hooks';
import type { Checked } from '../mark-forms.ts';

interface FormState<Form, Body, Field extends string> {
  readonly form: Form;
  readonly change: (part: Partial<Form>) => void;
  /** What the fields show: nothing before the first attempt. */
  readonly issues: { readonly [Name in Field]?: string };
  /** Undefined where the form is wrong. */
  readonly body: Body | undefined;
  /** An attempt to send it: whether it may be sent. */
  readonly attempt: () => boolean;
}

export function useForm<Form extends object, Body, Field extends string>(
  initial: Form,
  check: (form: Form) => Checked<Body, Field>,
): FormState<Form, Body, Field> {
  const [form, setForm] = useState(initial);
  const [isAttempted, setAttempted] = useState(false);
  const { body, issues } = check(form);
  return {
    form,
    change: (part) => setForm({ ...form, ...part }),
    issues: isAttempted ? issues : {},
    body,
    attempt: () => {
      setAttempted(true);
      return body !== undefined;
    },
  };
}
