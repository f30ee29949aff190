import { type Config, loadConfig } from '../platform/config';

export interface ServerOptions {
  port?: string | undefined;
  host?: string | undefined;
  config?: string | undefined;
}

/** The configuration with what the command line says on top. Throws ConfigError for a port that is none. */
export function loadServerConfig({ port, host, config }: ServerOptions): Config {
  const env = {
    ...process.env,
    ...(port === undefined ? {} : { ERP_SERVER_PORT: port }),
    ...(host === undefined ? {} : { ERP_SERVER_HOST: host }),
  };
  return loadConfig({ file: config, env });
}
