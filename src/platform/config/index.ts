export { loadConfig, type Config, type ConfigSources } from './load-config';
export { maskedConfig, maskUrl } from './masked-config';
export { ConfigError, type ConfigProblem } from './problems';
