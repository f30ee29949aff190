export { createCsrfGuard } from './csrf';
export { permissionWords, safePath } from './error-handler';
export { emptyForm, flatten, type FormState, formState, nest, submit } from './form';
export type { Health } from './health';
export { file, type Flash, json, page, type PageOptions, redirect, type Reply } from './reply';
export type { Access, Ctx, Route, StoreChoice, UploadedFile } from './route';
export { endSession, rotateSession, startSession } from './session';
export type { Frame, FrameReader, Identity, MountedRoute, RequestOrigin, SignedIn, Site } from './site';
export { createWebApp, type WebAppOptions } from './web-app';
