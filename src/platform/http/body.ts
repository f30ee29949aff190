import { mkdirSync } from 'node:fs';
import type { Request, RequestHandler, Response } from 'express';
import express from 'express';
import multer from 'multer';
import { invalid } from '../../kernel';
import type { Config } from '../config';
import { HttpFault } from './faults';
import type { Route, UploadedFile } from './route';

const FORM_BYTES = 4 * 1024 * 1024;
/** A receipt of a thousand lines with a dozen fields each. */
const MOST_FIELDS = 20_000;

const urlencoded = express.urlencoded({ extended: false, limit: FORM_BYTES, parameterLimit: MOST_FIELDS });
const jsonBody = express.json({ limit: FORM_BYTES, strict: true });

/** Reads the body of a POST as its route allows; throws 4xx errors. Called only after the right to call the route was checked. */
export async function readBody(route: Route, request: Request, response: Response, config: Config): Promise<void> {
  const type = request.headers['content-type'] ?? '';
  if (/^multipart\//i.test(type)) {
    if (!route.upload) throw new HttpFault(415, 'bad-request');
    await readUpload(route.upload, request, response, config);
    return;
  }
  await run(/^application\/json/i.test(type) ? jsonBody : urlencoded, request, response);
}

async function readUpload(
  limits: NonNullable<Route['upload']>,
  request: Request,
  response: Response,
  config: Config,
): Promise<void> {
  const folder = limits.folder?.(config);
  if (folder !== undefined) mkdirSync(folder, { recursive: true, mode: 0o700 });
  const parse = multer({
    storage: folder === undefined ? multer.memoryStorage() : multer.diskStorage({ destination: folder }),
    defParamCharset: 'utf8',
    limits: {
      fileSize: limits.maxBytes,
      files: limits.maxFiles,
      fieldSize: FORM_BYTES,
      fields: MOST_FIELDS,
      parts: MOST_FIELDS + limits.maxFiles,
      fieldNameSize: 200,
      headerPairs: 50,
    },
  }).any();
  try {
    await run(parse, request, response);
  } catch (error) {
    if (error instanceof multer.MulterError && error.code.startsWith('LIMIT_'))
      throw new HttpFault(413, 'too-large', { limit: `${Math.round((limits.maxBytes / 1024 / 1024) * 10) / 10} MB` });
    // Anything else that the parser throws is a body that is broken or was cut off.
    throw new HttpFault(400, 'bad-request');
  }
  const refused =
    limits.extensions && filesOf(request).find((file) => !hasExtension(file.name, limits.extensions ?? []));
  if (refused)
    throw invalid('errors:upload.type', { name: refused.name, allowed: limits.extensions?.join(' ') }, [
      {
        path: refused.field,
        code: 'errors:upload.type',
        details: { name: refused.name, allowed: limits.extensions?.join(' ') },
      },
    ]);
}

const hasExtension = (name: string, extensions: readonly string[]): boolean =>
  extensions.some((extension) => name.toLowerCase().endsWith(`.${extension}`));

function run(handler: RequestHandler, request: Request, response: Response): Promise<void> {
  return new Promise((resolve, reject) => {
    void handler(request, response, (error?: unknown) =>
      error === undefined || error === null
        ? resolve()
        : reject(error instanceof Error ? error : new Error(String(error))),
    );
  });
}

/** The uploaded files; an empty file field of a form is not one of them. */
export function filesOf(request: Request): UploadedFile[] {
  const files = Array.isArray(request.files) ? request.files : [];
  return files
    .filter((file) => file.size > 0 || file.originalname !== '')
    .map((file) => ({
      field: file.fieldname,
      name: cleanName(file.originalname),
      type: file.mimetype,
      content: file.buffer ?? Buffer.alloc(0),
      ...(file.path ? { file: file.path } : {}),
    }));
}

/** The last part of a path of either kind, without control characters, at most 120 characters. */
function cleanName(name: string): string {
  const last = name.split(/[\\/]/).at(-1) ?? '';
  return last.replace(/[\u0000-\u001f\u007f\u202a-\u202e\u2066-\u2069]/g, '').slice(-120) || 'file';
}

/** Fields of the form without the token; JSON bodies that are no object count as empty. */
export function fieldsOf(request: Request): Record<string, unknown> {
  const body: unknown = request.body;
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return {};
  return Object.fromEntries(Object.entries(body).filter(([name]) => name !== '_csrf'));
}
