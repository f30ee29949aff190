import { randomUUID } from 'node:crypto';
import type { FormState } from '../http';
import type { Field, FormErrors } from './components';

/** components/edit-form: the fields of one record, what is wrong with them, and the way out. */
export interface EditForm {
  action: string;
  /** Above the fields, when the whole was refused. */
  message: string | null;
  errors: FormErrors['errors'];
  fields: Field[];
  hidden: Record<string, string>;
  /** The verb on the button. */
  submit: string;
  cancelHref: string;
  /** Two columns on a wide screen. */
  columns: boolean;
  /** A second form of a page: its button is not the filled one. */
  plain: boolean;
}

export interface EditFormSpec {
  action: string;
  fields: readonly Field[];
  submit: string;
  cancelHref: string;
  /** Names of hidden fields, carried over from the form's values: version and the like. */
  hidden?: readonly string[];
  columns?: boolean;
  plain?: boolean;
}

/**
 * Fills a form's fields with what was typed (or with the record's values) and the messages beside them. Every form gets an
 * operation key, so that a double click or a repeated request does its work once.
 */
export function editForm(form: FormState, spec: EditFormSpec): EditForm {
  const labels = new Map(spec.fields.map(({ name, label }) => [name, label]));
  const { operationKey = randomUUID() } = form.values;
  const hidden: Record<string, string> = { operationKey };
  for (const name of spec.hidden ?? []) hidden[name] = form.values[name] ?? '';
  return {
    action: spec.action,
    message: Object.keys(form.problems).length === 0 ? form.message : null,
    errors: Object.entries(form.problems).map(([field, message]) => {
      const label = labels.get(field);
      return label === undefined ? { message } : { field, label, message };
    }),
    fields: spec.fields.map((field) => fillField(form, field)),
    hidden,
    submit: spec.submit,
    cancelHref: spec.cancelHref,
    columns: spec.columns ?? true,
    plain: spec.plain ?? false,
  };
}

function fillField(form: FormState, field: Field): Field {
  const typed = form.values[field.name];
  const error = form.problems[field.name];
  const filled: Field = field.type === 'checkbox' ? { ...field, checked: Boolean(typed) } : { ...field, value: typed ?? field.value ?? '' };
  return error === undefined ? filled : { ...filled, error };
}
