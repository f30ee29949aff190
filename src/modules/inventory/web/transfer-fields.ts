import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { type DomainError, isDomainError } from '../../../kernel';
import { type Ctx, page, type Reply } from '../../../platform/http';
import { type Confirm, type StatusLabel, stateLabel } from '../../../platform/views';
import type { TransferState } from '../domain/transfer-state';

export const transferHref = (id: number): string => `/inventory/transfers/${id}`;
export const newOperationKey = (): string => randomUUID();

export const idField = z
  .string()
  .regex(/^[1-9]\d{0,15}$/, 'errors:field.required')
  .transform(Number);
export const versionField = z
  .string()
  .regex(/^\d{1,9}$/, 'errors:field.invalid')
  .transform(Number);
export const operationKeyField = z
  .string()
  .regex(/^[\w.:-]{8,100}$/, 'errors:operation_key')
  .optional();
/** What every step of a transfer sends along. */
export const stepFields = z.object({ operationKey: operationKeyField, version: versionField });
export const textField = (max: number) =>
  z
    .string()
    .max(max * 4, 'errors:field.invalid')
    .optional()
    .default('');
/** Whole pieces; nothing typed is 0. */
export const piecesField = z
  .string()
  .optional()
  .default('')
  .transform((typed, context): number => {
    const plain = typed.normalize('NFKC').replace(/[\s,]/g, '');
    if (plain === '') return 0;
    if (/^\d{1,9}$/.test(plain)) return Number(plain);
    context.addIssue({ code: 'custom', message: 'inventory:error.transfer_count' });
    return z.NEVER;
  });

/** The state in words and colour; what is on the way has that of devices on the way. */
export function transferState({ t }: Pick<Ctx, 't'>, state: TransferState, withIcon = false): StatusLabel {
  const looks = {
    draft: 'draft',
    requested: 'open',
    approved: 'reserved',
    sent: 'inTransit',
    done: 'posted',
    rejected: 'failed',
    cancelled: 'cancelled',
  } as const;
  return { ...stateLabel(t, looks[state], withIcon), text: t(`inventory:transfer.state.${state}`) };
}

export function confirmPage(
  confirm: Confirm,
  message: string | null = null,
  items: readonly string[] = [],
  status = 200,
): Reply {
  return page('inventory/transfer-confirm', confirm.title, { confirm, message, items }, { status });
}

/** The message of an expected failure of a form without fields, or the failure itself when it is another. */
export function messageOf(ctx: Ctx, error: unknown): { status: number; title: string; items: string[] } {
  if (!isDomainError(error) || (error.status !== 422 && error.status !== 409)) throw error;
  const items = (error satisfies DomainError).fields.slice(0, 50).map((field) => ctx.t(field.code, field.details));
  return { status: error.status, title: ctx.t(error.code, error.details), items };
}
