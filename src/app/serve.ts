import type { Config } from '../platform/config';
import { openLogger } from '../platform/logging';
import { startBackground } from './background';
import { openProduct, type Product } from './product';
import { type RunningServer, runServer } from './run-server';

export interface ServeOptions {
  /** Log lines on the console as well; default: as configured. */
  stdout?: boolean;
  /** Before anybody is served: a first run fills the database here. */
  prepare?: (product: Product) => Promise<void>;
}

export interface Serving {
  url: string;
  product: Product;
  /** No new work, finish what is under way, close everything. */
  stop: () => Promise<void>;
  /** Resolves when that was done, whoever asked for it. */
  stopped: Promise<void>;
}

/** Opens the product and serves it until `stop` is called. Nothing stays open when it fails to start. */
export async function serve(config: Config, { stdout, prepare }: ServeOptions = {}): Promise<Serving> {
  const { logger, close: closeLog } = await openLogger({ ...config.logging, stdout: stdout ?? config.logging.stdout });
  let product: Product | undefined;
  let server: RunningServer;
  try {
    product = await openProduct(config, logger);
    await prepare?.(product);
    server = await runServer(product.app, config, logger);
  } catch (error) {
    await product?.close();
    await closeLog();
    throw error;
  }
  const background = startBackground(product.services, product.app);
  const close = async (): Promise<void> => {
    await server.stop();
    await background.stop();
    logger.info('stopped');
    await product.close();
    await closeLog();
  };
  let tell: () => void;
  const stopped = new Promise<void>((resolve) => (tell = resolve));
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopping ??= close().finally(() => tell()));
  return { url: server.url, product, stop, stopped };
}

/** SIGTERM and SIGINT stop in order; a second signal of an impatient operator ends the process at once. */
export function stopOnSignals({ stop, stopped }: Serving): void {
  const signals = ['SIGTERM', 'SIGINT'] as const;
  let asked = false;
  const onSignal = (): void => {
    if (asked) process.exit(1);
    asked = true;
    void stop();
  };
  for (const signal of signals) process.on(signal, onSignal);
  void stopped.finally(() => signals.forEach((signal) => process.off(signal, onSignal)));
}
