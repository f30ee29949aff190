import { z } from 'zod';
import { emptyForm, fields, type FormState } from '../../platform/http';
import type { Field } from '../../platform/views';
import { ERASE_REASONS } from './person';

/** What is asked of who erases a person's data: why, the person's number as a second confirmation, and a tick. */
export const erasure = z.object({
  reason: z.enum(ERASE_REASONS).catch('request'),
  typedCode: fields.text,
  sure: fields.checkbox.refine((ticked) => ticked, 'privacy:error.sure'),
  operationKey: fields.operationKey,
});

export const emptyErasure = (): FormState => emptyForm({ reason: 'request' });

export const eraseFields = (
  t: (code: string) => string,
  { values, problems }: FormState,
  typeCode: string,
): Field[] => {
  const problem = (name: string) => (problems[name] === undefined ? {} : { error: problems[name] });
  return [
    {
      name: 'reason',
      label: t('privacy:reason.label'),
      type: 'select',
      choose: false,
      value: values['reason'] ?? '',
      options: ERASE_REASONS.map((value) => ({ value, label: t(`privacy:reason.${value}`) })),
    },
    {
      name: 'typedCode',
      label: typeCode,
      value: values['typedCode'] ?? '',
      ...problem('typedCode'),
      required: true,
      autocomplete: 'off',
      maxlength: 24,
    },
    {
      name: 'sure',
      label: t('privacy:sure'),
      type: 'checkbox',
      checked: (values['sure'] ?? '') !== '',
      ...problem('sure'),
      wide: true,
      required: true,
    },
  ];
};
