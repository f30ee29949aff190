export { emptyForm, flatten, type FormState, formState, nest, submit } from './form';
export { file, type Flash, json, page, type PageOptions, redirect, type Reply } from './reply';
export type { Access, Ctx, Route, StoreChoice, UploadedFile } from './route';
