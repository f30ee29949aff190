import { type DomainError, isDomainError } from '../../../kernel';
import { type Ctx, page, type Reply } from '../../../platform/http';
import type { Confirm } from '../../../platform/views';

export function confirmPage(
  ctx: Ctx,
  confirm: Confirm,
  message: string | null = null,
  items: readonly string[] = [],
  status = 200,
): Reply {
  return page('purchasing/confirm', confirm.title, { confirm, message, items }, { status });
}

/** The message of an expected failure of a form without fields, or the failure itself when it is another. */
export function messageOf(ctx: Ctx, error: unknown): { status: number; title: string; items: string[] } {
  if (!isDomainError(error) || (error.status !== 422 && error.status !== 409)) throw error;
  const items = (error satisfies DomainError).fields.slice(0, 50).map((field) => ctx.t(field.code, field.details));
  return { status: error.status, title: ctx.t(error.code, error.details), items };
}
