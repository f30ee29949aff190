export { createRefusals, REFUSED, type Refusal, type Refusals, writeRefusals } from './refusals';
export { sealAudit } from './seal-audit';
export { type ChainFinding, type ChainReport, verifyAuditChain } from './verify-chain';
