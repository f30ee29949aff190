/** One thing that is wrong with the configuration, with the place where a person can mend it. */
export interface ConfigProblem {
  /** File name or "environment". */
  source: string;
  line?: number;
  column?: number;
  /** Dotted path of the key ("server.port") or the name of the environment variable. */
  key: string;
  message: string;
}

/** The configuration cannot be used. All problems at once, so that they are mended in one go. */
export class ConfigError extends Error {
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    super(problems.map(describe).join('\n'));
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

function describe({ source, line, column, key, message }: ConfigProblem): string {
  const place = line === undefined ? source : `${source}:${line}:${column ?? 1}`;
  return `${place}: ${key ? `${key}: ` : ''}${message}`;
}
