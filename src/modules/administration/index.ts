export { isGoodEnough, limitsOf, type Measured } from './domain/connection';
export { lastConnections, type NotedConnection } from './queries/connections';
export { type Finding, type FindingKind } from './domain/rights-findings';
export { rightsReport } from './queries/rights-report';
