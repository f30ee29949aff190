export { isGoodEnough, limitsOf, type Measured } from './domain/connection';
export { lastConnections, type NotedConnection } from './queries/connections';
