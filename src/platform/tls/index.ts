export { commonName, covers, daysLeft, isPubliclyTrusted, keyFits, namesOf, readChain } from './certificate-facts';
export { type LiveCertificate, openLiveCertificate } from './live-certificate';
export { machineNames, type NameSources, type ServerNames } from './machine-names';
export {
  ensureOwnCertificate,
  type OwnCertificateOptions,
  ownCertificateFiles,
  type OwnCertificateState,
} from './own-certificate';
export { createRedirectServer } from './redirect';
export { sendsHsts } from './hsts';
