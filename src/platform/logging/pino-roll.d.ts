// The package has no types of its own; only what is used here is described.
declare module 'pino-roll' {
  import type { EventEmitter } from 'node:events';

  interface RollOptions {
    file: string;
    extension?: string;
    frequency?: 'daily' | 'hourly';
    dateFormat?: string;
    size?: string;
    limit?: { count: number; removeOtherLogFiles?: boolean };
    mkdir?: boolean;
    mode?: number;
  }

  interface RollingFile extends EventEmitter {
    write(line: string): boolean;
    end(): void;
    flushSync(): void;
  }

  export default function roll(options: RollOptions): Promise<RollingFile>;
}
