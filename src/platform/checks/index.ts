export { type CertificateContext, certificateChecks } from './certificates/certificate-checks';
export { type Check, type CheckCategory, type CheckResult, type CheckStatus, type Text, text } from './check';
export { type DescribedCheck, describeReport } from './describe';
export { type HostFacts, hostFacts } from './host/facts';
export { hostChecks } from './host/host-checks';
export type { HostContext, Requirements } from './host/host-context';
export { storageChecks } from './host/storage-checks';
export { type NetworkContext, networkChecks } from './network/network-checks';
export { type CheckOutcome, type CheckReport, type RunOptions, runChecks } from './run-checks';
