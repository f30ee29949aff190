export { type ChecksumEntry, type ChecksumFinding, formatChecksums, parseChecksums } from './checksum-list';
export { filesBelow, sumOf, sumsOf } from './files';
export { installationAt, type Installation, pointLink, programOf, versionOfLink } from './installation';
export { payloadSignature, type PayloadState, verifyPayload } from './payload';
export { findKey, type ReleaseKey, releaseKeys, type SignatureState, signatureOf } from './signature';
export { type ReleaseFinding, type ReleaseReport, verifyRelease } from './verify-release';
