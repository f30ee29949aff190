export { sealAudit } from './seal-audit';
export { type ChainFinding, type ChainReport, verifyAuditChain } from './verify-chain';
