import { isDomainError } from '../../src/kernel';
import type { Text } from '../../src/platform/checks';
import type { Translate } from '../../src/platform/i18n';
import { Locked, StepFault } from '../engine';

export type Say = (text: Text) => string;

export const sayIn =
  (t: Translate): Say =>
  ({ key, values }) =>
    t(key, values);

/** A failure in words where there are any, else in those of the program that failed. */
export function sayError(error: unknown, say: Say): string {
  if (error instanceof StepFault) return error.texts.map(say).join(' ');
  if (error instanceof Locked)
    return say({
      key: 'setup:run.locked',
      values: { pid: error.holder?.pid ?? '?', since: error.holder?.since ?? '?' },
    });
  if (isDomainError(error))
    return [
      say({ key: error.code, values: error.details as Text['values'] & object }),
      ...error.fields.map(({ code, details }) => say({ key: code, values: details as Text['values'] & object })),
    ].join(' ');
  return error instanceof Error ? error.message : String(error);
}
