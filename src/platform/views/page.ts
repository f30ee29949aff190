/**
 * What every template sees: one object called `page`. The web platform fills it for each request; `model` is the typed
 * page model of the view. Components are included with their own model and see the rest of the page unchanged:
 * `<%- include('/components/field', { model: { name: 'phone', label: page.t('crm:phone') } }) %>`.
 */
import type { Formatters } from './format';
import type { IconName } from './icon-names';

export type Locale = 'zh-CN' | 'en';
export type Theme = 'light' | 'dark';

/** One entry of the sidebar; `gap` starts a new group. */
export interface MenuItem {
  key: string;
  label: string;
  icon: IconName;
  href: string;
  current: boolean;
  gap?: boolean;
  children: { label: string; href: string; current: boolean }[];
}

export interface Flash {
  kind: 'ok' | 'bad';
  text: string;
  undo?: { href: string; label: string };
}

export interface Page<Model = unknown> {
  t: (key: string, variables?: Record<string, unknown>) => string;
  f: Formatters;
  /** Safe markup of one icon, printed with `<%-`. */
  icon: (name: IconName, className?: string) => string;
  locale: Locale;
  theme: Theme;
  title: string;
  csrfToken: string;
  /** Content hash of public/: part of every asset's address, see assetPath in ./assets. */
  assetVersion: string;
  version: string;
  edition: string;
  /** Path and query of this request, used to come back after switching store, theme or language. */
  path: string;
  user: { name: string; initials: string; roleNames: string } | null;
  stores: { id: number; name: string; current: boolean }[];
  currentStore: { id: number; name: string } | null;
  menu: MenuItem[];
  tabbar: { label: string; icon: IconName; href: string; current: boolean }[];
  alerts: { count: number; href: string };
  helpHref: string;
  /** The version whose news stands at the top of the page until it is put away; null: none. */
  news?: string | null;
  flash: Flash | null;
  /** Names of further public/css/<name>.css and public/js/<name>.mjs that this page needs. */
  styles?: string[];
  scripts?: string[];
  /** Where no script runs, the page is loaded again after so long. */
  refreshSeconds?: number;
  model: Model;
}

/** A layout sees the rendered view as `page.body` and prints it with `<%-`. */
export type LayoutPage<Model = unknown> = Page<Model> & { body: string };
