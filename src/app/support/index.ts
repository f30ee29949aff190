export { bundleFiles, bundleName, type BundleSources, bundleZip } from './bundle';
export {
  createContact,
  getContact,
  keepContacts,
  listContacts,
  removeContact,
  SUPPORT_BUNDLE,
  SUPPORT_DIAGNOSE,
  SUPPORT_MANAGE,
  updateContact,
} from './contacts';
export { type SupportContactRow } from './support-contact.table';
