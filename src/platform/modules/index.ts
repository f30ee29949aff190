export * from './manifest';
export type { OpenMatter, PersonalFile, PersonalPart } from './personal-file';
