/**
 * Files under public/ are addressed as /assets/<hash of public>/<path>. The hash is in the path and not in a query, so that
 * modules and style sheets that name each other relatively get the version too, and everything may be cached for a year.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import express, { type Router } from 'express';

/** `/assets/1f2e3d4c/css/base.css`. */
export const assetPath = (assetVersion: string, file: string): string => `/assets/${assetVersion}/${file}`;

/** Hash over names and contents of every file under `publicFolder`; read once at start. */
export function assetVersionOf(publicFolder: string): string {
  const hash = createHash('sha256');
  const visit = (folder: string): void => {
    // Names only: in the packaged program a folder gives no more than those.
    for (const name of readdirSync(folder).sort()) {
      const file = path.join(folder, name);
      if (statSync(file).isDirectory()) visit(file);
      else if (!name.startsWith('.')) hash.update(path.relative(publicFolder, file)).update(readFileSync(file));
    }
  };
  visit(publicFolder);
  return hash.digest('hex').slice(0, 12);
}

/**
 * Serves /assets/<version>/…. A page of an older version may still ask for its own files after an upgrade: it gets today's
 * file, but only the current version is marked immutable.
 */
export function assetRoutes(publicFolder: string, assetVersion: string): Router {
  const router = express.Router();
  const lasting = express.static(publicFolder, { immutable: true, maxAge: '365d', index: false, fallthrough: true });
  const passing = express.static(publicFolder, { maxAge: 0, index: false, fallthrough: true });
  router.use('/assets/:version', (request, response, next) => {
    (request.params['version'] === assetVersion ? lasting : passing)(request, response, next);
  });
  return router;
}
