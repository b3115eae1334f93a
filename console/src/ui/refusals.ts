// Which fields of a form the server refused.
import { useEffect, useRef, type RefObject } from 'react';
import { ApiError, type FieldProblem } from '@/api/errors';
import { useFailureText, useFieldText } from './failure';

/**
 * `places` are the JSON pointers that the form has fields for. A refused field belongs to the place it is or lies under
 * (`/allowed_addresses/0` to `/allowed_addresses`), the innermost if there are several; `unplaced` is what none of them has.
 */
export function placed(fields: readonly FieldProblem[], places: readonly string[]): { at: ReadonlyMap<string, FieldProblem>; unplaced: FieldProblem | undefined } {
  const at = new Map<string, FieldProblem>();
  let unplaced: FieldProblem | undefined;
  for (const field of fields) {
    const [place] = places.filter((one) => field.pointer === one || field.pointer.startsWith(`${one}/`)).sort((a, b) => b.length - a.length);
    if (place === undefined) unplaced ??= field;
    else if (!at.has(place)) at.set(place, field);
  }
  return { at, unplaced };
}

interface Refusals {
  at: (place: string) => string | undefined;
  codeAt: (place: string) => string | undefined;
  /** What has no place: the form says it itself. */
  rest: string | undefined;
}

/** `placed`, in words. */
export function useRefusals(error: unknown, places: readonly string[]): Refusals {
  const failureText = useFailureText();
  const fieldText = useFieldText();
  const fields = error instanceof ApiError ? error.fields : [];
  const { at, unplaced } = placed(fields, places);
  const rest = unplaced ? fieldText(unplaced) : error && fields.length === 0 ? failureText(error) : undefined;
  return {
    at: (place) => {
      const field = at.get(place);
      return field && fieldText(field);
    },
    codeAt: (place) => at.get(place)?.code,
    rest,
  };
}

/** The form's first faulty field is brought into view and takes the focus; `tries` is another after each try that failed. */
export function useFaultInView(...tries: unknown[]): RefObject<HTMLFormElement | null> {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    const field = form.current?.querySelector<HTMLElement>('[aria-invalid=true]');
    if (field) field.focus();
    else form.current?.querySelector('[role=alert]')?.scrollIntoView({ block: 'center' });
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the list is the argument
  }, tries);
  return form;
}
