import { attachmentsModel, attachmentsOf, mayReadContent } from '../../../platform/attachments';
import type { Ctx } from '../../../platform/http';
import type { Attachments } from '../../../platform/views';
import type { ChangeView } from '../queries/change-page';
import { CHANGE_FILES, changeFilesRule } from '../use-cases/change-files';
import { changeHref } from './change-words';

/** Photographs and papers that say why. */
export async function changeFilesCard(ctx: Ctx, change: ChangeView): Promise<Attachments> {
  const files = await attachmentsOf(ctx.read, CHANGE_FILES, change.id);
  const action = `${changeHref(change.id)}/attachments`;
  const upload = change.works ? { action, hint: ctx.t('inventory:change.files.hint') } : null;
  return attachmentsModel(ctx, files, upload, (file) =>
    mayReadContent(ctx.actor, changeFilesRule, file, change.storeId),
  );
}
