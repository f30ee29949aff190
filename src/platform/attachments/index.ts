export { attachmentRoutes, mayReadContent } from './attachment-routes';
export {
  type AttachmentCommand,
  attachmentsOf,
  getAttachment,
  MAX_ATTACHMENT_BYTES,
  openAttachment,
  removeAttachment,
  saveAttachment,
} from './attachments';
export { clearOrphans } from './clear-orphans';
export { type NewFile, type Papers, paperRoutes } from './paper-routes';
export { sniffType } from './file-types';
export { attachmentsModel } from './attachments-model';
export { type FileStore, openFileStore } from './file-store';
