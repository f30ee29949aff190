import { notFound } from '../../kernel';
import { page, type Route } from '../../platform/http';
import { manual, searchManual } from './manual';

const TOPICS = ['slow', 'rights', 'import', 'search', 'scan', 'stores', 'language'] as const;

/** The manual, which is part of the product: contents with a search, and a page for each chapter. */
export const helpRoutes: readonly Route[] = [
  {
    method: 'get',
    path: '/help',
    access: 'public',
    handler: async ({ t, query, locale }) => {
      const chapters = manual(locale);
      const question = (query['q'] ?? '').slice(0, 100);
      return page('system/help', t('system:help.title'), {
        question,
        found: question.trim() ? searchManual(chapters, question) : null,
        chapters: chapters.map(({ slug, title, summary }) => ({ href: `/help/${slug}`, title, summary })),
        topics: TOPICS,
      });
    },
  },
  {
    method: 'get',
    path: '/help/:chapter',
    access: 'public',
    handler: async ({ t, params, locale }) => {
      const chapters = manual(locale);
      const index = chapters.findIndex(({ slug }) => slug === params['chapter']);
      const chapter = chapters[index];
      if (!chapter) throw notFound('system.chapter', params['chapter'] ?? '');
      const link = (at: number) => {
        const other = chapters[at];
        return other ? { href: `/help/${other.slug}`, label: other.title } : null;
      };
      const { title, sections, html } = chapter;
      const model = {
        head: { title, crumbs: [{ href: '/help', label: t('system:help.title') }] },
        sections: sections.map(({ anchor, title: label }) => ({ href: `#${anchor}`, label })),
        html,
        previous: link(index - 1),
        next: link(index + 1),
      };
      return page('system/help-chapter', title, model);
    },
  },
];
