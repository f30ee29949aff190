export type { BackupTargetConfig } from './backup-schema';
export { loadConfig, type Config, type ConfigSources, type TlsConfig } from './load-config';
export { maskedConfig, maskUrl } from './masked-config';
export { ConfigError, type ConfigProblem } from './problems';
